"""A rule book replayed over real history: the same as an independent recomputation, and the same as what really ran."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction

from denizen.config.reference_city.building import build_city
from denizen.ground.chronicle.kinds import KINDS
from denizen.ground.identity import testing as people
from denizen.ground.ledger import commands as ledger
from denizen.ground.ledger.constants import Slot
from denizen.kit import db
from denizen.people.growth.backtest import replay as replaying
from denizen.people.growth.backtest.figures import Figures
from denizen.people.growth.backtest.history import Span, present_watermark
from denizen.people.growth.backtest.proof import equal_to_live, equality_of
from denizen.people.growth.backtest.reckoning import figures_of
from denizen.people.growth.backtest.replay import Replay, replay
from denizen.people.growth.testing import behave
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import (
    TriedBook,
    reference_book_text,
    ruling_versions,
    tried_text,
)

from .replay_oracle import Book, Told, live_through
from .simulator.book import FIRST, as_yaml
from .simulator.engine import Engine
from .simulator.world import World
from .test_real_data import cdnow_lines, ingest, publish

SEEDS = [int(seed) for seed in os.environ.get("DENIZEN_SIM_SEEDS", "11,12,13,14").split(",")]
STEPS = int(os.environ.get("DENIZEN_SIM_STEPS", "220"))
EVENING = datetime(2026, 6, 14, 12, 30, tzinfo=UTC)
PILOTED = "award:pilot_%"
"""What the city tries in a few towns; the tried book knows nothing of it."""

REFERRALS = {"registration": 1, "test_drive": 2, "order": 5, "delivery": 10}
LIVE = {"check_in_points": 5, "check_in_value": 1, **{f"referral_{key}_value": n for key, n in REFERRALS.items()}}
TRIED = LIVE | {"check_in_points": 8, "check_in_value": 3, "referral_order_value": 2, "referral_delivery_value": 25}

HISTORY_SQL = """
SELECT e.id, k.code, e.resident_id, e.occurred_at, e.payload, d.trace FROM growth_decision d
JOIN chronicle_entry e ON e.id = d.entry_id JOIN chronicle_kindcode k ON k.id = e.kind_id
WHERE d.outcome <> 6 ORDER BY d.place
"""


def whole() -> Span:
    with transaction.atomic():
        return Span(None, None, present_watermark())


def ran(book: TriedBook, span: Span) -> tuple[Replay, Figures]:
    run = replay(book=book, span=span)
    equality = equality_of(run)
    assert equality.holds, equality.differences[:3]
    return run, figures_of(run, equality)


def microseconds(parts: list[float]) -> tuple[int, int]:
    """Moments that leave these parts of the entries before them."""
    moments = [
        row[0]
        for row in db.fetch(
            "SELECT ((extract(epoch FROM occurred_at) - 946684800) * 1000000)::bigint FROM chronicle_entry ORDER BY 1"
        )
    ]
    first, second = (moments[int(len(moments) * part)] for part in parts)
    return first, second


@pytest.mark.partial("A-36")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.django_db
def test_the_books_in_force_replayed_pay_what_the_journal_says_in_its_order(seed: int) -> None:
    """Late entries, reversals before their originals, duplicates, limited budgets, grades that change, two versions."""
    world = World(seed, Engine())
    for _ in range(STEPS):
        world.step()
    world.settle()
    book, span = next(iter(ruling_versions().values())), whole()

    equality = equal_to_live(book=book, span=span)

    assert equality.holds, equality.differences[:3]
    assert equality.payments == db.fetch("SELECT count(*) FROM ledger_posting WHERE code = 2")[0][0] > 50


@pytest.mark.parametrize("seed", SEEDS[:2])
@pytest.mark.django_db
def test_forgetting_the_counters_of_what_is_over_changes_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory stays in bounds by dropping windows no entry to come falls into; late entries are known beforehand."""
    world = World(seed, Engine())
    for _ in range(STEPS):
        world.step()
    world.settle()
    book, span = next(iter(ruling_versions().values())), whole()
    _, kept = ran(book, span)
    monkeypatch.setattr(replaying, "CHUNK", 10)
    monkeypatch.setattr(replaying, "COUNTERS_MANY", 1)
    monkeypatch.setattr(replaying, "AGAIN_TIMES", 0)

    run, figures = ran(book, span)

    assert figures == kept
    assert len(run.live.state.used) < db.fetch("SELECT count(*) FROM growth_capcounter")[0][0]


