"""The patterns of the sentences about differences: English and simplified Chinese, without their full stop."""

from __future__ import annotations

from .model import Text

PARTS: dict[tuple[str, str], Text] = {
    ("rule", "added"): Text("A new rule, {title}: {after}", "新增规则“{title}”：{after}"),
    ("rule", "removed"): Text("{title} ends", "“{title}”取消"),
    ("shared_cap", "added"): Text("A new shared limit, {title}: {after}", "新增共用上限“{title}”：{after}"),
    ("shared_cap", "removed"): Text("The shared limit {title} is lifted", "取消共用上限“{title}”"),
    ("budget", "added"): Text("A new budget: {title}", "新增预算“{title}”"),
    ("budget", "removed"): Text("The budget {title} ends", "预算“{title}”取消"),
    ("guideline", "added"): Text("A new guideline: {title}", "新增准则“{title}”"),
    ("guideline", "removed"): Text("The guideline {title} is dropped", "删去准则“{title}”"),
    ("value", "added"): Text("A new value: {title}", "新增价值观“{title}”"),
    ("value", "removed"): Text("The value {title} is dropped", "删去价值观“{title}”"),
    ("table", "added"): Text(
        "The table {title} has a further line: {field} = {after}", "数值表{title}新增一行：{field} = {after}"
    ),
    ("table", "removed"): Text(
        "The table {title} loses the line {field} (it was {before})",
        "数值表{title}删去{field}一行（原为 {before}）",
    ),
    ("table", "changed"): Text(
        "In the table {title}, {field} is {after} instead of {before}",
        "数值表{title}中，{field}由 {before} 改为 {after}",
    ),
}
FIELDS: dict[str, Text] = {
    "title": Text("“{before}” is now called “{after}”", "“{before}”改名为“{after}”"),
    "time_zone": Text(
        "Days begin on the clocks of {after} instead of {before}", "一天的起止由 {before} 改为按 {after} 计算"
    ),
    "review_months": Text(
        "The book is looked at again after {after} months instead of {before}",
        "复查周期由 {before} 个月改为 {after} 个月",
    ),
    "notice_days": Text(
        "Changes for the worse are announced {after} days ahead instead of {before}",
        "不利变更的提前公告期由 {before} 天改为 {after} 天",
    ),
    "order": Text("The order of the {item} changes", "{item}的先后顺序改变"),
    "kind": Text("{title} counts for {after} instead of {before}", "“{title}”依据的记录由 {before} 改为 {after}"),
    "beneficiary": Text("{title} goes to {after} instead of {before}", "“{title}”由给 {before} 改为给 {after}"),
    "names": Text("{title} names {after} instead of {before}", "“{title}”写明的人物由 {before} 改为 {after}"),
    "asset": Text("{title} pays {after} instead of {before}", "“{title}”由给{before}改为给{after}"),
    "contribution_class": Text(
        "{title} counts as {after} instead of {before}", "“{title}”的类别由 {before} 改为 {after}"
    ),
    "amount": Text("{title} pays {after} instead of {before}", "“{title}”改为给 {after}，原为 {before}"),
    "system": Text("{title} belongs to {after} instead of {before}", "“{title}”由 {before} 改归 {after}"),
    "budget": Text(
        "{title} comes from the budget {after} instead of {before}", "“{title}”由预算 {before} 改为取自 {after}"
    ),
    "lot_days": Text(
        "What {title} pays lasts {after} instead of {before}", "“{title}”所给的有效期由{before}改为{after}"
    ),
    "lot_priority": Text(
        "What {title} pays is spent in place {after} instead of {before}",
        "“{title}”所给的使用顺序由 {before} 改为 {after}",
    ),
    "hold_days": Text(
        "What {title} pays can be spent after {after} days instead of {before}",
        "“{title}”所给的可用等待期由 {before} 天改为 {after} 天",
    ),
    "reversal_kind": Text(
        "{title} is taken back upon {after} instead of {before}", "“{title}”的收回情形由 {before} 改为 {after}"
    ),
    "valid_from": Text("{title} begins at {after} instead of {before}", "“{title}”的开始时间由 {before} 改为 {after}"),
    "valid_to": Text("{title} ends at {after} instead of {before}", "“{title}”的结束时间由 {before} 改为 {after}"),
    "pilot_cities": Text("{title} is tried in {after} instead of {before}", "“{title}”的试点城市由{before}改为{after}"),
    "pilot_compare_with": Text(
        "The pilot of {title} is compared with {after} instead of {before}",
        "“{title}”的试点对照由{before}改为{after}",
    ),
    "pilot_question": Text("What the pilot of {title} is to teach us: “{after}”", "“{title}”的试点想弄清：“{after}”"),
    "behaviour": Text("{title} is described anew: {after}", "“{title}”的行为说明改为：{after}"),
    "incentive": Text("What {title} promises is worded anew: {after}", "“{title}”的激励说明改为：{after}"),
    "feedback": Text("The answer of {title} is worded anew: {after}", "“{title}”的反馈说明改为：{after}"),
    "complaint_path": Text("The complaint path of {title} is worded anew: {after}", "“{title}”的申诉说明改为：{after}"),
    "guideline": Text(
        "{title} serves the guideline {after} instead of {before}", "“{title}”所依据的准则由 {before} 改为 {after}"
    ),
    "value": Text(
        "{title} lives the value {after} instead of {before}", "“{title}”体现的价值观由 {before} 改为 {after}"
    ),
    "clauses": Text("{title} serves {after} instead of {before}", "“{title}”服务的宗旨由 {before} 改为 {after}"),
    "rows": Text("{title} refers to {after} instead of {before}", "“{title}”的出处由 {before} 改为 {after}"),
    "assumed": Text(
        "Whether {title} is assumed: {after} instead of {before}", "“{title}”是否为假定：由{before}改为{after}"
    ),
    "code": Text("The code is {after} instead of {before}", "代码由 {before} 改为 {after}"),
    "caps": Text("The limits of {title} come in another order", "“{title}”各项上限的先后顺序改变"),
    "shared_caps": Text("The shared limits of {title} come in another order", "“{title}”各项共用上限的先后顺序改变"),
    "benefit": Text("The benefit of {title} is worded anew: {after}", "“{title}”的用处说明改为：{after}"),
    "limited": Text(
        "Whether {title} is limited: {after} instead of {before}", "“{title}”是否有限额：由{before}改为{after}"
    ),
    "alarm_at": Text(
        "{title} gives the alarm at {after} instead of {before}", "“{title}”的预警值由 {before} 改为 {after}"
    ),
    "limit": Text("The limit {title} is {after} instead of {before}", "“{title}”的上限由 {before} 改为 {after}"),
    "unit": Text("The limit {title} counts {after} instead of {before}", "“{title}”的计量由 {before} 改为 {after}"),
    "per": Text("The limit {title} counts {after} instead of {before}", "“{title}”的周期由{before}改为{after}"),
    "text": Text("{title} is worded anew: {after}", "“{title}”的表述改为：{after}"),
    "examples": Text("{title} has other examples", "“{title}”的例子改变"),
}
CONDITIONS = {
    "added": Text("{title} asks for something now: only if {after}", "“{title}”新增条件：仅当{after}"),
    "removed": Text("{title} no longer asks for a condition (it was: {before})", "“{title}”取消条件（原为：{before}）"),
    "changed": Text("{title} asks for “{after}” instead of “{before}”", "“{title}”的条件由“{before}”改为“{after}”"),
}
CAPS = {
    "added": Text("{title} has a new limit: {after}", "“{title}”新增上限：{after}"),
    "removed": Text("{title} has a limit less (it was {before})", "“{title}”取消上限（原为{before}）"),
    "changed": Text("{title}: {after} instead of {before}", "“{title}”：由{before}改为{after}"),
}
SHARED = {
    "added": Text("{title} counts against the shared limit {item} too", "“{title}”也计入共用上限 {item}"),
    "removed": Text("{title} no longer counts against the shared limit {item}", "“{title}”不再计入共用上限 {item}"),
}
ITEMS = {
    "rules": Text("rules", "规则"),
    "shared_caps": Text("shared limits", "共用上限"),
    "budgets": Text("budgets", "预算"),
    "guidelines": Text("guidelines", "准则"),
    "values": Text("values", "价值观"),
}
PILOTS = {
    "added": Text("{title} becomes a pilot in {after}", "“{title}”改为在{after}试点"),
    "removed": Text(
        "{title} is no pilot any more: it holds everywhere (it was tried in {before})",
        "“{title}”不再是试点，各地都有效（原在{before}试点）",
    ),
}
BUDGET_AMOUNT = Text("The budget {title} has {after} instead of {before}", "预算“{title}”由 {before} 改为 {after}")
