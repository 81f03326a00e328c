"""Forms in sentences, in both languages. Chinese is written, not translated word by word."""

from __future__ import annotations

from collections.abc import Iterable

from ..model import Text
from ..printer import to_text
from .amounts import Amount, DecisionTable, Fixed, PerUnit, TableAmount
from .conditions import BOOL_COMPARISONS, PLAIN_COMPARISONS, TABLE_COMPARISONS, Clause, Comparison, Condition, Written
from .examples import Example, Stated
from .findings import Finding
from .subjects import WEEKDAY, Subject, Vocabulary
from .titles import titled

_PEOPLE = {"resident": Text("the resident's", "居民的"), "beneficiary": Text("the beneficiary's", "受益人的")}
_ATTRIBUTES = {
    "grade": Text("grade", "身份"),
    "contribution": Text("contribution value", "贡献值"),
    "interaction": Text("value for interaction", "社区互动贡献值"),
    "development": Text("value for development", "社区发展贡献值"),
    "efficiency": Text("value for efficiency", "效率提升贡献值"),
    "special": Text("special value", "特殊贡献值"),
    "levels": Text("levels", "级别"),
    "invited": Text("having been invited", "受邀情况"),
}
_MOMENTS = {
    "weekday": Text("the day of the week", "星期"),
    "hour": Text("the hour", "钟点（时）"),
    "day": Text("the day of the month", "日期（日）"),
    "month": Text("the month", "月份"),
    "year": Text("the year", "年份"),
}
_INVITED = {
    ("resident", "yes"): Text("the resident was invited", "居民由好友邀请而来"),
    ("resident", "no"): Text("nobody invited the resident", "居民不是由好友邀请而来"),
    ("beneficiary", "yes"): Text("the beneficiary was invited", "受益人由好友邀请而来"),
    ("beneficiary", "no"): Text("nobody invited the beneficiary", "受益人不是由好友邀请而来"),
}
_WEEKDAYS = (
    Text("Monday", "周一"), Text("Tuesday", "周二"), Text("Wednesday", "周三"), Text("Thursday", "周四"),
    Text("Friday", "周五"), Text("Saturday", "周六"), Text("Sunday", "周日"),
)  # fmt: skip
_COMPARISONS: dict[Comparison, Text] = {
    "is": Text("is", "是"),
    "is_not": Text("is not", "不是"),
    "less": Text("is less than", "小于"),
    "at_most": Text("is at most", "不超过"),
    "more": Text("is more than", "大于"),
    "at_least": Text("is at least", "不少于"),
    "one_of": Text("is one of", "是其中之一："),
    "none_of": Text("is none of", "不是其中任何一个："),
    "in_table": Text("stands in the table", "在数值表中："),
    "not_in_table": Text("does not stand in the table", "不在数值表中："),
    "yes": Text("yes", "是"),
    "no": Text("no", "否"),
    "stated": Text("is stated", "有填写"),
    "not_stated": Text("is not stated", "没有填写"),
    "holds": Text("include", "包含"),
    "holds_not": Text("do not include", "不包含"),
}
_ROUNDINGS = {
    "floor": Text("every full {per}", "每满 {per}"),
    "ceil": Text("every {per} begun", "每 {per}（不足按一份计）"),
    "round_half_up": Text("every {per}, rounded to the nearest", "每 {per}（四舍五入）"),
    "round_half_even": Text("every {per}, rounded to the nearest (halves to even)", "每 {per}（四舍六入五成双）"),
}
_AMOUNT_ROUNDINGS = {
    "floor": Text("rounded down", "向下取整"),
    "ceil": Text("rounded up", "向上取整"),
    "round_half_up": Text("rounded to the nearest", "四舍五入"),
    "round_half_even": Text("rounded to the nearest (halves to even)", "四舍六入五成双"),
}
_POLICIES = {
    "first": Text("the first row that holds pays", "从上到下，第一条成立的生效"),
    "collect": Text("all rows that hold pay together", "成立的各条相加"),
    "max": Text("the row that pays most counts", "成立的各条取最高"),
}
_FINDINGS = {
    "overlap": Text(
        "Rows {rows} hold together, for example when {example}.", "第 {rows} 行会同时成立，例如：{example}。"
    ),
    "never": Text("Row {rows} never pays: no case is left for it.", "第 {rows} 行永远不会生效：没有任何情况轮到它。"),
    "gap": Text("No row covers the case that {example}.", "以下情况没有任何一行覆盖：{example}。"),
    "absent": Text(
        "Nothing is paid when {example}: row {rows} asks for what is not stated.",
        "{example}时不会给：第 {rows} 行要用到没有填写的内容。",
    ),
    "by_hand": Text(
        "Row {rows} is partly written by hand, so it was not examined.", "第 {rows} 行有手写的部分，未作检查。"
    ),
    "condition_by_hand": Text(
        "The rule's own condition is partly written by hand: an example here may be one it excludes.",
        "规则的前提有手写的部分：这里的例子可能已被它排除。",
    ),
    "too_many": Text(
        "The table falls into too many cases to examine; nothing is known about overlaps and gaps.",
        "情况太多，无法逐一检查，因此不知道有没有重叠或遗漏。",
    ),
}
_JOINS = {"all": Text(" and ", "，且"), "any": Text(" or ", "，或")}


