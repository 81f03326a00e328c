"""The simulated city, with a dry run before everything that is reported to it: the same comes, and nothing stays."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import connection

from denizen.ground.chronicle.commands import record_checked
from denizen.ground.chronicle.kinds import SHAPES
from denizen.ground.chronicle.models import ExternalReference, Source
from denizen.ground.chronicle.schemas import check_entry
from denizen.kit import db
from denizen.kit.clock import from_micros
from denizen.people.growth.commands import rehearse as dry
from denizen.people.growth.pipeline import advance

from .engine import Engine
from .oracle import Happening

ROOMS = ("chronicle_", "identity_", "ledger_", "growth_", "standing_", "rulebook_")
NUMBERED = {
    "posting": ("ledger_posting", {"id", "posting_id", "reverses_id"}), "lot": ("ledger_lot", {"id", "lot_id"}),
    "place": ("growth_decision", {"place"}),
}  # fmt: skip


class RehearsingEngine(Engine):
    """Tries every batch before it is reported, and compares the trial with what then happens."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[dict[str, Any]] = []
        self.compared = 0

    def found(self, people: int, lateness: dict[str, int | None], moment: int, change: int) -> list[int]:
        residents = super().found(people, lateness, moment, change)
        ExternalReference.objects.bulk_create(
            ExternalReference(source=source, reference=f"r{resident}", resident_id=resident)
            for source in Source.objects.all()
            for resident in residents
        )
        return residents

    def record(self, code: str, batch: list[Happening], now: int, *, decide: bool = False) -> list[str]:
        raw, moment = [as_reported(each) for each in batch], from_micros(now)
        before = fingerprint()
        rehearsal = dry.rehearse(source=code, raw=raw, moment=moment)
        assert fingerprint() == before, "a dry run leaves everything as it was"
        verdicts = [check_entry(each, now=now) for each in raw]
        with db.opening():
            answers = record_checked(
                source=Source.objects.get(code=code), verdicts=verdicts, create_residents=False, now=moment,
                queue=not decide,
            )  # fmt: skip
            fresh = [answer.fresh for answer in answers if answer.fresh is not None and not answer.late]
            if decide:
                advance(fresh, moment=moment, tell=False)
        self.entries += [answer.entry_id or 0 for answer in answers if answer.status == "accepted"]
        tried = [(each.answer.status, each.answer.late, each.answer.differs) for each in rehearsal.tried]
        assert tried == [(answer.status, answer.late, answer.differs) for answer in answers]
        if decide:
            self._compare(self.seen[-1], picture_of_all())
        return ["late" if answer.late and answer.fresh else answer.status for answer in answers]

    def _compare(self, tried: dict[str, Any], real: dict[str, Any]) -> None:
        assert tried.keys() == real.keys()
        for table, rows in real.items():
            assert tried[table] == rows, table
        self.compared += 1


def as_reported(happening: Happening) -> dict[str, Any]:
    """A happening as the shop would send it: residents by its own references."""
    people = {field.name for field in SHAPES[happening.kind].fields if field.type == "resident"}
    payload = {
        name: f"r{value}" if name in people else value for name, value in happening.details.items() if value is not None
    }
    return {
        "kind": happening.kind, "resident": f"r{happening.who}", "occurred_at": from_micros(happening.at).isoformat(),
        "external_id": happening.key, "payload": payload,
    }  # fmt: skip


def fingerprint() -> dict[str, str]:
    """Every table of the database, row by row and version by version."""
    return {
        table: db.fetch(
            f"SELECT md5(coalesce(string_agg(each::text || each.xmin, '|' ORDER BY each.ctid), '')) FROM {table} each"
        )[0][0]
        for table in tables()
    }


def tables() -> list[str]:
    with connection.cursor() as cursor:
        return sorted(name for name in connection.introspection.table_names(cursor) if name.startswith(ROOMS))


def picture_of_all() -> dict[str, Any]:
    """Every row of the rooms, with numbers that only sequences make told by their order."""
    entries = dict(db.fetch("SELECT entry_id, external_id FROM chronicle_entrykey"))
    orders = {name: _order(table) for name, (table, _) in NUMBERED.items()}
    found = {}
    for table in tables():
        rows = [orjson.loads(row) for (row,) in db.fetch(f"SELECT row_to_json(each)::text FROM {table} each")]
        told = [_told(table, row, entries, orders) for row in rows]
        found[table] = sorted(orjson.dumps(row, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS) for row in told)
    return found


def _order(table: str) -> dict[int, int]:
    column = "place" if table == "growth_decision" else "id"
    return {number: place for place, (number,) in enumerate(db.fetch(f"SELECT {column} FROM {table} ORDER BY 1"))}


def _told(
    table: str, row: dict[str, Any], entries: dict[int, str], orders: dict[str, dict[int, int]]
) -> dict[str, Any]:
    told = dict(row)
    if table.startswith(("identity_", "standing_")):
        told.pop("id", None)  # of a range or a label: nothing refers to it
    for column, value in row.items():
        if column in {"entry_id", "undoes_id", "original_id"} or (table, column) == ("chronicle_entry", "id"):
            told[column] = entries.get(value, value)
        for name, (own, columns) in NUMBERED.items():
            if column in columns and (column != "id" or table == own) and (name != "place" or table == own):
                told[column] = orders[name].get(value, value)
    if isinstance(told.get("trace"), dict) and "undoes" in told["trace"]:
        told["trace"] = told["trace"] | {"undoes": entries[told["trace"]["undoes"]]}
    return told
