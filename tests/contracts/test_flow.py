"""The page of the flow tells what the pipeline does, and the graph of reactions has no cycle."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from graphlib import TopologicalSorter
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from django.db import connection

from denizen.ground.chronicle import commands as chronicle
from denizen.ground.chronicle.commands import declare_source, new_entry, record
from denizen.ground.chronicle.kinds import SHAPES, cocreation, community, purchase
from denizen.ground.identity import testing as people
from denizen.ground.identity.constants import Permission
from denizen.kit import db
from denizen.people.growth import commands as growth
from denizen.people.growth import pipeline
from denizen.people.growth.pipeline import work_off
from denizen.people.risk.testing import a_case
from denizen.people.rulebook.commands import (
    ask_suspension,
    confirm_false_alarm,
    confirm_suspension,
    publish_first_book,
    tell_false_alarm,
)
from denizen.people.rulebook.queries import reference_book_text
from denizen.people.rulebook.rules import load_book
from tests.contracts.flow_page import HOPS, Hop, flow_page, kind_graph, unique_keys

ROOT = Path(__file__).resolve().parents[2]
RECORDERS = {chronicle.record, chronicle.record_one, chronicle.record_checked, chronicle.receive_entries}
MAY_RECORD = {
    "denizen/config/reference_city/recording.py": "invents behaviour for a city to look around in",
    "denizen/ground/chronicle/api.py": "services report behaviour",
    "denizen/ground/chronicle/commands/own.py": "one typed object instead of checked JSON",
    "denizen/ground/chronicle/commands/reception.py": "checks what is reported",
    "denizen/ground/chronicle/ingestion/drive.py": "files report behaviour",
    "denizen/ground/identity/commands/residents.py": "signing up is a behaviour",
    "denizen/people/growth/commands/check_in.py": "checking in is a behaviour",
    "denizen/people/growth/commands/rehearse.py": "a dry run records what it rolls back",
}
"""Entrances and commands of behaviour: the only callers of the commands that record."""

START = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_the_page_is_fresh() -> None:
    assert (ROOT / "docs" / "flow.md").read_text(encoding="utf-8") == flow_page(), (
        "run: python -m tests.contracts.flow_page > docs/flow.md"
    )


@pytest.mark.parametrize("hop", HOPS, ids=lambda hop: hop.word)
def test_every_key_is_held_by_the_database(hop: Hop) -> None:
    assert [written for written in hop.writes if written.key not in unique_keys(written.table)] == []


@pytest.mark.django_db
def test_the_catalogue_of_the_database_holds_the_keys_too() -> None:
    missing = []
    with connection.cursor() as cursor:
        for table, key in {(written.table, written.key) for hop in HOPS for written in hop.writes}:
            held = connection.introspection.get_constraints(cursor, table).values()
            unique = any(each["unique"] and set(each["columns"] or ()) == set(key) for each in held)
            if not unique and not ("held" in key and fetch_exclusions(cursor, table)):
                missing.append((table, key))

    assert missing == []


def fetch_exclusions(cursor: Any, table: str) -> list[Any]:
    cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'x'", [table])
    return cursor.fetchall()


def test_the_hops_are_those_of_the_pipeline_in_its_order() -> None:
    """Followed call by call from the entrance, every command the pipeline gives is a hop, in the order it is given."""
    called = list(dict.fromkeys(calls_in_order("work_off")))
    hops = [hop.function for hop in HOPS]

    assert [name for name in called if name in hops] == hops
    assert commands_named() <= set(hops) | READS


RACING = {"wake", "draw"}
"""Writes only where a reversal came to wait while another worker decided its original, or a limited budget pays."""

READS = {"originals_of", "stops_for", "judged_alike"}
"""What the pipeline asks of its commands' door without writing."""


def functions() -> dict[str, ast.FunctionDef]:
    tree = ast.parse(inspect.getsource(pipeline))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def calls_in_order(name: str) -> Iterator[str]:
    """The names called by a function of the pipeline, its own functions followed where they are called."""
    for node in sorted(
        (node for node in ast.walk(functions()[name]) if isinstance(node, ast.Call)),
        key=lambda node: (node.lineno, node.col_offset),
    ):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        yield called
        if called in functions() and called != name:
            yield from calls_in_order(called)


