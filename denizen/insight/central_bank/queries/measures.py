"""Every measure of the desk: its name, its sentence in both languages, and the rows whose sum it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from denizen.ground.chronicle.queries.tallies import entry_rows_sql
from denizen.ground.ledger.queries import Asset
from denizen.ground.ledger.queries.circulation import (
    DEBT,
    ISSUES,
    WALLET,
    Flow,
    Lines,
    active_lines,
    balance_days,
    cohort_lines,
    dead_lines,
    gini_lines,
    holding_lines,
    posting_lines,
    reserved_lines,
    resident_lines,
    spender_lines,
    stage_lines,
    tenth_lines,
    top_lines,
)
from denizen.insight.central_bank.queries.assumptions import quiet_months
from denizen.insight.central_bank.queries.scope import Clocks, Scope
from denizen.insight.central_bank.queries.systems import purposes_of_stage, purposes_of_system
from denizen.insight.central_bank.queries.topics import TOPICS
from denizen.insight.central_bank.queries.words import Text
from denizen.insight.central_bank.rules import months_before

Rows = Callable[[Scope, Clocks], Lines]
Weights = Mapping[Flow, int]


@dataclass(frozen=True, slots=True)
class Measure:
    """``unit``: points, contribution, residents, entries or part (of a coefficient). ``as_of``: counted up to a day.

    ``topics``: what the scope must name one of. ``weights``: which flows count and how, for measures that the daily
    summary keeps (``kept``: flows or cohorts).
    """

    code: str
    title: Text
    sentence: Text
    rows: Rows
    unit: str = "points"
    as_of: bool = False
    weights: Weights | None = None
    kept: str = ""
    topics: frozenset[str] = frozenset()


def _plus(*flows: Flow) -> dict[Flow, int]:
    return dict.fromkeys(flows, 1)


def _minus(*flows: Flow) -> dict[Flow, int]:
    return dict.fromkeys(flows, -1)


def purposes_in(scope: Scope, clocks: Clocks) -> list[str] | None:
    """The purposes a scope is narrowed to; None: all."""
    if scope.purpose:
        return [scope.purpose]
    if scope.stage:
        return purposes_of_stage(scope.stage, clocks.now)
    return purposes_of_system(scope.system, clocks.now) if scope.system else None


def _moved(code: str, title: Text, sentence: Text, weights: Weights, *, as_of: bool = False) -> Measure:
    def rows(scope: Scope, clocks: Clocks) -> Lines:
        span = scope.span(clocks, cumulative=as_of)
        return posting_lines(weights, span, purposes=purposes_in(scope, clocks), account=scope.account)

    return Measure(code, title, sentence, rows, as_of=as_of, weights=weights, kept="flows")


def _of_stage(code: str, title: Text, sentence: Text, weights: Weights) -> Measure:
    def rows(scope: Scope, clocks: Clocks) -> Lines:
        return stage_lines(weights, scope.span(clocks), grade=scope.grade, purposes=purposes_in(scope, clocks))

    return Measure(code, title, sentence, rows)


def _of_cohort(code: str, title: Text, sentence: Text, weights: Weights, *, as_of: bool = False) -> Measure:
    def rows(scope: Scope, clocks: Clocks) -> Lines:
        return cohort_lines(weights, scope.span(clocks, cumulative=as_of), zone=clocks.zone, cohort=scope.cohort)

    return Measure(code, title, sentence, rows, as_of=as_of, weights=weights, kept="cohorts")


def _held(
    code: str, title: Text, sentence: Text, rows: Rows, unit: str, topics: frozenset[str] = frozenset()
) -> Measure:
    return Measure(code, title, sentence, rows, unit=unit, as_of=True, topics=topics)


TENTHS = frozenset(str(tenth) for tenth in range(1, 11))
ISSUED = _plus(*ISSUES)
SPENT = _plus(Flow.SPEND) | _minus(Flow.REFUND)
EXPIRED = _plus(Flow.EXPIRE) | _minus(Flow.UNEXPIRE, Flow.REVERSE_EXPIRED)
REVERSED = _plus(Flow.REVERSE, Flow.REVERSE_EXPIRED)
GIVEN = _plus(Flow.GIFT) | _minus(Flow.GIFT_UNDONE, Flow.GIFT_OWED)
TAKEN = _plus(Flow.CORRECTION_DOWN)
SETTLED = _plus(Flow.REPAY) | _minus(Flow.GIFT_OWED)
ARISEN = _plus(Flow.CLAW_BACK, Flow.CORRECTION_OWED, Flow.GIFT_OWED)
RETURNED = _plus(Flow.REVERSE, Flow.REVERSE_EXPIRED, Flow.CLAW_BACK, Flow.CORRECTION_DOWN, Flow.CORRECTION_OWED)

FLOWS = (
    _moved(
        "issued",
        Text("Issued", "发放"),
        Text("Points that rules, colleagues and corrections put into wallets.", "规则、同事与更正放进钱包的积分。"),
        ISSUED,
    ),
    _moved(
        "spent",
        Text("Spent", "消费"),
        Text("Points residents paid with, less what was refunded.", "居民支付的积分，减去已退回的。"),
        SPENT,
    ),
    _moved(
        "given",
        Text("Given", "互赠"),
        Text("Points residents gave one another, less gifts undone.", "居民之间赠送的积分，减去已撤销的赠送。"),
        GIVEN,
    ),
    _moved(
        "expired",
        Text("Expired", "过期"),
        Text(
            "Points whose day came unspent, less those whose issue was undone afterwards.",
            "到期未用的积分，减去之后被撤销发放的部分。",
        ),
        EXPIRED,
    ),
    _moved(
        "reversed",
        Text("Reversed", "撤销"),
        Text(
            "Points issued and taken back because what they were for was undone.",
            "因所依据的事项被撤销而收回的积分。",
        ),
        REVERSED,
    ),
    _moved(
        "clawed_back",
        Text("Clawed back", "追回"),
        Text(
            "Points to be taken back that were already spent: they stand as debt and later earnings repay them.",
            "应收回但已花掉的积分：记为欠分，由以后的收入偿还。",
        ),
        _plus(Flow.CLAW_BACK),
    ),
    _moved(
        "taken",
        Text("Corrected down", "更正扣减"),
        Text("Points two colleagues took out of wallets by a correction.", "两位同事通过更正从钱包扣减的积分。"),
        TAKEN,
    ),
    _moved(
        "settled",
        Text("Debt settled", "偿还欠分"),
        Text(
            "Points that repaid debt, less those that came back to givers as a debt of the taker.",
            "用于偿还欠分的积分，减去退还赠送人而记为受赠人欠分的部分。",
        ),
        SETTLED,
    ),
    _moved(
        "debt_arisen",
        Text("Debt arisen", "新增欠分"),
        Text("Points residents came to owe.", "居民新欠下的积分。"),
        ARISEN,
    ),
    _moved(
        "repaid",
        Text("Repaid", "已还欠分"),
        Text("Points that repaid debt.", "用于偿还欠分的积分。"),
        _plus(Flow.REPAY),
    ),
    _moved(
        "outstanding",
        Text("Outstanding", "流通中"),
        Text("Points in all wallets at the end of the day.", "当天结束时所有钱包中的积分。"),
        WALLET,
        as_of=True,
    ),
    _moved(
        "debt",
        Text("Owed by residents", "居民欠分"),
        Text("Points residents owe at the end of the day.", "当天结束时居民所欠的积分。"),
        DEBT,
        as_of=True,
    ),
    _moved(
        "funded",
        Text("Put in", "拨入"),
        Text("Points put into envelopes up to the day.", "截至当日拨入额度的积分。"),
        _plus(Flow.FUND) | _minus(Flow.UNFUND),
        as_of=True,
    ),
    _moved(
        "granted",
        Text("Given out", "发出"),
        Text("Points that left envelopes for wallets up to the day.", "截至当日从额度发到钱包的积分。"),
        ISSUED,
        as_of=True,
    ),
    _moved(
        "returned",
        Text("Came back", "退回"),
        Text("Points that came back to envelopes up to the day.", "截至当日退回额度的积分。"),
        RETURNED,
        as_of=True,
    ),
    _moved(
        "drawn",
        Text("Net drawn", "净支出"),
        Text("Points that left an envelope, less what came back.", "额度发出的积分，减去退回的。"),
        ISSUED | dict.fromkeys(RETURNED, -1),
    ),
    _moved(
        "by_people",
        Text("Given by people", "人工发放"),
        Text(
            "Points colleagues gave by hand: goodwill, surprises, corrections.",
            "同事手工发放的积分：心意、惊喜与更正。",
        ),
        _plus(Flow.GOODWILL, Flow.CORRECTION_UP),
    ),
    _moved(
        "unnamed",
        Text("Unnamed movements", "未命名的变动"),
        Text(
            "Movements of points that no word above covers: there should be none.",
            "上述名称未涵盖的积分变动：应当没有。",
        ),
        _plus(Flow.OTHER),
    ),
)

STAGES = (
    _of_stage(
        "stage_issued",
        Text("Earned at this stage", "该阶段获得"),
        Text("Points issued to residents who were at this stage at that moment.", "发给当时处于该阶段居民的积分。"),
        ISSUED,
    ),
    _of_stage(
        "stage_spent",
        Text("Spent at this stage", "该阶段消费"),
        Text(
            "Points spent, less refunds, by residents who were at this stage at that moment.",
            "当时处于该阶段居民消费的积分，减去退回的。",
        ),
        SPENT,
    ),
)

COHORTS = (
    _of_cohort(
        "cohort_issued",
        Text("Issued in the month", "当月发放"),
        Text("Points first issued in this month, less what was undone.", "当月首次发放的积分，减去已撤销的。"),
        _plus(*ISSUES, Flow.REVERSE, Flow.CORRECTION_DOWN),
        as_of=True,
    ),
    _of_cohort(
        "cohort_redeemed",
        Text("Redeemed", "已兑换"),
        Text("Of this month's points: spent, less refunds.", "当月积分中已消费的，减去退回的。"),
        _minus(Flow.SPEND, Flow.REFUND),
        as_of=True,
    ),
    _of_cohort(
        "cohort_expired",
        Text("Expired", "已过期"),
        Text("Of this month's points: expired.", "当月积分中已过期的。"),
        _minus(Flow.EXPIRE, Flow.UNEXPIRE),
        as_of=True,
    ),
    _of_cohort(
        "cohort_settled",
        Text("Settled debt", "抵偿欠分"),
        Text(
            "Of this month's points: used to repay debt, less what came back from undone gifts.",
            "当月积分中用于偿还欠分的，减去撤销赠送退回的。",
        ),
        _minus(Flow.REPAY, Flow.GIFT_OWED, Flow.GIFT, Flow.GIFT_UNDONE),
        as_of=True,
    ),
    _of_cohort(
        "cohort_outstanding",
        Text("Still outstanding", "仍在流通"),
        Text("Of this month's points: still in wallets.", "当月积分中仍在钱包里的。"),
        _plus(*Flow),
        as_of=True,
    ),
)

HOLDINGS = (
    _held(
        "reserved",
        Text("Reserved", "冻结中"),
        Text("Points that open holds claim at the end of the day.", "当天结束时被冻结占用的积分。"),
        lambda scope, clocks: reserved_lines(scope.as_of(clocks)),
        "points",
    ),
    _held(
        "points_held",
        Text("Held by residents", "居民持有"),
        Text("Points of everybody who holds any at the end of the day.", "当天结束时持有积分的所有居民的积分。"),
        lambda scope, clocks: holding_lines(Asset.POINTS, scope.as_of(clocks), positive=True),
        "points",
    ),
    _held(
        "points_top",
        Text("Held by the top 1%", "前 1% 持有"),
        Text(
            "Points of the one resident in a hundred who holds most, rounded up.",
            "持有最多的百分之一居民（向上取整）的积分。",
        ),
        lambda scope, clocks: top_lines(Asset.POINTS, scope.as_of(clocks)),
        "points",
    ),
    _held(
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
    _held(
        "contribution_held",
        Text("Contribution of all", "全体贡献值"),
        Text("Contribution (n) of everybody who has any at the end of the day.", "当天结束时所有居民的贡献值（n）。"),
        lambda scope, clocks: holding_lines(Asset.CONTRIBUTION, scope.as_of(clocks), positive=True),
        "contribution",
    ),
    _held(
        "contribution_top",
        Text("Contribution of the top 1%", "前 1% 的贡献值"),
        Text(
            "Contribution of the one resident in a hundred who has most, rounded up.",
            "贡献值最高的百分之一居民（向上取整）的贡献值。",
        ),
        lambda scope, clocks: top_lines(Asset.CONTRIBUTION, scope.as_of(clocks)),
        "contribution",
    ),
    _held(
        "contribution_gini",
        Text("Gini, numerator (contribution)", "基尼系数分子（贡献值）"),
        Text(
            "Sum of (2 x rank - n - 1) x contribution over all residents, ranked from least to most.",
            "全体居民按贡献值从少到多排名，（2×名次－人数－1）×贡献值之和。",
        ),
        lambda scope, clocks: gini_lines(Asset.CONTRIBUTION, scope.as_of(clocks)),
        "part",
    ),
    _held(
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
    _held(
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
    _held(
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
    _held(
        "residents",
        Text("Residents", "居民"),
        Text("Everybody who came to the city by the end of the day.", "截至当天结束来到城市的所有居民。"),
        lambda scope, clocks: resident_lines(clocks.midnight(scope.until)),
        "residents",
    ),
    _held(
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


MEASURES: Mapping[str, Measure] = {each.code: each for each in (*FLOWS, *STAGES, *COHORTS, *HOLDINGS, *CROWD)}
