"""Differences in sentences, in both languages: “Check-in pays 2 instead of 1 from 1 March.”"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from denizen.kit.schema import Shape

from .change_patterns import BUDGET_AMOUNT, CAPS, CONDITIONS, FIELDS, ITEMS, PARTS, PILOTS, SHARED
from .differences import Difference
from .expressions import Expr
from .model import ALWAYS, Cap, Pilot, Rule, SharedCap, Text
from .printer import to_text
from .sentences import Fixed, Vocabulary, amount_of, condition_of, spoken_amount, spoken_condition, titled

NO_SHAPES: Mapping[str, Shape] = {}

_NOTHING = Text("nothing", "无")
_UNITS = {"points": Text("points", "积分"), "contribution": Text("n of contribution value", "贡献值")}
_PERS = {
    "day": Text("a day", "每天"),
    "week": Text("a week", "每周"),
    "month": Text("a month", "每月"),
    "year": Text("a year", "每年"),
    "lifetime": Text("in all", "总共"),
}


def sentence(difference: Difference, *, since: Text | None = None, shapes: Mapping[str, Shape] = NO_SHAPES) -> Text:
    """A difference as a sentence; ``since`` is the day from which it holds, already written in both languages."""
    pattern = _pattern(difference)
    before, after = (_said(each, difference, shapes) for each in (difference.before, difference.after))
    item = ITEMS.get(difference.item) or Text(difference.item, difference.item)
    title = difference.before if difference.field == "title" else difference.title
    field = Text(difference.field, difference.field)
    if difference.part == "table":
        title, field = titled(title.en), titled(difference.field)
    english = pattern.en.format(title=title.en, field=field.en, before=before.en, after=after.en, item=item.en).rstrip(
        "."
    )
    chinese = pattern.zh.format(title=title.zh, field=field.zh, before=before.zh, after=after.zh, item=item.zh).rstrip(
        "。"
    )
    if since is None:
        return Text(f"{english}.", f"{chinese}。")
    return Text(f"{english} from {since.en}.", f"{since.zh}起，{chinese}。")


def limit_words(limit: Cap | SharedCap) -> Text:
    """A limit: “3 times a day”, “at most 100 in all”."""
    per = _PERS[limit.per]
    if limit.unit == "times":
        told = Text(
            f"{limit.limit:,} times {per.en}" if limit.limit > 1 else f"once {per.en}", f"{per.zh} {limit.limit:,} 次"
        )
        if limit.limit == 1 and limit.per == "lifetime":
            told = Text("once", "仅 1 次")
    else:
        told = Text(f"at most {limit.limit:,} {per.en}", f"{per.zh}最多 {limit.limit:,}")
    by = limit.by if isinstance(limit, Cap) else None
    if by is not None:
        told = Text(f"{told.en} for each {by}", f"每个 {by} {told.zh}")
    if limit.when == ALWAYS:
        return told
    only = spoken_condition(condition_of(limit.when), Vocabulary(moment=False))
    return Text(f"{told.en} (if {only.en})", f"{told.zh}（当{only.zh}）")


def award_words(rule: Rule, shapes: Mapping[str, Shape] = NO_SHAPES) -> Text:
    """What a rule pays: “5 points”."""
    vocabulary = Vocabulary(shape=shapes.get(rule.kind))
    return spoken_amount(amount_of(rule.amount), vocabulary, _UNITS[rule.asset])


def condition_words(rule: Rule, shapes: Mapping[str, Shape] = NO_SHAPES) -> Text:
    """What a rule asks for, as half a sentence after “if”; empty when it asks for nothing."""
    return spoken_condition(condition_of(rule.when), Vocabulary(shape=shapes.get(rule.kind)))


def _pattern(difference: Difference) -> Text:
    if not difference.field or difference.part == "table":
        return PARTS[difference.part, difference.change]
    match difference.field:
        case "when":
            return CONDITIONS[_condition_change(difference)]
        case "cap":
            return CAPS[difference.change]
        case "shared_cap":
            return SHARED[difference.change]
        case "pilot":
            return PILOTS[difference.change]
        case "amount" if difference.part == "budget":
            return BUDGET_AMOUNT
    return FIELDS[difference.field]


def _condition_change(difference: Difference) -> str:
    if difference.before == ALWAYS:
        return "added"
    return "removed" if difference.after == ALWAYS else "changed"


def _said(value: Any, difference: Difference, shapes: Mapping[str, Shape]) -> Text:
    """One side of a difference, in words."""
    match value:
        case None:
            return Text("for ever", "长期") if difference.field == "lot_days" else _NOTHING
        case Text():
            return value
        case Rule():
            return award_words(value, shapes)
        case Cap() | SharedCap():
            return limit_words(value)
        case Pilot():
            return Text(", ".join(value.cities), "、".join(value.cities))
        case bool():
            return Text("yes", "是") if value else Text("no", "否")
        case int():
            return _number(value, difference.field)
        case datetime():
            return Text(f"{value:%Y-%m-%d %H:%M} UTC", f"{value:%Y-%m-%d %H:%M}（UTC）")
        case tuple():
            return _listed(value, difference.field)
        case str():
            return _UNITS.get(value) or _PERS.get(value) or Text(value.replace("_", " "), value)
        case _ if isinstance(value, Expr):
            return _expression(value, difference, shapes)
    return Text(str(value), str(value))


def _listed(values: tuple[Any, ...], field: str) -> Text:
    if not values and field == "pilot_compare_with":
        return Text("the other cities of the same size", "同等规模的其他城市")
    return Text(", ".join(map(str, values)) or "–", "、".join(map(str, values)) or "–")


def _number(value: int, field: str) -> Text:
    if field == "lot_days":
        return Text(f"{value:,} days", f" {value:,} 天")
    return Text(f"{value:,}", f"{value:,}")


def _expression(tree: Expr, difference: Difference, shapes: Mapping[str, Shape]) -> Text:
    """A condition or an amount in words; a plain number stays a number."""
    rule = difference.rule
    vocabulary = Vocabulary(shape=shapes.get(rule.kind) if rule else None)
    if difference.field == "when":
        return spoken_condition(condition_of(tree), vocabulary) if tree != ALWAYS else _NOTHING
    amount = amount_of(tree)
    if isinstance(amount, Fixed):
        return _number(amount.amount, difference.field)
    if rule is None:
        return Text(to_text(tree), to_text(tree))
    return spoken_amount(amount, vocabulary, _UNITS[rule.asset])
