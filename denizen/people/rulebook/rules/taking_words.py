"""What is said about each way in which a change may take value away: English and simplified Chinese."""

from __future__ import annotations

TAKINGS: dict[str, tuple[str, str]] = {
    "rule_removed": ("{rule} is no longer in the book.", "“{rule}”不再保留。"),
    "kind": ("{rule} counts for another kind of record.", "“{rule}”改为依据另一类记录。"),
    "beneficiary": ("{rule} goes to somebody else.", "“{rule}”改为给另外的人。"),
    "names": ("{rule} asks for another person to be known.", "“{rule}”要求另一位人物必须已知。"),
    "asset": ("{rule} pays something else.", "“{rule}”给的不再是同一种价值。"),
    "validity": ("{rule} begins later or ends sooner.", "“{rule}”开始得更晚或结束得更早。"),
    "pilot_begun": (
        "{rule} would hold only in {cities}: everybody else loses it.",
        "“{rule}”将只在{cities}有效：其他地方的人会失去它。",
    ),
    "pilot_city_left": (
        "The pilot of {rule} ends in {cities} before it was announced to end.",
        "“{rule}”在{cities}的试点将早于公布的时间结束。",
    ),
    "condition": (
        "{rule} may leave somebody out: the new condition is not proven to cover everybody the old one did.",
        "“{rule}”可能把一些人排除在外：无法证明新条件涵盖了原条件下的所有人。",
    ),
    "amount": (
        "{rule} may pay less: the new amount is not proven to be as large every time.",
        "“{rule}”可能给得更少：无法证明新数额每次都不低于原数额。",
    ),
    "limit_new": ("{rule} has a new limit ({limit}).", "“{rule}”新增了上限（{limit}）。"),
    "limit_lower": (
        "{rule} has a tighter limit ({limit}): {after} instead of {before}.",
        "“{rule}”的上限收紧（{limit}）：由 {before} 变为 {after}。",
    ),
    "limit_binds_more": (
        "A limit of {rule} ({limit}) may bind people it did not bind before.",
        "“{rule}”的上限（{limit}）可能约束原本不受约束的人。",
    ),
    "limits_mixed": (
        "Other awards than before may use up the limits of {rule}: it is not proven that nobody ends up with less.",
        "“{rule}”的上限可能先被别的奖励占用：无法证明没有人会因此少得。",
    ),
    "shared_crowded": (
        "{rule} can use up more of the shared limit {shared}, which leaves less for what shares it.",
        "“{rule}”会占用共用上限“{shared}”的更多份额，留给其他规则的就更少。",
    ),
    "shared_joined": (
        "The new rule {rule} uses up part of the shared limit {shared}.",
        "新规则“{rule}”会占用共用上限“{shared}”的一部分。",
    ),
    "budget_limited": (
        "{rule} now depends on the limited budget {budget}.",
        "“{rule}”改为取自有限额的预算“{budget}”。",
    ),
    "budget_smaller": (
        "The budget {budget} becomes smaller: {after} instead of {before}.",
        "预算“{budget}”减少：由 {before} 变为 {after}。",
    ),
    "budget_drained": (
        "{rule} draws more on the limited budget {budget}, which then ends sooner.",
        "“{rule}”会更多地动用有限额的预算“{budget}”，预算会更早用完。",
    ),
    "order": (
        "The rules that share {shared} come in another order.",
        "共用“{shared}”的规则改变了先后顺序。",
    ),
    "lot_days": ("What {rule} pays lasts only {after} days.", "“{rule}”所给的有效期缩短为 {after} 天。"),
    "hold_days": (
        "What {rule} pays can be spent after {after} days instead of {before}.",
        "“{rule}”所给的要等 {after} 天才能使用，原为 {before} 天。",
    ),
    "lot_priority": (
        "What {rule} pays is spent in another order than before.",
        "“{rule}”所给的在使用时的先后顺序改变。",
    ),
    "reversal": ("What {rule} paid can be taken back on a further occasion.", "“{rule}”所给的多了一种收回的情形。"),
    "time_zone": (
        "Days begin at another moment: the time zone is {after} instead of {before}.",
        "一天的起止时刻改变：时区由 {before} 变为 {after}。",
    ),
    "notice": (
        "Changes for the worse need to be announced only {after} days ahead instead of {before}.",
        "不利变更的提前公告期由 {before} 天缩短为 {after} 天。",
    ),
}
"""By reason: the English and the Chinese sentence, with the taking's values in braces."""
