"""A dry run says what would happen, and leaves nothing: every answer an entry can have, at the command line too."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from denizen.config.errands.rehearsing import UnableToTry, try_entries
from denizen.ground.chronicle.commands import declare_source, resolve_references
from denizen.ground.chronicle.kinds import SHAPES, community, purchase
from denizen.ground.chronicle.models import Resident
from denizen.ground.chronicle.testing import make_resident
from denizen.ground.identity.constants import Permission
from denizen.ground.ledger.commands import lock
from denizen.kit import db
from denizen.people.growth.commands import rehearse as dry
from denizen.people.growth.commands.rehearse import Rehearsal, UnableToRehearse, rehearse
from denizen.people.growth.testing import app_source, behave
from denizen.people.rulebook.commands import (
    ask_suspension,
    confirm_suspension,
    propose_book,
    publish_first_book,
)
from denizen.people.rulebook.queries import force
from denizen.people.rulebook.rules import load_book
from denizen.people.rulebook.testing import checked, colleague
from tests.flow.simulator.book import FIRST, SECOND, as_yaml
from tests.flow.simulator.rehearsing import fingerprint

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
DAY = timedelta(days=1)
AMOUNT, CHANGED = 10, 12
"""What a check-in pays by the first and by the second book."""


@pytest.fixture(autouse=True)
def _city(db: None) -> None:
    publish_first_book(text=as_yaml(FIRST, "first"), moment=JANUARY, effective_from=JANUARY)
    app_source()


def entry(
    resident: int, kind: str = "checked_in", at: datetime = NOON, key: str = "k", **payload: Any
) -> dict[str, Any]:
    """An entry as the API takes it; the resident is called by his public id."""
    public = str(Resident.objects.get(pk=resident).public_id)
    return {
        "kind": kind, "resident": public, "occurred_at": at.isoformat(), "external_id": key, "payload": payload,
    }  # fmt: skip


def tried(*raw: object, moment: datetime = NOON, **how: Any) -> Rehearsal:
    """The dry run, after which everything is as it was."""
    before = fingerprint()
    rehearsal = rehearse(source="app", raw=raw, moment=moment, **how)
    assert fingerprint() == before
    return rehearsal


def test_it_tells_every_yes_and_no_and_what_a_resident_has_before_and_after() -> None:
    ada = make_resident()

    rehearsal = tried(entry(ada), entry(ada, key="again"))

    first, second = rehearsal.tried
    assert first.receipt is not None
    assert second.receipt is not None
    assert (first.receipt.points, first.receipt.contribution) == (AMOUNT, 1)
    assert [line.outcome for line in second.receipt.lines] == ["capped", "capped"]
    person = rehearsal.people[0]
    assert (person.before.available, person.after.available) == (0, AMOUNT)
    assert (person.before.total, person.after.total, person.before.rank, person.after.rank) == (0, 1, None, 1)
    assert [(moved.code.name, moved.purpose, moved.amount) for moved in rehearsal.moved] == [
        ("AWARD", "award:check_in", AMOUNT), ("AWARD", "award:check_in_n", 1),
    ]  # fmt: skip


def test_points_that_can_be_spent_later_say_from_when() -> None:
    ada = make_resident()

    rehearsal = tried(entry(ada, "purchase_made", amount=5_000, items=1))

    assert [moved.spendable_from for moved in rehearsal.moved] == [NOON + 3 * DAY]
    assert (rehearsal.people[0].after.available, rehearsal.people[0].after.waiting) == (0, 50)


def test_a_refund_takes_back_what_was_paid() -> None:
    ada = make_resident()
    behave(ada, community.CheckedIn(), NOON, key="paid")

    rehearsal = tried(entry(ada, "check_in_withdrawn", original="paid"), moment=NOON + DAY)

    receipt = rehearsal.tried[0].receipt
    assert receipt is not None
    assert (receipt.outcome, receipt.points) == ("reversed", -AMOUNT)
    assert (rehearsal.people[0].before.available, rehearsal.people[0].after.available) == (AMOUNT, 0)


def test_a_reversal_waits_for_its_original_and_one_that_waited_follows_it() -> None:
    ada = make_resident()
    alone = tried(entry(ada, "check_in_withdrawn", original="k"))
    behave(ada, community.CheckInWithdrawn(original="k"), NOON, key="undo")

    together = tried(entry(ada))

    assert alone.tried[0].state == "waiting"
    assert [receipt.outcome for receipt in together.followed] == ["reversed"]
    assert together.people[0].after.available == 0


def test_what_is_known_or_in_conflict_or_invalid_or_late_is_told_as_the_api_tells_it() -> None:
    ada = make_resident()
    with db.opening():
        resolve_references(source=app_source(), refs=["ada"], create=True, now=NOON)
    turnstile = declare_source(code="turnstile", lateness_seconds_max=3_600)
    behave(ada, community.CheckedIn(), NOON, source=turnstile)

    told = tried({"kind": "flew_away"}, entry(ada, at=NOON + 3 * DAY), entry(ada, key="x") | {"resident": "nobody"})
    late = rehearse(source="turnstile", raw=[entry(ada, at=NOON - DAY)], moment=NOON)

    problems = [[problem.code for problem in each.answer.problems] for each in told.tried]
    assert problems == [["missing"] * 3 + ["unknown_kind"], ["in_the_future"], ["unknown_resident"]]
    assert [each.state for each in told.tried] == ["not_recorded"] * 3
    assert late.tried[0].state == "review"
    assert not late.moved


def test_newcomers_are_tried_as_new_residents_who_do_not_stay() -> None:
    rehearsal = tried({**entry(make_resident()), "resident": "newcomer"}, newcomers=True)

    assert rehearsal.people[0].after.available == AMOUNT


def test_a_paused_rule_holds_and_another_version_says_what_it_would_do() -> None:
    ada, one, other = make_resident(), colleague("Odo", *Permission), colleague("Ida", *Permission)
    asked = ask_suspension(actor=one, rule="check_in", reason_en="Wrong", reason_zh="有误", moment=NOON)
    confirm_suspension(actor=other, suspension=asked.pk, moment=NOON)
    checked(NOON)
    proposed = propose_book(actor=one, text=as_yaml(SECOND, "second"), note="Better", moment=NOON)

    in_force, then = tried(entry(ada)), tried(entry(ada), under=proposed.number)

    assert in_force.tried[0].state == "held"
    assert then.tried[0].state == "decided"
    assert then.people[0].after.available == CHANGED


def test_a_draft_is_tried_without_becoming_a_version_or_being_remembered() -> None:
    ada = make_resident()
    kept = set(force._kept)

    rehearsal = tried(entry(ada), under=load_book(as_yaml(SECOND, "draft"), SHAPES))

    assert rehearsal.people[0].after.available == CHANGED
    assert set(force._kept) == kept


def test_it_refuses_nothing_too_much_unknown_systems_and_versions() -> None:
    ada = make_resident()
    refusals: tuple[dict[str, Any], ...] = (
        {"raw": []},
        {"raw": [entry(ada)] * (dry.ENTRIES_MAX + 1)},
        {"source": "nowhere"},
        {"under": 99},
    )
    for refused in refusals:
        with pytest.raises(UnableToRehearse):
            rehearse(**({"source": "app", "raw": [entry(ada)], "moment": NOON} | refused))


def test_at_the_command_line_it_answers_in_lines_and_as_json(tmp_path: Path, capsys: Any) -> None:
    ada = make_resident()
    file, book = tmp_path / "entry.json", tmp_path / "book.yaml"
    file.write_text(json.dumps(entry(ada)), encoding="utf-8")
    book.write_text(as_yaml(SECOND, "second"), encoding="utf-8")
    how: dict[str, Any] = {"source": None, "moment": NOON, "known_only": False}

    assert try_entries(path=file, book=None, as_json=False, **how) == 0
    lines = capsys.readouterr().out
    assert try_entries(path=file, book=str(book), as_json=True, **how) == 0
    told = json.loads(capsys.readouterr().out)

    assert f"+{AMOUNT}" in lines
    assert told["entries"][0]["receipt"]["points"] == CHANGED
    assert told["residents"][0]["after"]["available"] == CHANGED
    assert told["postings"][0]["to"] == f"{Resident.objects.get(pk=ada).public_id}:wallet"


def test_at_the_command_line_an_invalid_entry_ends_with_one_and_its_fields(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "entry.json"
    file.write_text(json.dumps({"kind": "checked_in", "resident": "ada", "external_id": "1"}), encoding="utf-8")
    how: dict[str, Any] = {"book": None, "source": None, "moment": NOON, "known_only": True}

    code = try_entries(path=file, as_json=True, **how)
    told = json.loads(capsys.readouterr().out)

    assert code == 1
    assert [problem["field"] for problem in told["entries"][0]["problems"]] == ["occurred_at"]
    file.write_text("[1", encoding="utf-8")
    with pytest.raises(UnableToTry):
        try_entries(path=file, as_json=True, **how)


def test_at_the_command_line_the_system_that_knows_the_resident_reports(tmp_path: Path, capsys: Any) -> None:
    shop = declare_source(code="shop", lateness_seconds_max=None)
    with db.opening():
        ada = resolve_references(source=shop, refs=["ada"], create=True, now=NOON)["ada"]
    behave(ada, purchase.OrderPlaced(order="o"), NOON, source=shop, key="known")
    file = tmp_path / "entry.json"
    file.write_text(json.dumps({**entry(ada), "resident": "ada"}), encoding="utf-8")

    try_entries(path=file, book=None, source=None, moment=NOON, known_only=True, as_json=True)

    told = json.loads(capsys.readouterr().out)
    assert told["residents"][0]["resident"] == str(Resident.objects.get(pk=ada).public_id)


@pytest.mark.django_db(transaction=True)
def test_it_is_refused_inside_a_transaction_and_gives_up_where_others_hold_the_wallet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ada = make_resident()
    behave(ada, community.CheckedIn(), NOON - DAY)
    with pytest.raises(RuntimeError), transaction.atomic():
        rehearse(source="app", raw=[entry(ada)], moment=NOON)
    monkeypatch.setattr(dry, "LOCK_SECONDS_MAX", 1)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with db.opening():
            lock([ada])
            held.set()
            done.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(20)
    with pytest.raises(UnableToRehearse) as refused:
        rehearse(source="app", raw=[entry(ada)], moment=NOON)
    done.set()
    holder.join(20)

    assert refused.value.code == "busy"
    assert len(rehearse(source="app", raw=[entry(ada)], moment=NOON).moved) == 2
