"""Whoever leaves the city leaves nothing that says who he was, but what is named here."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import connection, models

from denizen.ground.chronicle.commands import declare_source, resolve_references
from denizen.ground.chronicle.kinds import community
from denizen.ground.chronicle.models import ExternalReference, Resident
from denizen.ground.identity.commands import Particulars
from denizen.ground.identity.constants import HOUSE, Permission
from denizen.ground.identity.models import InviteCode, User
from denizen.ground.identity.queries import export
from denizen.ground.identity.testing import a_resident, a_staff
from denizen.ground.ledger import commands as ledger
from denizen.ground.ledger.models import Account, Correction
from denizen.ground.ledger.testing import day
from denizen.kit import db
from denizen.people.growth import commands as growth
from denizen.people.growth.testing import behave
from denizen.people.standing import commands as standing
from tests.contracts.personal_data import CODES_ONLY, KEPT, Kept, personal_data_page

ROOT = Path(__file__).resolve().parents[2]
PERSONS = (Resident, User, Account)
WORDS = (models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField)
SIGN = "Zyxwvut"
"""A word that occurs in nothing but what Ada told, or was told about her."""


def tables_of_persons() -> set[str]:
    """Tables with a key of a resident, a sign-in or a wallet, or with words."""
    return {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if any(
            (isinstance(field, models.ForeignKey) and issubclass(field.related_model, PERSONS))
            or (isinstance(field, WORDS) and not field.choices)
            for field in model._meta.local_fields
        )
    }


def test_every_table_of_persons_has_an_answer() -> None:
    answered = [kept.table for kept in KEPT]

    assert len(answered) == len(set(answered))
    assert not set(answered) & CODES_ONLY
    assert tables_of_persons() - set(answered) - CODES_ONLY == set()
    assert (set(answered) | CODES_ONLY) <= {model._meta.db_table for model in apps.get_models()}


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.table)
def test_an_answer_is_a_function_or_a_reason(kept: Kept) -> None:
    for function in (kept.exported, kept.erased):
        module, _, name = function.partition(":")
        assert not function or callable(getattr(import_module(module), name))
    assert kept.why or (kept.exported and kept.erased)


def test_the_page_is_fresh() -> None:
    assert (ROOT / "docs" / "personal-data.md").read_text(encoding="utf-8") == personal_data_page(), (
        "run: python -m tests.contracts.personal_data > docs/personal-data.md"
    )


def tables_that_name_her() -> set[str]:
    """The whole database, searched row by row for the sign."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = set()
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE %s', [f"%{SIGN}%"])
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def a_life_with_words() -> int:
    """Ada has told of herself, and colleagues have written about her, everywhere they can."""
    told = Particulars(name=f"Ada {SIGN}", city=SIGN, city_tier=1, born_on=date(1990, 2, 28), about=f"I am {SIGN}")
    profile = a_resident(email=f"{SIGN}@lakeside.example", particulars=told)
    ada = profile.resident_id
    EmailAddress.objects.create(user=profile.user, email=f"{SIGN}@lakeside.example", primary=True, verified=True)
    odo = a_staff("Odo", permissions=tuple(Permission))
    InviteCode.objects.create(resident_id=ada, code=f"{SIGN}1".upper(), issued_at=day(1))
    ledger.open_budget(code="kindness", limited=False)
    why = f"Because {SIGN} helped a stranger on the road."
    ledger.grant(actor=odo, resident=ada, amount=9, reason=why, envelope="kindness", moment=day(1))
    lines = [ledger.CorrectedLine(resident=ada, slot=0, amount=3)]
    ledger.correct(actor=odo, lines=lines, reason=why, envelope="kindness", moment=day(2))
    standing.give_honour(actor=odo, resident=ada, title_en="Guide", title_zh="向导", reason=why, moment=day(2))
    shop = declare_source(code="shop", lateness_seconds_max=None)
    with db.opening():
        resolve_references(source=shop, refs=["ada"], create=True, now=day(2))
    ExternalReference.objects.create(source=shop, reference=f"crm-{SIGN}", resident_id=ada)
    behave(ada, community.CheckedIn(), day(30), key=f"{SIGN}-came-by")
    behave(ada, community.CheckInWithdrawn(original=f"{SIGN}-came-by"), day(31))
    late = behave(ada, community.CheckedIn(), day(3), source=declare_source(code="app", lateness_seconds_max=60))
    growth.dismiss(actor=odo, entry_id=late.entry_id, reason=why, moment=day(31))
    return ada


@pytest.mark.django_db
def test_whoever_is_erased_is_named_nowhere_but_where_we_say() -> None:
    ada = a_life_with_words()
    erased = {kept.table for kept in KEPT if kept.erased}
    open_gaps = {kept.table for kept in KEPT if kept.why.startswith("OPEN")}
    before = tables_that_name_her()

    growth.erase_resident(actor=HOUSE, resident=ada, moment=day(40))

    assert before - open_gaps <= erased
    assert {"identity_profile", "identity_user", "identity_invitecode", "account_emailaddress"} <= before
    assert tables_that_name_her() == open_gaps
    assert Correction.objects.count() == 1


@pytest.mark.django_db
def test_what_is_handed_out_holds_what_she_told() -> None:
    ada = a_life_with_words()

    told = str(export(ada))

    assert all(word in told for word in (f"Ada {SIGN}", f"I am {SIGN}", f"{SIGN}@lakeside.example", "1990-02-28"))
