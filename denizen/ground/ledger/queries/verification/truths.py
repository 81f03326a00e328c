"""That the database still forbids what it should: constraints, indexes and triggers are there and switched on."""

from __future__ import annotations

from django.apps import apps
from django.db.models import UniqueConstraint

from denizen.ground.ledger.queries.verification.proof import Check

ARITHMETIC = (
    "ledger_account_id_is_arithmetic",
    "ledger_account_sign",
    "ledger_posting_one_asset",
    "ledger_posting_route",
    "ledger_posting_reverses_something",
)
"""Constraints the migrations write in SQL; those of the models are read from the models."""

TRIGGERS = (
    "ledger_posting_append_only",
    "ledger_lotuse_append_only",
    "ledger_holdlot_append_only",
    "ledger_correctionline_append_only",
    "ledger_reason_people",
    "ledger_postingreason_kept",
    "ledger_posting_reversal",
    "ledger_lot_origin",
    "ledger_hold_once",
    "ledger_correction_once",
    "ledger_account_kept",
    "ledger_lot_kept",
    "ledger_hold_kept",
    "ledger_correction_kept",
    "ledger_contributionhold_kept",
    "ledger_contributionhold_once",
)

CONSTRAINT_SQL = """
SELECT expected FROM unnest(%(names)s::text[]) AS expected
WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conname = expected AND convalidated
                  AND connamespace = current_schema()::regnamespace)
"""
INDEX_SQL = """
SELECT expected FROM unnest(%(names)s::text[]) AS expected
WHERE NOT EXISTS (SELECT FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
                  WHERE relname = expected AND indisunique AND indisvalid
                    AND relnamespace = current_schema()::regnamespace)
"""
TRIGGER_SQL = """
SELECT expected FROM unnest(%(names)s::text[]) AS expected
WHERE NOT EXISTS (SELECT FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
                  WHERE tgname = expected AND tgenabled IN ('O', 'A')
                    AND relnamespace = current_schema()::regnamespace)
"""


def truths() -> tuple[Check, ...]:
    """The checks of the catalogue. A function, because the models must be loaded."""
    declared = [
        constraint for model in apps.get_app_config("ledger").get_models() for constraint in model._meta.constraints
    ]
    conditional = [c.name for c in declared if isinstance(c, UniqueConstraint) and c.condition is not None]
    plain = [c.name for c in declared if c.name not in conditional]
    return (
        Check(
            "constraint",
            "The database has lost a constraint",
            "数据库缺少约束",
            CONSTRAINT_SQL,
            {"names": [*plain, *ARITHMETIC]},
        ),
        Check(
            "unique", "The database has lost a unique index", "数据库缺少唯一索引", INDEX_SQL, {"names": conditional}
        ),
        Check(
            "trigger",
            "A trigger is missing or switched off",
            "触发器缺失或被关闭",
            TRIGGER_SQL,
            {"names": list(TRIGGERS)},
        ),
    )
