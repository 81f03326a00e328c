"""Measures of what moved: by flow, by the stage of who moved it, by month of issue."""

from __future__ import annotations

from denizen.ground.ledger.queries.circulation import DEBT, ISSUES, WALLET, Flow
from denizen.insight.central_bank.queries.measures.shape import minus, moved, of_cohort, of_stage, plus
from denizen.insight.central_bank.queries.words import Text

ISSUED = plus(*ISSUES)
SPENT = plus(Flow.SPEND) | minus(Flow.REFUND)
EXPIRED = plus(Flow.EXPIRE) | minus(Flow.UNEXPIRE, Flow.REVERSE_EXPIRED)
REVERSED = plus(Flow.REVERSE, Flow.REVERSE_EXPIRED)
GIVEN = plus(Flow.GIFT) | minus(Flow.GIFT_UNDONE, Flow.GIFT_OWED)
TAKEN = plus(Flow.CORRECTION_DOWN)
SETTLED = plus(Flow.REPAY) | minus(Flow.GIFT_OWED)
ARISEN = plus(Flow.CLAW_BACK, Flow.CORRECTION_OWED, Flow.GIFT_OWED)
RETURNED = plus(Flow.REVERSE, Flow.REVERSE_EXPIRED, Flow.CLAW_BACK, Flow.CORRECTION_DOWN, Flow.CORRECTION_OWED)

FLOWS = (
    moved(
        "issued",
        Text("Issued", "发放"),
        Text("Points that rules, colleagues and corrections put into wallets.", "规则、同事与更正放进钱包的积分。"),
        ISSUED,
    ),
    moved(
        "spent",
        Text("Spent", "消费"),
        Text("Points residents paid with, less what was refunded.", "居民支付的积分，减去已退回的。"),
        SPENT,
    ),
    moved(
        "given",
        Text("Given", "互赠"),
        Text("Points residents gave one another, less gifts undone.", "居民之间赠送的积分，减去已撤销的赠送。"),
        GIVEN,
    ),
    moved(
        "expired",
        Text("Expired", "过期"),
        Text(
            "Points whose day came unspent, less those whose issue was undone afterwards.",
            "到期未用的积分，减去之后被撤销发放的部分。",
        ),
        EXPIRED,
    ),
    moved(
        "reversed",
        Text("Reversed", "撤销"),
        Text(
            "Points issued and taken back because what they were for was undone.",
            "因所依据的事项被撤销而收回的积分。",
        ),
        REVERSED,
    ),
    moved(
        "clawed_back",
        Text("Clawed back", "追回"),
        Text(
            "Points to be taken back that were already spent: they stand as debt and later earnings repay them.",
            "应收回但已花掉的积分：记为欠分，由以后的收入偿还。",
        ),
        plus(Flow.CLAW_BACK),
    ),
    moved(
        "taken",
        Text("Corrected down", "更正扣减"),
        Text("Points two colleagues took out of wallets by a correction.", "两位同事通过更正从钱包扣减的积分。"),
        TAKEN,
    ),
    moved(
        "settled",
        Text("Debt settled", "偿还欠分"),
        Text(
            "Points that repaid debt, less those that came back to givers as a debt of the taker.",
            "用于偿还欠分的积分，减去退还赠送人而记为受赠人欠分的部分。",
        ),
        SETTLED,
    ),
    moved(
        "debt_arisen",
        Text("Debt arisen", "新增欠分"),
        Text("Points residents came to owe.", "居民新欠下的积分。"),
        ARISEN,
    ),
    moved(
        "repaid",
        Text("Repaid", "已还欠分"),
        Text("Points that repaid debt.", "用于偿还欠分的积分。"),
        plus(Flow.REPAY),
    ),
    moved(
        "outstanding",
        Text("Outstanding", "流通中"),
        Text("Points in all wallets at the end of the day.", "当天结束时所有钱包中的积分。"),
        WALLET,
        as_of=True,
    ),
    moved(
        "debt",
        Text("Owed by residents", "居民欠分"),
        Text("Points residents owe at the end of the day.", "当天结束时居民所欠的积分。"),
        DEBT,
        as_of=True,
    ),
    moved(
        "funded",
        Text("Put in", "拨入"),
        Text("Points put into envelopes up to the day.", "截至当日拨入额度的积分。"),
        plus(Flow.FUND) | minus(Flow.UNFUND),
        as_of=True,
    ),
    moved(
        "granted",
        Text("Given out", "发出"),
        Text("Points that left envelopes for wallets up to the day.", "截至当日从额度发到钱包的积分。"),
        ISSUED,
        as_of=True,
    ),
    moved(
        "returned",
        Text("Came back", "退回"),
        Text("Points that came back to envelopes up to the day.", "截至当日退回额度的积分。"),
        RETURNED,
        as_of=True,
    ),
    moved(
        "drawn",
        Text("Net drawn", "净支出"),
        Text("Points that left an envelope, less what came back.", "额度发出的积分，减去退回的。"),
        ISSUED | dict.fromkeys(RETURNED, -1),
    ),
    moved(
        "by_people",
        Text("Given by people", "人工发放"),
        Text(
            "Points colleagues gave by hand: goodwill, surprises, corrections.",
            "同事手工发放的积分：心意、惊喜与更正。",
        ),
        plus(Flow.GOODWILL, Flow.CORRECTION_UP),
    ),
    moved(
        "unnamed",
        Text("Unnamed movements", "未命名的变动"),
        Text(
            "Movements of points that no word above covers: there should be none.",
            "上述名称未涵盖的积分变动：应当没有。",
        ),
        plus(Flow.OTHER),
    ),
)

STAGES = (
    of_stage(
        "stage_issued",
        Text("Earned at this stage", "该阶段获得"),
        Text("Points issued to residents who were at this stage at that moment.", "发给当时处于该阶段居民的积分。"),
        ISSUED,
    ),
    of_stage(
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
    of_cohort(
        "cohort_issued",
        Text("Issued in the month", "当月发放"),
        Text("Points first issued in this month, less what was undone.", "当月首次发放的积分，减去已撤销的。"),
        plus(*ISSUES, Flow.REVERSE, Flow.CORRECTION_DOWN),
        as_of=True,
    ),
    of_cohort(
        "cohort_redeemed",
        Text("Redeemed", "已兑换"),
        Text("Of this month's points: spent, less refunds.", "当月积分中已消费的，减去退回的。"),
        minus(Flow.SPEND, Flow.REFUND),
        as_of=True,
    ),
    of_cohort(
        "cohort_expired",
        Text("Expired", "已过期"),
        Text("Of this month's points: expired.", "当月积分中已过期的。"),
        minus(Flow.EXPIRE, Flow.UNEXPIRE),
        as_of=True,
    ),
    of_cohort(
        "cohort_settled",
        Text("Settled debt", "抵偿欠分"),
        Text(
            "Of this month's points: used to repay debt, less what came back from undone gifts.",
            "当月积分中用于偿还欠分的，减去撤销赠送退回的。",
        ),
        minus(Flow.REPAY, Flow.GIFT_OWED, Flow.GIFT, Flow.GIFT_UNDONE),
        as_of=True,
    ),
    of_cohort(
        "cohort_outstanding",
        Text("Still outstanding", "仍在流通"),
        Text("Of this month's points: still in wallets.", "当月积分中仍在钱包里的。"),
        plus(*Flow),
        as_of=True,
    ),
)