@pytest.mark.parametrize("seed", SEEDS[:2])
@pytest.mark.django_db
def test_a_span_in_the_middle_pays_the_corresponding_part_of_the_journal(seed: int) -> None:
    world = World(seed, Engine())
    for _ in range(STEPS):
        world.step()
    world.settle()
    begins, ends = microseconds([0.3, 0.7])
    book, watermark = next(iter(ruling_versions().values())), whole().watermark

    run = replay(book=book, span=Span(begins, ends, watermark))
    equality = equality_of(run)

    posted = db.fetch(
        "SELECT count(*) FROM ledger_posting p JOIN chronicle_entry e ON e.id = p.entry_id WHERE p.code = 2"
        " AND ((extract(epoch FROM e.occurred_at) - 946684800) * 1000000)::bigint >= %s"
        " AND ((extract(epoch FROM e.occurred_at) - 946684800) * 1000000)::bigint < %s",
        (begins, ends),
    )[0][0]
    assert equality.holds, equality.differences[:3]
    assert equality.payments == posted > 20
    assert run.given > 20


@pytest.mark.django_db
def test_a_posting_that_no_rule_made_is_found_by_its_entry() -> None:
    """The proof is no formality: it fails when the journal says something else than the rules."""
    world = World(SEEDS[0], Engine())
    for _ in range(120):
        world.step()
    entry = db.fetch("SELECT entry_id FROM ledger_posting WHERE code = 2 ORDER BY id LIMIT 1")[0][0]
    with transaction.atomic():
        db.execute("SET LOCAL session_replication_role = replica")
        db.execute("UPDATE ledger_posting SET amount = amount + 1 WHERE entry_id = %s AND code = 2", (entry,))

    equality = equal_to_live(book=next(iter(ruling_versions().values())), span=whole())

    assert not equality.holds
    assert [each.entry for each in equality.differences] == [entry]


def history() -> list[Told]:
    def undone(trace: Any) -> int | None:
        return trace["undoes"] if isinstance(trace, dict) and not trace["why"] else None

    rows = db.fetch(HISTORY_SQL)
    return [
        Told(number, kind, who, at, _json(payload), undone(_json(trace)))
        for number, kind, who, at, payload, trace in rows
        if not (isinstance(_json(trace), dict) and _json(trace)["why"])
    ]


def _json(value: Any) -> Any:
    return yaml.safe_load(value) if isinstance(value, str) else value


def changed_reference_book() -> str:
    data = yaml.safe_load(reference_book_text())
    for rule in data["rules"]:
        if rule["code"] in TRIED:
            assert str(rule["amount"]) == str(LIVE[rule["code"]])
            rule["amount"] = TRIED[rule["code"]]
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


def granted(asset: str, purposes: str = "%") -> Counter[int]:
    """What rules really paid each resident for ``purposes``, net of reversals, straight from the journal."""
    slots = "= 0" if asset == "points" else "BETWEEN 2 AND 5"
    rows = db.fetch(
        "SELECT p.credit_id / 8, p.amount - coalesce((SELECT sum(r.amount) FROM ledger_posting r"
        " WHERE r.reverses_id = p.id), 0)::bigint FROM ledger_posting p JOIN ledger_purpose u ON u.id = p.purpose_id"
        f" WHERE p.code = 2 AND u.code LIKE %s AND p.credit_id %% 8 {slots}",
        (purposes,),
    )
    found: Counter[int] = Counter()
    for who, amount in rows:
        found[who] += amount
    return found


