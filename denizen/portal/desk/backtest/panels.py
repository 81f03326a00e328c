"""The figures of a run as tables with their pictures: what the page shows and what the CSV holds is the same table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from denizen.shell.drawings import Bar, Series, bar_chart, line_chart
from denizen.shell.figures import day, grouped, moment, signed
from denizen.shell.sheets import sheet

BROAD = 720
BARS_MAX = 12
GRADES = ("fan", "depositor", "owner", "founder_owner", "former_owner")
TENURES = ("under_30_days", "30_to_89_days", "90_to_364_days", "365_days_and_more")
IN_ORDER = {name: f"{place:02}" for names in (GRADES, TENURES) for place, name in enumerate(names)}
"""Grades and tenures are read in their own order, city tiers by number, the unknown last."""
PPM_OF_PERCENT = 10_000

Figures = Mapping[str, Any]
Row = Sequence[str | int | Markup]


@dataclass(frozen=True, slots=True)
class Words:
    """How keys of the figures are said: rules, caps and budgets by code, residents by key."""

    rules: Mapping[str, str]
    residents: Mapping[int, str]
    links: Mapping[int, str]
    grades: Mapping[str, str]
    shared: Mapping[str, str] = field(default_factory=dict)
    budgets: Mapping[str, str] = field(default_factory=dict)

    def rule(self, code: str) -> str:
        return self.rules.get(code, code)

    def resident(self, key: int) -> str:
        return self.residents.get(key) or _("Resident %(number)s") % {"number": key}

    def linked(self, key: int) -> str | Markup:
        """The name, leading to the resident's page for who may open it."""
        link = self.links.get(key)
        return Markup('<a href="{}">{}</a>').format(link, self.resident(key)) if link else self.resident(key)


@dataclass(frozen=True, slots=True)
class Panel:
    """One table. ``shown`` is for eyes, ``rows`` for machines: keys and whole numbers."""

    code: str
    title: str
    note: str
    heads: Sequence[str]
    shown: Sequence[Row]
    rows: Sequence[Row]
    picture: Markup | str = field(default="")
    wide: bool = False

    def csv(self) -> str:
        return sheet([self.heads, *self.rows])


def panels(figures: Figures, words: Words) -> list[Panel]:
    """Every table of a finished run, in reading order; the ones without rows stay away."""
    makers: tuple[Callable[[Figures, Words], Panel], ...] = (
        _weeks_of("points"), _weeks_of("contribution"), _rules, _groups_of("grade"), _groups_of("city_tier"),
        _groups_of("tenure"), _people_of("gaining"), _people_of("losing"), _caps, _budgets, _ranks, _shares,
    )  # fmt: skip
    return [panel for make in makers if (panel := make(figures, words)).rows]