def commands_named() -> set[str]:
    """Everything the pipeline calls at a door of commands."""
    return {
        node.func.attr
        for function in functions().values()
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"commands", "ledger", "standing"}
    }


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """Which tables every hop wrote, as the database counts them for this transaction."""
    seen: dict[str, set[str]] = {}
    for hop in HOPS:
        for owner in (pipeline, pipeline.commands, pipeline.ledger, pipeline.standing):
            inner = getattr(owner, hop.function, None)
            if callable(inner):
                monkeypatch.setattr(owner, hop.function, watched(inner, seen.setdefault(hop.word, set())))
                break
    return seen


def watched(inner: Callable[..., Any], seen: set[str]) -> Callable[..., Any]:
    def outer(*args: Any, **kwargs: Any) -> Any:
        before = rows_written()
        answer = inner(*args, **kwargs)
        seen.update(table for table, rows in rows_written().items() if rows != before.get(table, 0))
        return answer

    return outer


def rows_written() -> dict[str, int]:
    return dict(db.fetch("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"))


@pytest.mark.django_db
def test_every_hop_writes_its_tables_and_no_other(written: dict[str, set[str]]) -> None:
    publish_first_book(text=reference_book_text(), moment=START, effective_from=START)
    ada, ben = people.ada().resident_id, people.ben().resident_id
    doings: list[tuple[int, object, str]] = [
        (ada, community.CheckInWithdrawn(original="in"), "early"),
        (ada, community.CheckedIn(), "in"),
        *bought_by_invitation(ada, ben),
        *((ada, served(f"s-{number}"), f"v-{number}") for number in range(3)),
        (ada, community.Commented(comment="c-1", subject="p-1", length=9, fingerprint="f-1"), "comment"),
        (ada, community.CommentDeleted(original="comment"), "uncomment"),
    ]
    for number, (resident, what, key) in enumerate(doings):
        moment = NOON + number * HOUR
        entry = new_entry(what, resident=resident, occurred_at=moment, external_id=key)
        record(source=declare_source(code="app", lateness_seconds_max=None), entries=[entry], recorded_at=moment)
        work_off(limit=10, moment=moment)
    assert growth.check_in(resident=ben, moment=NOON + 100 * HOUR).status == "accepted"
    work_off(limit=10, moment=NOON + 100 * HOUR)
    paused_and_released(ben, NOON + 200 * HOUR)
    reviewed(ben, NOON + 300 * HOUR)

    declared = {hop.word: {each.table for each in hop.writes} for hop in HOPS}
    assert {word: tables for word, tables in declared.items() if word not in RACING} == {
        word: tables for word, tables in written.items() if word not in RACING
    }
    assert all(written[word] <= declared[word] for word in RACING)


def paused_and_released(resident: int, moment: datetime) -> None:
    """A check-in comes while its rule is paused, and is decided after the false alarm."""
    odo, pia = people.odo(), people.a_staff("Pia", permissions=(Permission.RULES_APPROVE,))
    rule = next(rule.code for rule in load_book(reference_book_text(), SHAPES).rules if rule.kind == "checked_in")
    asked = ask_suspension(actor=odo, rule=rule, reason_en="Wrong", reason_zh="有误", moment=moment)
    confirm_suspension(actor=pia, suspension=asked.pk, moment=moment)
    growth.check_in(resident=resident, moment=moment)
    work_off(limit=10, moment=moment)
    tell_false_alarm(actor=odo, suspension=asked.pk, moment=moment)
    confirm_false_alarm(actor=pia, suspension=asked.pk, moment=moment)
    work_off(limit=10, moment=moment)