def as_cells(figures: Figures, side: str) -> dict[tuple[str, str, str], list[int]]:
    rules = {*TRIED, "register_points", "wechat_points", "profile_points", "comment_points", "repost_points",
             "evaluation_purchase_points", "evaluation_use_points", "evaluation_activity_points"}  # fmt: skip
    cells = {}
    for cell in figures.weeks:
        paid = getattr(cell, side)
        if cell.rule in rules and (paid.times or paid.taken_back):
            cells[cell.rule, cell.asset, cell.week] = [paid.times, paid.granted, paid.taken_back]
    return cells


@pytest.mark.partial("A-36")
@pytest.mark.partial("A-34")
@pytest.mark.django_db(transaction=True)
def test_a_changed_check_in_and_referral_on_the_reference_city_cost_what_a_plain_recomputation_says() -> None:
    build_city(moment=EVENING, residents=150, days=30)
    items = yaml.safe_load(reference_book_text())["tables"]["profile_items"]
    live, tried = Book(LIVE, items), Book(TRIED, items)
    live_through(history(), live, tried)

    run, figures = ran(tried_text(changed_reference_book()), whole())

    assert as_cells(figures, "live") == {key: cell for key, cell in live.cells.items() if any(cell)}
    assert as_cells(figures, "tried") == {key: cell for key, cell in tried.cells.items() if any(cell)}
    hits = {each.cap: (each.live_times, each.tried_times) for each in figures.caps}
    assert hits["basic_acts"] == (live.hits["basic_acts"], tried.hits["basic_acts"])
    assert live.hits["basic_acts"] < tried.hits["basic_acts"]
    for asset in ("points", "contribution"):
        before, piloted = granted(asset), granted(asset, PILOTED)
        after = before + Counter()
        for who in {*live.got[asset], *tried.got[asset], *piloted}:
            after[who] = before[who] + tried.got[asset][who] - live.got[asset][who] - piloted[who]
        assert_people(figures, asset, before, after)
    assert run.entries > 1_000
    assert sum(granted("points", PILOTED).values()) > 0


def assert_people(figures: Figures, asset: str, before: Mapping[int, int], after: Mapping[int, int]) -> None:
    """Totals, the ten largest each way, the best hundredth and the groups, from two plain tables by resident."""
    total = next(each for each in figures.totals if each.asset == asset)
    assert (total.live.net, total.tried.net) == (sum(before.values()), sum(after.values()))
    change = {who: after.get(who, 0) - before.get(who, 0) for who in {*before, *after}}
    gaining = sorted((-change[who], who) for who in change if change[who] > 0)[:10]
    losing = sorted((change[who], who) for who in change if change[who] < 0)[:10]
    assert [(-each.difference, each.resident) for each in figures.gaining if each.asset == asset] == gaining
    assert [(each.difference, each.resident) for each in figures.losing if each.asset == asset] == losing
    share = next(each for each in figures.top_share if each.asset == asset)
    assert (share.live_ppm, share.tried_ppm) == (best_hundredth(before), best_hundredth(after))
    for by in ("grade", "city_tier", "tenure"):
        groups = [each for each in figures.groups if each.by == by and each.asset == asset]
        assert sum(each.gaining for each in groups) == sum(1 for amount in change.values() if amount > 0)
        assert sum(each.losing for each in groups) == sum(1 for amount in change.values() if amount < 0)
        assert sum(each.tried for each in groups) == sum(after.values())
    if asset == "contribution":
        assert (figures.ranks.up, figures.ranks.down) == rank_moves(before, after)