def spoken_subject(subject: Subject, vocabulary: Vocabulary) -> Text:
    """What a subject is called."""
    match subject.root:
        case "entry":
            about = vocabulary.described(subject)
            return _quoted(about.title) if about and about.title else Text(subject.name, subject.name)
        case "moment":
            return _MOMENTS.get(subject.name, Text(str(subject), str(subject)))
        case who:
            owner, name = _PEOPLE.get(who), _ATTRIBUTES.get(subject.name)
            if owner is None or name is None:
                return Text(str(subject), str(subject))
            return Text(f"{owner.en} {name.en}", f"{owner.zh}{name.zh}")


def spoken_comparison(comparison: Comparison) -> Text:
    return _COMPARISONS[comparison]


def spoken_value(value: int | str, vocabulary: Vocabulary, subject: Subject | None = None) -> Text:
    """A number grouped by thousands, a day of the week by its name, or a word by its title where it has one."""
    if isinstance(value, int):
        if subject == WEEKDAY and 1 <= value <= len(_WEEKDAYS):
            return _WEEKDAYS[value - 1]
        if subject is not None and subject.root == "moment":
            return Text(str(value), str(value))
        return Text(f"{value:,}", f"{value:,}")
    return vocabulary.titles.get(value) or titled(value)


def spoken_condition(condition: Condition, vocabulary: Vocabulary) -> Text:
    """The condition as half a sentence (after "if"); empty when it always holds."""
    parts = [_clause_words(clause, vocabulary) for clause in condition.clauses]
    return _joined(parts, _JOINS[condition.joined])


def spoken_amount(amount: Amount, vocabulary: Vocabulary, unit: Text) -> Text:
    """How much, with ``unit`` (points) behind each number."""
    match amount:
        case Fixed(amount=value):
            return _counted(value, unit)
        case TableAmount(table=table, key=key):
            of, named = spoken_subject(key, vocabulary), titled(table)
            return Text(
                f"what the table {named.en} says for {of.en}", f"按数值表{named.zh}中{of.zh}对应的数{_measure(unit)}"
            )
        case PerUnit():
            return _per_unit_words(amount, vocabulary, unit)
        case DecisionTable():
            return _table_words(amount, vocabulary, unit)
        case Written(tree=tree):
            return Text(f"{unit.en}: {to_text(tree)}", f"{unit.zh}：{to_text(tree)}")


def spoken_finding(finding: Finding, vocabulary: Vocabulary) -> Text:
    """A finding as a sentence with its example."""
    words = _FINDINGS[finding.code]
    example = spoken_example(finding.example, vocabulary)
    return Text(
        words.en.format(rows=" and ".join(map(str, finding.rows)), example=example.en),
        words.zh.format(rows="、".join(map(str, finding.rows)), example=example.zh),
    )


def spoken_example(example: Example, vocabulary: Vocabulary) -> Text:
    if not example:
        return Text("anything happens", "任何情况")
    return _joined([_stated_words(each, vocabulary) for each in example], _JOINS["all"])


