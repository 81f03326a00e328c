"""Reckon up a finished replay: two tallies become the figures of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from denizen.ground.identity.queries import city_tiers_of
from denizen.kit.clock import from_micros
from denizen.people.growth.backtest.figures import (
    BudgetUse,
    Change,
    Figures,
    Group,
    Hits,
    Paid,
    RankMove,
    Ranks,
    RuleCost,
    RuleWeekCost,
    TopShare,
    Total,
)
from denizen.people.growth.backtest.proof import Equality
from denizen.people.growth.backtest.replay import Replay
from denizen.people.growth.backtest.tally import DAY_US, LimitHit, RuleWeek, Tally
from denizen.people.rulebook.queries import calendar_of

FORMAT = 1
NAMED_MAX = 10
MILLION = 1_000_000
ASSETS = ("points", "contribution")
UNKNOWN = "unknown"
TENURES = ((365, "365_days_and_more"), (90, "90_to_364_days"), (30, "30_to_89_days"), (0, "under_30_days"))
EPOCH_DAY = date(2000, 1, 1)


def figures_of(run: Replay, equality: Equality) -> Figures:
    """The figures of a finished replay and its proof."""
    live, tried, span = run.live.tally, run.shadow.tally, run.span
    return Figures(
        format=FORMAT,
        tried_digest=run.tried.digest,
        tried_title_en=run.tried.title_en,
        tried_title_zh=run.tried.title_zh,
        begins_at=_iso(span.begins_us),
        ends_at=_iso(span.ends_us),
        watermark=span.watermark,
        entries=run.entries,
        given=run.given,
        reversals=run.reversals,
        replay_payments=equality.payments,
        replay_differing=equality.differing,
        replay_differing_entries=tuple(each.entry for each in equality.differences),
        totals=tuple(_totals(live, tried)),
        rules=tuple(_rules(live, tried)),
        weeks=tuple(_weeks(live, tried)),
        groups=tuple(_groups(run)),
        gaining=tuple(_largest(live, tried, -1)),
        losing=tuple(_largest(live, tried, 1)),
        caps=tuple(_caps(live, tried)),
        budgets=tuple(_budgets(run)),
        ranks=_ranks(live.stands, tried.stands),
        top_share=tuple(_shares(live, tried)),
    )


def _iso(moment_us: int | None) -> str | None:
    return None if moment_us is None else from_micros(moment_us).isoformat()


def _paid(cells: Iterable[RuleWeek]) -> Paid:
    times = granted = taken_back = 0
    for cell in cells:
        times, granted, taken_back = times + cell.times, granted + cell.granted, taken_back + cell.taken_back
    return Paid(times, granted, taken_back, granted - taken_back)


def _gathered(tally: Tally, key: Callable[[tuple[str, str, int]], Any]) -> dict[Any, Paid]:
    cells: dict[Any, list[RuleWeek]] = {}
    for place, cell in tally.rules.items():
        cells.setdefault(key(place), []).append(cell)
    return {place: _paid(found) for place, found in cells.items()}


NONE = Paid(0, 0, 0, 0)


def _beside(live: Mapping[Any, Paid], tried: Mapping[Any, Paid]) -> Iterable[tuple[Any, Paid, Paid, int]]:
    for key in sorted({*live, *tried}):
        ours, theirs = live.get(key, NONE), tried.get(key, NONE)
        yield key, ours, theirs, theirs.net - ours.net


def _totals(live: Tally, tried: Tally) -> Iterable[Total]:
    ours, theirs = _gathered(live, lambda place: place[1]), _gathered(tried, lambda place: place[1])
    for asset in ASSETS:
        one, other = ours.get(asset, NONE), theirs.get(asset, NONE)
        yield Total(asset, one, other, other.net - one.net)


def _rules(live: Tally, tried: Tally) -> Iterable[RuleCost]:
    ours, theirs = _gathered(live, lambda place: place[:2]), _gathered(tried, lambda place: place[:2])
    for (rule, asset), one, other, difference in _beside(ours, theirs):
        yield RuleCost(rule, asset, one, other, difference)


def _weeks(live: Tally, tried: Tally) -> Iterable[RuleWeekCost]:
    ours, theirs = _gathered(live, lambda place: place), _gathered(tried, lambda place: place)
    for (rule, asset, day), one, other, difference in _beside(ours, theirs):
        yield RuleWeekCost(rule, asset, (EPOCH_DAY + timedelta(days=day)).isoformat(), one, other, difference)


def _got(tally: Tally, asset: str) -> dict[int, int]:
    return tally.points if asset == "points" else tally.contribution


def _groups(run: Replay) -> Iterable[Group]:
    end_us = run.last_us if run.last_us is not None else 0
    residents = sorted(
        {each for tally in (run.live.tally, run.shadow.tally) for asset in ASSETS for each in _got(tally, asset)}
    )
    tiers = city_tiers_of(residents)
    known = run.learnt.known
    of_resident: tuple[tuple[str, Callable[[int], str]], ...] = (
        ("grade", lambda each: str(known[each].grade_at(end_us))),
        ("city_tier", lambda each: UNKNOWN if tiers.get(each) is None else str(tiers[each])),
        ("tenure", lambda each: _tenure(run.first_seen_us.get(each), end_us, run.shadow.tally.time_zone)),
    )
    for by, group_of in of_resident:
        members: dict[str, list[int]] = {}
        for each in residents:
            members.setdefault(group_of(each), []).append(each)
        for asset in ASSETS:
            for group in sorted(members):
                yield _group(by, group, asset, members[group], run)


def _group(by: str, group: str, asset: str, members: list[int], run: Replay) -> Group:
    ours, theirs = _got(run.live.tally, asset), _got(run.shadow.tally, asset)
    pairs = [(ours.get(each, 0), theirs.get(each, 0)) for each in members if each in ours or each in theirs]
    live, tried = sum(one for one, _ in pairs), sum(other for _, other in pairs)
    gaining, losing = sum(other > one for one, other in pairs), sum(other < one for one, other in pairs)
    return Group(by, group, asset, len(pairs), gaining, losing, live, tried, tried - live)


def _tenure(first_us: int | None, end_us: int, time_zone: str) -> str:
    """Local days between the first behaviour ever decided and the last of the span."""
    if first_us is None:
        return UNKNOWN
    calendar = calendar_of(time_zone)
    days = calendar.local_us(end_us) // DAY_US - calendar.local_us(first_us) // DAY_US
    return next((name for least, name in TENURES if days >= least), TENURES[-1][1])


def _largest(live: Tally, tried: Tally, sign: int) -> Iterable[Change]:
    """The ten residents who gain (-1) or lose (1) most of each asset, ties by key."""
    for asset in ASSETS:
        ours, theirs = _got(live, asset), _got(tried, asset)
        changes = ((theirs.get(each, 0) - ours.get(each, 0), each) for each in ours.keys() | theirs.keys())
        wanted = sorted((sign * difference, each) for difference, each in changes if sign * difference < 0)
        for _, each in wanted[:NAMED_MAX]:
            one, other = ours.get(each, 0), theirs.get(each, 0)
            yield Change(each, asset, one, other, other - one)


def _caps(live: Tally, tried: Tally) -> Iterable[Hits]:
    none = LimitHit()
    for cap in sorted({*live.caps, *tried.caps}):
        one, other = live.caps.get(cap, none), tried.caps.get(cap, none)
        yield Hits(cap, one.times, one.cut, other.times, other.cut)


def _budgets(run: Replay) -> Iterable[BudgetUse]:
    none = LimitHit()
    live, tried = run.live, run.shadow
    for code in sorted({*live.state.budgets, *tried.state.budgets}):
        yield BudgetUse(
            budget=code,
            live_left=live.state.budgets.get(code),
            live_exhausted_at=_iso(live.tally.exhausted_us.get(code)),
            live_refused=live.tally.budgets.get(code, none).times,
            tried_left=tried.state.budgets.get(code),
            tried_exhausted_at=_iso(tried.tally.exhausted_us.get(code)),
            tried_refused=tried.tally.budgets.get(code, none).times,
        )


def _ranks(before: Mapping[int, int], after: Mapping[int, int]) -> Ranks:
    ranked = sorted(each for each in before.keys() | after.keys() if before.get(each, 0) or after.get(each, 0))
    old, new = _places(before, ranked), _places(after, ranked)
    moves = [RankMove(each, old[each], new[each]) for each in ranked if old[each] != new[each]]
    up = sorted((move.after - move.before, move.resident, move) for move in moves if move.after < move.before)
    down = sorted((move.before - move.after, move.resident, move) for move in moves if move.after > move.before)
    return Ranks(
        ranked=len(ranked), up=len(up), down=len(down),
        largest_up=tuple(move for *_, move in up[:NAMED_MAX]),
        largest_down=tuple(move for *_, move in down[:NAMED_MAX]),
    )  # fmt: skip


def _places(sums: Mapping[int, int], ranked: Iterable[int]) -> dict[int, int]:
    places: dict[int, int] = {}
    ordered = sorted(ranked, key=lambda each: -sums.get(each, 0))
    for number, each in enumerate(ordered, start=1):
        tied = number > 1 and sums.get(ordered[number - 2], 0) == sums.get(each, 0)
        places[each] = places[ordered[number - 2]] if tied else number
    return places


def _shares(live: Tally, tried: Tally) -> Iterable[TopShare]:
    for asset in ASSETS:
        yield TopShare(asset, *_share(_got(live, asset)), *_share(_got(tried, asset)))


def _share(got: Mapping[int, int]) -> tuple[int, int]:
    """How many the best hundredth are (at least one), and their part of everything that was got."""
    amounts = sorted((amount for amount in got.values() if amount > 0), reverse=True)
    if not amounts:
        return 0, 0
    best = -(-len(amounts) // 100)
    return best, sum(amounts[:best]) * MILLION // sum(amounts)
