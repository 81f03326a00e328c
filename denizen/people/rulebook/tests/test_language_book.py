"""A book is written for people, stored for machines, and refused with every fault and its line."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from denizen.people.rulebook.rules import (
    Book,
    Budget,
    Cap,
    Problem,
    Rule,
    SharedCap,
    Text,
    UnableToLoadBook,
    check_book,
    compile_book,
    digest_of,
    dump_book,
    from_data,
    from_json,
    limits_of,
    load_book,
    parse,
    to_data,
    to_json,
)
from denizen.people.rulebook.rules.expressions import Call, Int

from .language_samples import SHAPES, STEADY, TABLES, bools, ints

SOURCE = (Path(__file__).parent / "language_book.yaml").read_text()

_prose = st.text(st.characters(exclude_categories=["C"], include_characters="\n"), min_size=1, max_size=30).filter(
    str.strip
)
_texts = st.builds(Text, _prose, _prose)
_codes = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
_moments = st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
_persons = st.sampled_from(["true", "!beneficiary.invited", 'beneficiary.grade != "owner"']).map(parse)
_windows = st.sampled_from(["day", "week", "month", "year", "lifetime"])
_units = st.sampled_from(["amount", "times"])
_caps = st.builds(
    Cap, st.integers(1, 10**12), _units, _windows, st.sampled_from([None, "note", "model", "friend"]), _persons
)
_rules = st.builds(
    Rule,
    code=_codes,
    title=_texts,
    kind=st.just("order"),
    asset=st.just("points"),
    amount=ints(2, False).map(lambda tree: Call("max", (Int(0), Call("min", (tree, Int(1_000_000)))))),
    behaviour=_texts,
    incentive=_texts,
    feedback=_texts,
    complaint_path=_texts,
    guideline=_prose,
    when=bools(2, False),
    beneficiary=st.sampled_from(["resident", "inviter", "friend"]),
    names=st.sampled_from([None, "inviter", "friend"]),
    system=st.sampled_from(["community", "car_use", "owner_care", "purchase_invitation"]),
    budget=st.just("basic"),
    caps=st.lists(_caps, max_size=3, unique_by=lambda cap: (cap.per, cap.unit, cap.by)).map(tuple),
    shared_caps=st.sampled_from([(), ("common",)]),
    lot_days=st.none() | st.integers(1, 36_500),
    lot_priority=st.integers(-1_000, 1_000),
    hold_days=st.integers(0, 3_650),
    reversal_kind=st.sampled_from([None, "refund"]),
    valid_from=st.none() | _moments,
    rows=st.lists(st.sampled_from(["B-05", "A-35", "X-100"]), max_size=2).map(tuple),
    assumed=st.booleans(),
)
_books = st.builds(
    Book,
    code=_codes,
    title=_texts,
    time_zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "UTC"]),
    rules=st.lists(_rules, max_size=3, unique_by=lambda rule: rule.code).map(tuple),
    tables=st.just(TABLES),
    shared_caps=st.builds(SharedCap, st.just("common"), _texts, st.integers(1, 99), _units, _windows, _persons).map(
        lambda cap: (cap,)
    ),
    budgets=st.just((Budget("basic", Text("Basic", "基础"), Text("Life", "活跃")),)),
    review_months=st.integers(1, 120),
    notice_days=st.integers(0, 365),
)


def sample() -> Book:
    return load_book(SOURCE, SHAPES)


def reading_of(text: str) -> Book | tuple[Problem, ...]:
    """The book of a text, or the problems it is refused with."""
    try:
        return load_book(text, SHAPES)
    except UnableToLoadBook as refusal:
        return refusal.problems


def found(text: str) -> list[tuple[str, str, int | None, str]]:
    with pytest.raises(UnableToLoadBook) as refusal:
        load_book(text, SHAPES)
    return [(each.item, each.place, each.file_line, each.code) for each in refusal.value.problems]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_a_written_book_reads_back_exactly() -> None:
    seen: set[str] = set()

    @STEADY
    @given(_books)
    def round_trip(book: Book) -> None:
        assume(not check_book(book, SHAPES))

        text = dump_book(book)

        assert load_book(text, SHAPES) == book
        assert dump_book(load_book(text, SHAPES)) == text
        assert from_json(to_json(book)) == from_data(to_data(book)) == book
        assert to_json(from_json(to_json(book))) == to_json(book)
        seen.add(digest_of(book))

    round_trip()
    assert len(seen) > 100


def test_the_sample_reads_as_it_was_meant() -> None:
    book = sample()

    rule = book.rule("profile_points")
    assert rule is not None
    assert rule.when == parse('entry.length > 0 && entry.item != "spam"')
    assert rule.caps == (Cap(1, "times", "lifetime", by="item"),)
    assert [limit.code for limit in limits_of(rule, book)] == ["profile_points:lifetime:times:item", "basics"]
    standing = book.rule("check_in_standing")
    assert standing is not None
    assert standing.valid_from == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert book.rule("nobody") is None


def test_equal_books_have_one_digest_and_different_ones_another() -> None:
    book = sample()
    other = dataclasses.replace(book, review_months=7)
    shuffled = dataclasses.replace(book, tables={"model_points": {"coupe": 200, "sedan": 100}})

    assert digest_of(book) == digest_of(shuffled) == digest_of(from_json(to_json(book)))
    assert dump_book(book) == dump_book(shuffled)
    assert digest_of(other) != digest_of(book)
    assert len(digest_of(book)) == 64


def test_the_json_form_survives_a_database_that_reorders_keys() -> None:
    book = sample()

    stored = json.loads(json.dumps(to_data(book), sort_keys=True))

    assert from_data(stored) == book
    assert digest_of(from_data(stored)) == digest_of(book)


def test_all_faults_are_told_together_with_their_lines() -> None:
    text = (
        SOURCE.replace("min(entry.streak, 30)", "min(entry.streek, 30)")
        .replace('&& entry.item != "spam"', '&& entry.item != "spam')
        .replace("budget: launch", "budget: lunch")
        .replace("amount: 2000", "amount: 20.5")
        .replace("limit: 500", "limit: yes")
        .replace("amount: 7", "amount: 7\n    colour: red")
    )

    assert found(text) == [
        ("rule check_in_points", "amount", line_of(text, "streek"), "field_unknown"),
        ("rule profile_points", "when", line_of(text, "spam"), "string_open"),
        ("rule order_points", "budget", line_of(text, "lunch"), "budget_unknown"),
        ("rule order_invited_points", "amount", line_of(text, "20.5"), "number_float"),
        ("rule order_inviter_points", "caps[1].limit", line_of(text, "limit: yes"), "value_wrong"),
        ("rule order_friend_points", "colour", line_of(text, "colour"), "key_unknown"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "place", "code"),
    [
        ("code: check_in_points", "code: Check-in", "code", "code_shape"),
        ("code: check_in_standing", "code: check_in_points", "code", "code_twice"),
        ("code: launch", "code: basic", "code", "code_twice"),
        ("kind: check_in\n", "kind: checkin\n", "kind", "kind_unknown"),
        ("time_zone: Asia/Shanghai", "time_zone: Asia/Nowhere", "time_zone", "time_zone_unknown"),
        ("zh: 常来", 'zh: " "', "behaviour.zh", "text_empty"),
        ("zh: 常来", 'zh: ""', "behaviour.zh", "text_empty"),
        ("{en: Come often, zh: 常来}", "{en: Come often}", "behaviour.zh", "key_missing"),
        ("zh: 常来", 'zh: "a\\u202eb"', "behaviour.zh", "text_control"),
        ("zh: 常来", "zh: null", "behaviour.zh", "value_wrong"),
        ("guideline: Every day counts", "guideline: ''", "guideline", "text_empty"),
        ("min(entry.streak, 30)", "entry.streak - 30", "amount", "amount_negative"),
        ("min(entry.streak, 30)", "entry.streak * 100001", "amount", "amount_too_large"),
        ("min(entry.streak, 30)", "true", "amount", "result_wrong"),
        ("when: resident.invited", "when: '1'", "when", "result_wrong"),
        ("lot_days: 730", "lot_days: 0", "lot_days", "number_range"),
        ("lot_days: 730", "lot_days: 730.0", "lot_days", "value_wrong"),
        ("lot_days: 730", "lot_days: '730'", "lot_days", "value_wrong"),
        ("lot_days: 730", "lot_days: 0x10", "lot_days", "value_wrong"),
        ("lot_days: 730", "lot_days: [730]", "lot_days", "value_wrong"),
        ("hold_days: 7", "hold_days: -1", "hold_days", "number_range"),
        ("lot_priority: -1", "lot_priority: 99999999999999999999", "lot_priority", "value_wrong"),
        ("lot_priority: -1", "lot_priority: 9999999999999999999", "lot_priority", "value_wrong"),
        ("assumed: true", "assumed: yes", "assumed", "value_wrong"),
        ("asset: contribution", "asset: karma", "asset", "choice_wrong"),
        ("contribution_class: interaction", "contribution_class: karma", "contribution_class", "choice_wrong"),
        ("contribution_class: interaction\n", "\n", "contribution_class", "choice_wrong"),
        ("contribution_class: interaction", "contribution_class: special\n    lot_days: 9", "lot_days", "points_only"),
        ("contribution_class: interaction", "hold_days: 1", "hold_days", "points_only"),
        ("contribution_class: interaction", "contribution_class: special\n    budget: basic", "budget", "points_only"),
        ("assumed: true", "contribution_class: special", "contribution_class", "contribution_only"),
        ("system: community", "assumed: false", "system", "choice_wrong"),
        ("budget: launch\n", "\n", "budget", "budget_unknown"),
        ("limited: true", "limited: false", "amount", "budget_amount"),
        ("    amount: 1000\n", "", "amount", "budget_amount"),
        ("alarm_at: 100", "alarm_at: 1001", "alarm_at", "budget_alarm"),
        ("reversal_kind: refund", "reversal_kind: check_in", "reversal_kind", "reversal_mismatch"),
        ("reversal_kind: refund", "reversal_kind: undo", "reversal_kind", "kind_unknown"),
        ("beneficiary: friend", "beneficiary: stranger", "beneficiary", "person_unknown"),
        ("beneficiary: friend", "beneficiary: model", "beneficiary", "person_unknown"),
        ("names: inviter", "names: cents", "names", "person_unknown"),
        ("names: inviter", "names: resident", "names", "person_unknown"),
        ("shared_caps: [basics]", "shared_caps: [basic]", "shared_caps", "shared_cap_unknown"),
        ("shared_caps: [basics]", "shared_caps: [basics, basics]", "shared_caps", "code_twice"),
        ("by: item", "by: nothing", "caps[1].by", "cap_by"),
        ("limit: 500", "limit: 0", "caps[1].limit", "number_range"),
        ("per: month", "per: fortnight", "caps[1].per", "choice_wrong"),
        ("unit: times\n        per: year", "unit: amount\n        per: month", "caps", "cap_twice"),
        ('when: beneficiary.grade != "owner"', "when: resident.invited", "when", "place_not_allowed"),
        ('when: beneficiary.grade != "owner"', "when: moment.day == 1", "when", "place_not_allowed"),
        ("limit: 100\n", "limit: -1\n", "limit", "number_range"),
        ("{sedan: 100, coupe: 200}", "{sedan: 100, coupe: 2000000000000}", "coupe", "number_range"),
        ("{sedan: 100, coupe: 200}", "{sedan: 100, '': 2}", "", "table_key_shape"),
        ("rows: [B-08, B-13]", "rows: [b8]", "rows", "row_shape"),
        ("2026-01-01T00:00:00+08:00", "2026-01-01T00:00:00", "valid_from", "validity_without_offset"),
        ("2026-01-01T00:00:00+08:00", "0001-01-01T00:00:00+08:00", "valid_from", "value_wrong"),
        ("2026-01-01T00:00:00+08:00", "soon", "valid_from", "value_wrong"),
        ("2026-01-01T00:00:00+08:00", "2027-01-01T00:00:00+08:00", "valid_to", "validity_order"),
        ("title: {en: Rules of the city, zh: 城市规则}\n", "", "title", "key_missing"),
    ],
)  # fmt: skip
def test_a_fault_in_a_book_is_found_at_its_place(old: str, new: str, place: str, code: str) -> None:
    text = SOURCE.replace(old, new, 1)
    assert text != SOURCE

    problems = found(text)

    assert (place, code) in [(each[1], each[3]) for each in problems]
    assert all(each[2] is not None for each in problems)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "yaml_syntax"),
        ("a: [1", "yaml_syntax"),
        ("a: b: c", "yaml_syntax"),
        ("a: \x00", "yaml_syntax"),
        ("\ud800", "yaml_syntax"),
        ("a: 1\na: 2", "key_twice"),
        ("a: &x 1\nb: *x", "yaml_alias"),
        ("&x a: 1", "yaml_alias"),
        ("a: !!python/object/apply:os.system ['true']", "yaml_tag"),
        ("a: !!float 1", "yaml_tag"),
        ("--- a\n--- b", "yaml_many_documents"),
        ("[a]: 1", "key_not_word"),
        ("[" * 100_000, "yaml_deep"),
        ("{a: " * 50 + "1" + "}" * 50, "yaml_deep"),
        ("a: " + "x" * 1_000_000, "yaml_too_large"),
        ("字" * 400_000, "yaml_too_large"),
        ("just words", "value_wrong"),
        ("[a, b]", "value_wrong"),
        ("<<: {a: 1}", "key_unknown"),
        ("rules: {}\ncode: 1", "value_wrong"),
        ("tables: [1]", "value_wrong"),
        ("tables: {a: 1}", "value_wrong"),
        ("tables: {a: {b: 1.5}}", "value_wrong"),
        ("rules: [1]", "value_wrong"),
        ("rules: [{title: x}]", "value_wrong"),
    ],
)
def test_it_refuses_a_hostile_or_broken_document(text: str, code: str) -> None:
    assert code in [each[3] for each in found(text)]


@STEADY
@given(st.data())
def test_any_damage_to_a_book_is_harmless_or_refused(data: st.DataObject) -> None:
    lines = SOURCE.split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        other = data.draw(st.sampled_from(lines))
        start = data.draw(st.integers(0, len(lines[place])))
        noise = data.draw(
            st.text(max_size=3) | st.sampled_from(["[", "{", ": ", "- ", "*a", "&a ", "!!x ", "'", "|", "#"])
        )
        lines[place] = data.draw(st.sampled_from([other, "", lines[place][:start] + noise + lines[place][start:]]))

    reading = reading_of("\n".join(lines))

    if isinstance(reading, Book):
        assert load_book(dump_book(reading), SHAPES) == reading
    else:
        assert reading
        assert all(problem.message("en") and problem.message("zh") for problem in reading)


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))

    assert found(bomb) == [("book", "", 1, "yaml_alias")]


@pytest.mark.parametrize("text", ["[" * 100_000, "{", '{"a": 1, "a": 2}', '{"code": 1.5}', "NaN", "[]"])
def test_it_refuses_a_stored_form_it_did_not_write(text: str) -> None:
    with pytest.raises(UnableToLoadBook):
        from_json(text)


def test_a_faulty_book_is_never_compiled() -> None:
    faulty = dataclasses.replace(sample(), time_zone="Nowhere")

    with pytest.raises(UnableToLoadBook):
        compile_book(faulty, SHAPES)


def test_a_moment_without_offset_is_refused_in_a_book_built_by_hand() -> None:
    naive: Any = datetime(2026, 1, 1)  # noqa: DTZ001
    rules = (dataclasses.replace(sample().rules[0], valid_from=naive),)

    codes = [problem.code for problem in check_book(dataclasses.replace(sample(), rules=rules), SHAPES)]

    assert codes == ["validity_without_offset"]
