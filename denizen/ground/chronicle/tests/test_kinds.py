"""The vocabulary: complete, bounded, reversible, and documented."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest

from denizen.ground.chronicle import commands, kinds
from denizen.ground.chronicle.commands import UnableToSyncKinds
from denizen.ground.chronicle.kinds import AREAS, BY_NUMBER, KINDS, REVERSALS, SHAPES, Kind, Reversal, kinds_of
from denizen.ground.chronicle.kinds.declare import Number, Word, kind
from denizen.ground.chronicle.kinds.page import kinds_page
from denizen.ground.chronicle.models import KindCode
from denizen.kit.schema import INT64_MAX

DOCS = Path(__file__).resolve().parents[4] / "docs"
EARNING_ROWS = [f"B-{number:02}" for number in (*range(5, 13), *range(14, 36), *range(50, 62))] + ["D-17", "C-11"]
WITHOUT_REVERSAL = {"wechat_unbound", "recommendation_shown"}
"""What pays nothing by itself: unbinding is an act of its own, and what was shown cannot be unseen."""


@pytest.mark.partial("B-03")
@pytest.mark.parametrize("row", [pytest.param(row, marks=pytest.mark.partial(row)) for row in EARNING_ROWS])
def test_every_earning_row_has_a_kind(row: str) -> None:
    assert [code for code, each in KINDS.items() if row in each.rows and each.reverses is None]


@pytest.mark.parametrize("each", KINDS.values(), ids=KINDS)
def test_every_kind_can_be_undone_by_one_kind_that_names_the_original(each: Kind) -> None:
    if each.reverses is not None:
        assert [field.name for field in each.shape.fields] == ["original"]
        assert issubclass(each.payload, Reversal)
        assert each.fact == KINDS[each.reverses].fact
    else:
        assert (each.code in REVERSALS) != (each.code in WITHOUT_REVERSAL)


@pytest.mark.parametrize("each", KINDS.values(), ids=KINDS)
def test_every_kind_speaks_both_languages_and_is_bounded(each: Kind) -> None:
    assert re.fullmatch(r"[a-z][a-z_]{0,59}", each.code)
    assert 0 < each.number < 2**15
    assert re.search("[\u4e00-\u9fff]", each.title_zh)
    assert each.title_en.isascii()
    for field in each.shape.fields:
        assert field.title_en
        assert re.search("[\u4e00-\u9fff]", field.title_zh)
        assert 0 <= field.minimum <= field.maximum <= INT64_MAX


def test_every_declared_kind_is_gathered_once() -> None:
    declared = [each for area in AREAS for each in kinds_of(area)]

    assert len(declared) == len(KINDS) == len(BY_NUMBER) == len(SHAPES)
    assert {each.code for each in declared} == set(KINDS)


def test_the_page_is_fresh() -> None:
    assert (DOCS / "kinds.md").read_text(encoding="utf-8") == kinds_page(), (
        "run: python -m denizen.ground.chronicle.kinds.page > docs/kinds.md"
    )


def test_a_kind_is_a_frozen_value_with_a_derived_shape() -> None:
    bought = kinds.trade.PurchaseMade(amount=1177, items=1)

    assert kinds.kind_of(bought).shape.field("amount").unit == "minor units"
    with pytest.raises(AttributeError):
        bought.amount = 1


def test_it_refuses_what_is_no_kind() -> None:
    with pytest.raises(TypeError, match="no kind"):
        kinds.kind_of("checked_in")


def test_it_refuses_a_field_whose_type_does_not_fit() -> None:
    class Odd:
        amount: Annotated[str, Number("Amount", "金额", 5)]

    with pytest.raises(TypeError, match="does not fit"):
        kind(9_000, "Odd", "奇", rows=())(Odd)


def test_it_refuses_a_field_that_says_nothing_of_itself() -> None:
    class Odd:
        amount: int

    with pytest.raises(TypeError, match="annotated"):
        kind(9_000, "Odd", "奇", rows=())(Odd)


def test_it_refuses_a_reversal_that_does_not_name_the_original() -> None:
    @dataclass
    class Odd:
        work: Annotated[str, Word("Work", "作品")]

    with pytest.raises(TypeError, match="Reversal"):
        kind(9_000, "Odd", "奇", rows=(), reverses=kinds.community.CheckedIn)(Odd)


@pytest.mark.django_db
def test_syncing_stores_every_number_and_repeats_harmlessly() -> None:
    assert dict(KindCode.objects.values_list("id", "code")) == {number: each.code for number, each in BY_NUMBER.items()}
    KindCode.objects.filter(code="checked_in").delete()

    assert (commands.sync_kinds(), commands.sync_kinds()) == (1, 0)
    assert KindCode.objects.get(code="checked_in").pk == KINDS["checked_in"].number


@pytest.mark.django_db
def test_syncing_refuses_to_give_a_number_to_another_kind() -> None:
    KindCode.objects.filter(id=KINDS["checked_in"].number).update(code="moonwalked")

    with pytest.raises(UnableToSyncKinds, match="never reused"):
        commands.sync_kinds()