def reviewed(resident: int, moment: datetime) -> None:
    """A check-in comes while a case about check-ins of the same resident is open."""
    before = growth.check_in(resident=resident, moment=moment)
    work_off(limit=10, moment=moment)
    a_case(resident, entries=[before.entry_id], moment=moment)
    growth.check_in(resident=resident, moment=moment + 24 * HOUR)
    work_off(limit=10, moment=moment + 24 * HOUR)


def served(service: str) -> object:
    return cocreation.VolunteerServiceConfirmed(service=service, event="e-1", place="p-1", days=1, confirmed_by="fei")


def bought_by_invitation(ada: int, ben: int) -> list[tuple[int, object, str]]:
    """Ben brings Ada, who pays a deposit, orders, takes delivery, spends nothing, and gives the car back."""
    delivered = purchase.VehicleDelivered(model="m1", vehicle="car-1", founder_edition=False, channel="new")
    return [
        (ada, purchase.InvitationAccepted(inviter=ben), "invited"),
        (ada, purchase.DepositPaid(order="o-1", stage="deposit", amount=500_000), "deposit"),
        (ada, purchase.OrderPlaced(order="o-1"), "order"),
        (ada, delivered, "delivery"),
        (ada, purchase.DeliveryCancelled(original="delivery"), "return"),
    ]


def test_no_hop_can_reach_a_command_that_records() -> None:
    assert reachable(pipeline.advance) & RECORDERS == set()
    assert reachable(pipeline.work_off) & RECORDERS == set()


def test_the_walk_over_functions_sees_who_does_record() -> None:
    assert chronicle.record in reachable(growth.check_in)
    assert growth.grant in reachable(pipeline.advance)


def reachable(function: FunctionType) -> set[FunctionType]:
    """Every function of the city that ``function`` names, directly or through others; rather too many than too few."""
    found: set[FunctionType] = set()
    coming = [function]
    while coming:
        each = coming.pop()
        if each not in found:
            found.add(each)
            coming += named_by(each)
    return found


def named_by(function: FunctionType) -> Iterator[FunctionType]:
    names = set(names_in(function.__code__))
    for name in names:
        yield from functions_in(function.__globals__.get(name), names)


def names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from names_in(constant)


def functions_in(value: object, names: set[str]) -> Iterator[FunctionType]:
    """Functions behind a global: itself, what a module or class of the city holds under one of ``names``."""
    value = inspect.unwrap(value) if callable(value) else value
    if isinstance(value, FunctionType) and value.__module__.startswith("denizen."):
        yield value
    elif isinstance(value, ModuleType) and value.__name__.startswith("denizen."):
        for name in names & vars(value).keys():
            yield from functions_in(vars(value)[name], set())
    elif isinstance(value, type) and value.__module__.startswith("denizen."):
        yield from (each for each in vars(value).values() if isinstance(each, FunctionType))


def test_only_entrances_and_commands_of_behaviour_record() -> None:
    sources = [
        path
        for path in sorted((ROOT / "denizen").rglob("*.py"))
        if "tests" not in path.parts and path.name != "testing.py"
    ]
    recording = {path.relative_to(ROOT).as_posix() for path in sources if records(path)}

    assert recording == MAY_RECORD.keys()


def records(path: Path) -> bool:
    """Whether the file calls a command that records, under the name it was imported by or through its module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    wanted = {recorder.__name__ for recorder in RECORDERS}
    imported = {
        (alias.asname or alias.name): alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and ("chronicle" in (node.module or "") or node.level)
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and imported.get(node.func.id) in wanted:
                return True
            if isinstance(node.func, ast.Attribute) and node.func.attr in wanted - {"record"}:
                return True
            if (
                isinstance(node.func, ast.Attribute)
                and node.func.attr == "record"
                and isinstance(node.func.value, ast.Name)
                and imported.get(node.func.value.id) == "commands"
            ):
                return True
    return False


def test_the_graph_of_reactions_has_no_cycle() -> None:
    graph = kind_graph()

    assert len(list(TopologicalSorter(graph).static_order())) == len(graph)
    assert all(undone not in graph or not graph[undone] for reverse in graph.values() for undone in reverse)