def _clause_words(clause: Clause | Written, vocabulary: Vocabulary) -> Text:
    if isinstance(clause, Written):
        return Text(to_text(clause.tree), to_text(clause.tree))
    subject = spoken_subject(clause.subject, vocabulary)
    if clause.subject.name == "invited" and clause.comparison in ("yes", "no"):
        return _INVITED[clause.subject.root, clause.comparison]
    comparison = _COMPARISONS[clause.comparison]
    if clause.comparison in BOOL_COMPARISONS:
        return Text(f"{subject.en}: {comparison.en}", f"{subject.zh}：{comparison.zh}")
    if clause.comparison in PLAIN_COMPARISONS:
        return Text(f"{subject.en} {comparison.en}", f"{subject.zh}{comparison.zh}")
    if clause.comparison in TABLE_COMPARISONS:
        table = titled(str(clause.values[0]))
        return Text(f"{subject.en} {comparison.en} {table.en}", f"{subject.zh}{comparison.zh}{table.zh}")
    values = _joined([spoken_value(value, vocabulary, clause.subject) for value in clause.values], Text(", ", "、"))
    return Text(f"{subject.en} {comparison.en} {values.en}", f"{subject.zh}{comparison.zh}{_spaced(values.zh)}")


def _stated_words(stated: Stated, vocabulary: Vocabulary) -> Text:
    subject, level = stated.key
    if level:
        return _clause_words(Clause(subject, "holds" if stated.value else "holds_not", (level,)), vocabulary)
    if stated.value is None:
        return _clause_words(Clause(subject, "not_stated"), vocabulary)
    if isinstance(stated.value, bool):
        return _clause_words(Clause(subject, "yes" if stated.value else "no"), vocabulary)
    if stated.other:
        named = spoken_subject(subject, vocabulary)
        return Text(f"{named.en} is any other word", f"{named.zh}是其他内容")
    return _clause_words(Clause(subject, "is", (stated.value,)), vocabulary)


def _per_unit_words(amount: PerUnit, vocabulary: Vocabulary, unit: Text) -> Text:
    of, points, per = spoken_subject(amount.subject, vocabulary), _counted(amount.points, unit), f"{amount.per:,}"
    if amount.per == amount.points == 1:
        words = Text(f"as many {unit.en} as {of.en}", f"与{of.zh}相同的{unit.zh}")
    elif amount.per == 1:
        words = Text(f"{points.en} × {of.en}", f"{points.zh} × {of.zh}")
    elif amount.rounds == "units":
        every = _ROUNDINGS[amount.rounding]
        words = Text(
            f"{points.en} for {every.en.format(per=per)} of {of.en}",
            f"{of.zh}{every.zh.format(per=per)}得{_spaced(points.zh)}",
        )
    else:
        down = _AMOUNT_ROUNDINGS[amount.rounding]
        words = Text(
            f"{points.en} per {per} of {of.en}, in proportion, {down.en}",
            f"{of.zh}每 {per} 得{_spaced(points.zh)}，按比例计算，{down.zh}",
        )
    if amount.most is None:
        return words
    return Text(f"{words.en}, at most {amount.most:,} at a time", f"{words.zh}，每次最多 {amount.most:,}")


def _table_words(table: DecisionTable, vocabulary: Vocabulary, unit: Text) -> Text:
    rows: list[Text] = []
    for row in table.rows:
        condition, amount = spoken_condition(row.condition, vocabulary), _counted(row.amount, unit)
        rows.append(
            Text(f"{amount.en} if {condition.en}", f"{_followed(condition.zh)}时{_spaced(amount.zh)}")
            if condition.en
            else Text(f"{amount.en} always", f"任何情况{_spaced(amount.zh)}")
        )
    if table.otherwise:
        rest = _counted(table.otherwise, unit)
        rows.append(Text(f"otherwise {rest.en}", f"其他情况{_spaced(rest.zh)}"))
    listed, policy = _joined(rows, Text("; ", "；")), _POLICIES[table.policy]
    if len(table.rows) < 2:
        return listed
    return Text(f"{listed.en} ({policy.en})", f"{listed.zh}（{policy.zh}）")


def _counted(number: int, unit: Text) -> Text:
    english = unit.en.removesuffix("s") if abs(number) == 1 else unit.en
    return Text(f"{number:,} {english}", f"{number:,} {unit.zh}")


def _measure(unit: Text) -> str:
    return f"给{unit.zh}"


def _quoted(title: Text) -> Text:
    return Text(f"{title.en[:1].lower()}{title.en[1:]}", f"“{title.zh}”")


def _spaced(words: str) -> str:
    """A space between Chinese and a number, as the house writes it."""
    return f" {words}" if words[:1].isdigit() or words[:1] == "-" else words


def _followed(words: str) -> str:
    """The same space behind a number that is followed by Chinese."""
    return f"{words} " if words[-1:].isdigit() else words


def _joined(parts: Iterable[Text], join: Text) -> Text:
    listed = list(parts)
    return Text(join.en.join(part.en for part in listed), join.zh.join(part.zh for part in listed))