def in_short(figures: Figures) -> list[str]:
    """What came of it, a sentence for points and one for contribution where anything differs."""
    weeks = max(1, len({cell["week"] for cell in figures["weeks"]}))
    told = []
    for total in figures["totals"]:
        groups = [each for each in figures["groups"] if each["by"] == "grade" and each["asset"] == total["asset"]]
        gaining, losing = (sum(each[side] for each in groups) for side in ("gaining", "losing"))
        if not (total["difference"] or gaining or losing):
            continue
        numbers = {
            "amount": signed(total["difference"]), "weekly": signed(total["difference"] // weeks),
            "gaining": grouped(gaining), "losing": grouped(losing), "what": asset_name(total["asset"]),
        }  # fmt: skip
        told.append(
            _("%(what)s: %(amount)s in all, about %(weekly)s a week. %(gaining)s residents would have got more, "
              "%(losing)s less.") % numbers
        )  # fmt: skip
    return told or [_("Nobody would have got more or less: nothing that happened so far is touched by this change.")]


def asset_name(asset: str) -> str:
    return _("Points") if asset == "points" else _("Contribution")


def _both() -> tuple[str, str, str]:
    return _("In force"), _("Tried"), _("Difference")


def _weeks_of(asset: str) -> Callable[[Figures, Words], Panel]:
    def make(figures: Figures, words: Words) -> Panel:  # noqa: ARG001
        sums: dict[str, list[int]] = {}
        for cell in figures["weeks"]:
            if cell["asset"] == asset:
                both = sums.setdefault(cell["week"], [0, 0])
                both[0] += cell["live"]["net"]
                both[1] += cell["tried"]["net"]
        weeks = sorted(sums)
        rows = [(week, sums[week][0], sums[week][1], sums[week][1] - sums[week][0]) for week in weeks]
        title = _("Points by week") if asset == "points" else _("Contribution by week")
        return Panel(
            f"weeks_{asset}", title,
            _("What both books pay, less what reversals took back. The first and the last week may be cut short."),
            (_("Week from"), *_both()),
            [(_week(week), live, tried, signed(difference)) for week, live, tried, difference in rows], rows,
            _weekly(rows, title),
            wide=True,
        )  # fmt: skip

    return make


def _weekly(rows: Sequence[tuple[str, int, int, int]], title: str) -> Markup | str:
    if len(rows) < 2:
        return ""
    series = [
        Series(_("In force"), [row[1] for row in rows], "quiet"), Series(_("Tried"), [row[2] for row in rows], "lake"),
    ]  # fmt: skip
    return line_chart(series, first=_week(rows[0][0]), last=_week(rows[-1][0]), label=title, width=BROAD)


def _rules(figures: Figures, words: Words) -> Panel:
    changed = [rule for rule in figures["rules"] if rule["difference"]]
    ordered = sorted(changed, key=lambda rule: (-abs(rule["difference"]), rule["rule"]))
    rows = [
        (rule["rule"], rule["asset"], rule["live"]["times"], rule["live"]["net"], rule["tried"]["times"],
         rule["tried"]["net"], rule["difference"])
        for rule in ordered
    ]  # fmt: skip
    bars = [Bar(words.rule(rule["rule"]), rule["difference"], _tone(rule["difference"])) for rule in ordered[:BARS_MAX]]
    return Panel(
        "rules", _("Rules that cost more or less"), _("Largest difference first."),
        (_("Rule"), _("Pays"), _("Times in force"), _("In force"), _("Times tried"), _("Tried"), _("Difference")),
        [(words.rule(row[0]), asset_name(row[1]), *row[2:6], signed(row[6])) for row in rows], rows,
        bar_chart(bars, label=_("Rules that cost more or less")) if bars else "",
    )  # fmt: skip


def _groups_of(by: str) -> Callable[[Figures, Words], Panel]:
    def make(figures: Figures, words: Words) -> Panel:
        found = sorted(
            (each for each in figures["groups"] if each["by"] == by and each["residents"]),
            key=lambda each: (each["asset"] != "points", IN_ORDER.get(each["group"], each["group"])),
        )
        rows = [
            (each["group"], each["asset"], each["residents"], each["gaining"], each["losing"], each["live"],
             each["tried"], each["difference"])
            for each in found
        ]  # fmt: skip
        titles = {
            "grade": _("Who gains and who loses, by grade"),
            "city_tier": _("Who gains and who loses, by city tier"),
            "tenure": _("Who gains and who loses, by time with us"),
        }
        bars = [
            Bar(f"{_group(by, each['group'], words)} · {asset_name(each['asset'])}", each["difference"],
                _tone(each["difference"]))
            for each in found if each["difference"]
        ][:BARS_MAX]  # fmt: skip
        return Panel(
            f"groups_{by}", titles[by], _("Only residents who got something from one of the books."),
            (_("Group"), _("Of what"), _("Residents"), _("Gain"), _("Lose"), *_both()),
            [(_group(by, row[0], words), asset_name(row[1]), *row[2:7], signed(row[7])) for row in rows], rows,
            bar_chart(bars, label=titles[by]) if bars else "",
        )  # fmt: skip

    return make


def _group(by: str, group: str, words: Words) -> str:
    if group == "unknown":
        return _("not known")
    if by == "grade":
        return words.grades.get(group, group)
    if by == "city_tier":
        return _("Tier %(number)s") % {"number": group}
    return {
        "365_days_and_more": _("A year and longer"), "90_to_364_days": _("90 days to a year"),
        "30_to_89_days": _("30 to 89 days"), "under_30_days": _("Under 30 days"),
    }[group]  # fmt: skip


def _people_of(which: str) -> Callable[[Figures, Words], Panel]:
    def make(figures: Figures, words: Words) -> Panel:
        title = _("The ten who gain most") if which == "gaining" else _("The ten who lose most")
        found = figures[which]
        rows = [(each["resident"], each["asset"], each["live"], each["tried"], each["difference"]) for each in found]
        return Panel(
            which, title, _("Ten for points, ten for contribution."), (_("Resident"), _("Of what"), *_both()),
            [(words.linked(row[0]), asset_name(row[1]), row[2], row[3], signed(row[4])) for row in rows], rows,
        )  # fmt: skip

    return make


def _caps(figures: Figures, words: Words) -> Panel:
    rows = [
        (each["cap"], each["live_times"], each["live_cut"], each["tried_times"], each["tried_cut"])
        for each in sorted(figures["caps"], key=lambda each: (-each["tried_times"], each["cap"]))
    ]
    return Panel(
        "caps", _("Limits that were hit"), _("How often, and how much they cut off."),
        (_("Limit"), _("Times in force"), _("Cut off in force"), _("Times tried"), _("Cut off tried")),
        [(_limit(row[0], words), *row[1:]) for row in rows], rows,
    )  # fmt: skip


def _limit(code: str, words: Words) -> str:
    """``check_in:day:times`` as the rule's title and its window; a shared limit by its title."""
    rule, *rest = code.split(":")
    if len(rest) < 2 or rule not in words.rules:
        return words.shared.get(code, code)
    window = _windows().get(rest[0], rest[0])
    told = window if rest[1] == "times" else _("%(window)s, by amount") % {"window": window}
    apart = _("%(limit)s, counted apart for each subject") % {"limit": told} if rest[2:] else told
    return f"{words.rule(rule)} · {apart}"


def _windows() -> dict[str, str]:
    return {
        "day": _("by day"), "week": _("by week"), "month": _("by month"), "year": _("by year"), "lifetime": _("in all"),
    }  # fmt: skip


def _budgets(figures: Figures, words: Words) -> Panel:
    rows = [
        (each["budget"], _or_empty(each["live_left"]), each["live_exhausted_at"] or "", each["live_refused"],
         _or_empty(each["tried_left"]), each["tried_exhausted_at"] or "", each["tried_refused"])
        for each in figures["budgets"]
    ]  # fmt: skip
    shown = [
        (words.budgets.get(row[0], row[0]), _left(row[1]), _ended(str(row[2])), row[3],
         _left(row[4]), _ended(str(row[5])), row[6])
        for row in rows
    ]  # fmt: skip
    return Panel(
        "budgets", _("Limited budgets"), _("When each first had nothing left, and how many awards it refused."),
        (_("Budget"), _("Left in force"), _("Ends in force"), _("Refused in force"), _("Left tried"), _("Ends tried"),
         _("Refused tried")),
        shown, rows,
    )  # fmt: skip


def _or_empty(amount: int | None) -> int | str:
    return "" if amount is None else amount


def _left(amount: int | str) -> str:
    return "–" if isinstance(amount, str) else grouped(amount)


def _ended(iso: str) -> str:
    return moment(datetime.fromisoformat(iso)) if iso else _("lasts")


def _ranks(figures: Figures, words: Words) -> Panel:
    ranks = figures["ranks"]
    moves = [*ranks["largest_up"], *ranks["largest_down"]]
    rows = [
        (each["resident"], each["before"], each["after"], each["before"] - each["after"])
        for each in moves
    ]  # fmt: skip
    note = _("%(up)s of %(ranked)s residents move up, %(down)s move down.") % {
        "up": grouped(ranks["up"]), "ranked": grouped(ranks["ranked"]), "down": grouped(ranks["down"]),
    }  # fmt: skip
    return Panel(
        "ranks", _("Places by contribution"), note, (_("Resident"), _("In force"), _("Tried"), _("Places gained")),
        [(words.linked(row[0]), row[1], row[2], signed(row[3])) for row in rows], rows,
    )  # fmt: skip


def _shares(figures: Figures, words: Words) -> Panel:  # noqa: ARG001
    found = [each for each in figures["top_share"] if each["live_residents"] or each["tried_residents"]]
    rows = [
        (each["asset"], each["live_residents"], each["live_ppm"], each["tried_residents"], each["tried_ppm"])
        for each in found
    ]
    return Panel(
        "top_share", _("What the best hundredth got"), _("Their part of everything that was paid in the span."),
        (_("Of what"), _("Residents in force"), _("Part in force"), _("Residents tried"), _("Part tried")),
        [(asset_name(row[0]), row[1], percent(row[2]), row[3], percent(row[4])) for row in rows], rows,
    )  # fmt: skip


def percent(ppm: int) -> str:
    """Parts per million as a percentage with two decimals."""
    whole, rest = divmod(ppm, PPM_OF_PERCENT)
    return f"{whole}.{rest // 100:02}\u202f%"


def _tone(difference: int) -> str:
    return "lake" if difference > 0 else "over"


def _week(iso: str) -> str:
    return day(date.fromisoformat(iso))
