"""Measures of who holds what, and of how many."""

from __future__ import annotations

from denizen.ground.chronicle.queries.tallies import entry_rows_sql
from denizen.ground.ledger.queries import Asset
from denizen.ground.ledger.queries.circulation import (
    Lines,
    active_lines,
    balance_days,
    dead_lines,
    gini_lines,
    holding_lines,
    reserved_lines,
    resident_lines,
    spender_lines,
    tenth_lines,
    top_lines,
)
from denizen.insight.central_bank.queries.assumptions import quiet_months
from denizen.insight.central_bank.queries.measures.shape import Measure, held
from denizen.insight.central_bank.queries.scope import Clocks, Scope
from denizen.insight.central_bank.queries.topics import TOPICS
from denizen.insight.central_bank.queries.words import Text
from denizen.insight.central_bank.rules import months_before

TENTHS = frozenset(str(tenth) for tenth in range(1, 11))

HOLDINGS = (
    held(
        "reserved",
        Text("Reserved", "冻结中"),
        Text("Points that open holds claim at the end of the day.", "当天结束时被冻结占用的积分。"),
        lambda scope, clocks: reserved_lines(scope.as_of(clocks)),
        "points",
    ),
    held(
        "points_held",
        Text("Held by residents", "居民持有"),
        Text("Points of everybody who holds any at the end of the day.", "当天结束时持有积分的所有居民的积分。"),
        lambda scope, clocks: holding_lines(Asset.POINTS, scope.as_of(clocks), positive=True),
        "points",
    ),
    held(
        "points_top",
        Text("Held by the top 1%", "前 1% 持有"),
        Text(
            "Points of the one resident in a hundred who holds most, rounded up.",
            "持有最多的百分之一居民（向上取整）的积分。",
        ),
        lambda scope, clocks: top_lines(Asset.POINTS, scope.as_of(clocks)),
        "points",
    ),
    held(
        "points_gini",
        Text("Gini, numerator (points)", "基尼系数分子（积分）"),
        Text(
            "Sum of (2 x rank - n - 1) x points over all residents, ranked from least to most; over n x all points it"
            " is the Gini coefficient.",
            "全体居民按持有从少到多排名，（2×名次－人数－1）×积分之和；除以人数×积分总数即基尼系数。",
        ),
        lambda scope, clocks: gini_lines(Asset.POINTS, scope.as_of(clocks)),
        "part",
    ),
    held(
        "contribution_held",
        Text("Contribution of all", "全体贡献值"),
        Text("Contribution (n) of everybody who has any at the end of the day.", "当天结束时所有居民的贡献值（n）。"),
        lambda scope, clocks: holding_lines(Asset.CONTRIBUTION, scope.as_of(clocks), positive=True),
        "contribution",
    ),
    held(
        "contribution_top",
        Text("Contribution of the top 1%", "前 1% 的贡献值"),
        Text(
            "Contribution of the one resident in a hundred who has most, rounded up.",
            "贡献值最高的百分之一居民（向上取整）的贡献值。",
        ),
        lambda scope, clocks: top_lines(Asset.CONTRIBUTION, scope.as_of(clocks)),
        "contribution",
    ),
    held(
        "contribution_gini",
        Text("Gini, numerator (contribution)", "基尼系数分子（贡献值）"),
        Text(
            "Sum of (2 x rank - n - 1) x contribution over all residents, ranked from least to most.",
            "全体居民按贡献值从少到多排名，（2×名次－人数－1）×贡献值之和。",
        ),
        lambda scope, clocks: gini_lines(Asset.CONTRIBUTION, scope.as_of(clocks)),
        "part",
    ),
    held(
        "points_tenth",
        Text("Held by one tenth", "某一等份持有"),
        Text(
            "Points of one tenth of all residents, ranked from least to most.",
            "全体居民按持有从少到多分为十等份，其中一份的积分。",
        ),
        lambda scope, clocks: tenth_lines(Asset.POINTS, scope.as_of(clocks), int(scope.topic)),
        "points",
        TENTHS,
    ),
    held(
        "contribution_tenth",
        Text("Contribution of one tenth", "某一等份的贡献值"),
        Text(
            "Contribution of one tenth of all residents, ranked from least to most.",
            "全体居民按贡献值从少到多分为十等份，其中一份的贡献值。",
        ),
        lambda scope, clocks: tenth_lines(Asset.CONTRIBUTION, scope.as_of(clocks), int(scope.topic)),
        "contribution",
        TENTHS,
    ),
    held(
        "dead",
        Text("Dead balances", "沉睡积分"),
        Text(
            "Points of residents who have shown no behaviour for as many months as the assumptions say.",
            "在假设所定月数内没有任何行为的居民所持积分。",
        ),
        lambda scope, clocks: dead_lines(
            scope.as_of(clocks), quiet_since=clocks.midnight(months_before(scope.until, quiet_months()))
        ),
        "points",
    ),
)


def _talk(scope: Scope, clocks: Clocks) -> Lines:
    span = scope.span(clocks)
    return Lines(entry_rows_sql(), {"kinds": list(TOPICS[scope.topic].kinds), "since": span.since, "until": span.until})


CROWD = (
    held(
        "residents",
        Text("Residents", "居民"),
        Text("Everybody who came to the city by the end of the day.", "截至当天结束来到城市的所有居民。"),
        lambda scope, clocks: resident_lines(clocks.midnight(scope.until)),
        "residents",
    ),
    held(
        "spenders",
        Text("Ever spent", "曾经消费"),
        Text("Residents who have spent points at least once.", "至少消费过一次积分的居民。"),
        lambda scope, clocks: spender_lines(scope.span(clocks, cumulative=True)),
        "residents",
    ),
    Measure(
        "active",
        Text("Active residents", "活跃居民"),
        Text("Residents with a behaviour on record that happened in these days.", "在这些日子里有行为记录的居民。"),
        lambda scope, clocks: active_lines(scope.span(clocks)),
        unit="residents",
    ),
    Measure(
        "balance_days",
        Text("Outstanding, day by day", "逐日流通量"),
        Text(
            "The points in wallets at the end of each day, added up; over the days it is the average.",
            "每天结束时流通积分之和；除以天数即平均值。",
        ),
        lambda scope, clocks: balance_days(scope.span(clocks), zone=clocks.zone),
        unit="part",
    ),
    Measure(
        "talk",
        Text("Behaviours", "行为"),
        Text("Recorded behaviours of this group.", "该组的行为记录。"),
        _talk,
        unit="entries",
        topics=frozenset(TOPICS),
    ),
)