def best_hundredth(got: Mapping[int, int]) -> int:
    amounts = sorted((amount for amount in got.values() if amount > 0), reverse=True)
    return sum(amounts[: (len(amounts) + 99) // 100]) * 1_000_000 // sum(amounts)


def rank_moves(before: Mapping[int, int], after: Mapping[int, int]) -> tuple[int, int]:
    ranked = [who for who in {*before, *after} if before.get(who) or after.get(who)]

    def place(sums: Mapping[int, int], who: int) -> int:
        return 1 + sum(1 for other in ranked if sums.get(other, 0) > sums.get(who, 0))

    moves = [place(after, who) - place(before, who) for who in ranked]
    return sum(1 for move in moves if move < 0), sum(1 for move in moves if move > 0)


OTHER_CDNOW = (
    (Path(__file__).parents[2] / "docs" / "how-to" / "cdnow.rules.yaml")
    .read_text()
    .replace("amount: entry.amount / 100", "amount: entry.amount / 200")
    .replace("limit: 200", "limit: 60")
    .replace('amount: "100"', 'amount: "40"')
)


@pytest.mark.data
@pytest.mark.partial("A-36")
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("DENIZEN_DATA" not in os.environ, reason="DENIZEN_DATA names no folder with the real logs")
def test_another_book_on_a_real_log_costs_what_a_plain_recomputation_says(tmp_path: Path) -> None:
    """A point for two dollars, 60 a day at most, 40 for the first purchase, instead of one, 200 and 100."""
    publish("cdnow")
    ingest(Path(os.environ["DENIZEN_DATA"]) / "behaviour" / "cdnow_purchases.txt", "cdnow", tmp_path / "rejected")
    live_weeks, live_people = cdnow_by_hand(100, 200, 100)
    tried_weeks, tried_people = cdnow_by_hand(200, 60, 40)

    run, figures = ran(tried_text(OTHER_CDNOW), whole())

    names = dict(db.fetch("SELECT reference, resident_id FROM chronicle_externalreference"))
    assert run.entries == 69_659
    assert {(each.rule, each.week): each.live.net for each in figures.weeks if each.live.times} == live_weeks
    assert {(each.rule, each.week): each.tried.net for each in figures.weeks if each.tried.times} == tried_weeks
    assert_people(
        figures, "points",
        {names[who]: amount for who, amount in live_people.items()},
        {names[who]: amount for who, amount in tried_people.items()},
    )  # fmt: skip


def cdnow_by_hand(cents: int, a_day: int, first: int) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
    """Points by rule and week, and by customer; a point costs ``cents``."""
    weeks: dict[tuple[str, str], int] = defaultdict(int)
    people: dict[str, int] = defaultdict(int)
    of_day: dict[tuple[str, date], int] = defaultdict(int)
    for line in cdnow_lines():
        customer, day_text, _, dollars = line.split()
        day = datetime.strptime(day_text, "%Y%m%d").replace(tzinfo=UTC).date()
        week = (day - timedelta(days=day.weekday())).isoformat()
        if customer not in people:
            weeks["first_purchase_points", week] += first
            people[customer] += first
        paid = min(int(Decimal(dollars) * 100) // cents, a_day - of_day[customer, day])
        if paid:
            of_day[customer, day] += paid
            weeks["dollar_points", week] += paid
            people[customer] += paid
    return dict(weeks), dict(people)


@pytest.mark.partial("A-36")
@pytest.mark.django_db
def test_what_staff_corrected_is_given_and_counts_for_what_was_decided_after_it() -> None:
    """Messages pay from 8n on: staff correct Ada's contribution between two of hers, live and in the shadow."""
    text = as_yaml(FIRST, "first")
    publish_first_book(text=text, moment=people.LONG_AGO, effective_from=people.LONG_AGO)
    staff, ada, ben = people.odo(), people.ada(), people.ben()
    message = KINDS["message_sent"].payload(receiver="c1")
    behave(ada.resident_id, message, EVENING)
    with db.opening():
        ledger.correct(
            actor=staff, lines=[ledger.CorrectedLine(ada.resident_id, 8, Slot.INTERACTION)], envelope="open",
            reason="Counted by hand at the festival", moment=EVENING + timedelta(hours=1),
        )  # fmt: skip
    behave(ada.resident_id, message, EVENING + timedelta(hours=2))
    behave(ben.resident_id, message, EVENING + timedelta(hours=2))

    _, figures = ran(tried_text(text), whole())

    assert [(each.rule, each.live.times, each.tried.times) for each in figures.rules] == [("message", 1, 1)]
    assert figures.replay_payments == 1
