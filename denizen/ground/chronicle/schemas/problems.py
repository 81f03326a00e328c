"""What can be wrong with an entry, said in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from denizen.kit.explained import Explained

PROBLEMS_MAX = 20
"""How many problems of one entry are told; a machine that sends more is not helped by more."""

SENTENCES: Mapping[str, Mapping[str, str]] = {
    "not_an_object": {"en": "must be an object", "zh": "应为对象"},
    "unknown_field": {"en": "is not a field of {owner}", "zh": "不是 {owner} 的字段"},
    "missing": {"en": "is missing", "zh": "缺少该字段"},
    "wrong_type": {"en": "must be {wanted}, not {found}", "zh": "应为{wanted_zh}，而不是 {found}"},
    "too_small": {"en": "must be at least {bound}", "zh": "不得小于 {bound}"},
    "too_large": {"en": "must be at most {bound}", "zh": "不得大于 {bound}"},
    "bad_token": {
        "en": "must be a token: 1 to 120 letters, digits or . _ : / @ + = # ~ - without spaces",
        "zh": "应为标识符：1 至 120 个字母、数字或 . _ : / @ + = # ~ -，不含空格",
    },
    "not_a_choice": {"en": "must be one of: {choices}", "zh": "应为以下之一：{choices}"},
    "bad_text": {
        "en": "must be 1 to {length} printable characters without spaces at the ends",
        "zh": "应为 1 至 {length} 个可见字符，首尾不含空格",
    },
    "bad_moment": {
        "en": "must be a moment of ISO 8601 with an offset, such as 2026-05-01T08:00:00+08:00",
        "zh": "应为带时区偏移的 ISO 8601 时刻，例如 2026-05-01T08:00:00+08:00",
    },
    "too_early": {"en": "lies before 1970", "zh": "早于 1970 年"},
    "too_late": {"en": "lies beyond the year 2199", "zh": "晚于 2199 年"},
    "in_the_future": {"en": "lies more than a day in the future", "zh": "比现在晚一天以上"},
    "bad_day": {"en": "must be a day such as 2026-05-01", "zh": "应为日期，例如 2026-05-01"},
    "unknown_kind": {
        "en": "is not a kind of the vocabulary (docs/kinds.md)",
        "zh": "不是词汇表中的种类（docs/kinds.md）",
    },
    "kind_not_allowed": {"en": "is a kind this key may not report", "zh": "此密钥无权上报该种类"},
    "unknown_resident": {
        "en": "names nobody this source has introduced, and this key may not create residents",
        "zh": "该来源没有登记过这位居民，且此密钥无权新建居民",
    },
    "payload_too_large": {"en": "is larger than {bound} bytes", "zh": "超过 {bound} 字节"},
    "not_json": {"en": "is not JSON", "zh": "不是 JSON"},
    "bad_encoding": {
        "en": "is not written in the encoding of the mapping, or is too long",
        "zh": "编码与映射不符，或过长",
    },
    "bad_line": {"en": "cannot be read as CSV", "zh": "无法按 CSV 读取"},
    "not_in_table": {"en": "is not in the mapping's table of kinds", "zh": "不在映射的种类对照表中"},
    "bad_yyyymmdd": {"en": "must be a day written yyyymmdd", "zh": "应为 yyyymmdd 格式的日期"},
    "bad_unix_seconds": {"en": "must be whole seconds since 1970", "zh": "应为自 1970 年起的整秒数"},
    "bad_iso": {"en": "must be a moment of ISO 8601", "zh": "应为 ISO 8601 时刻"},
    "bad_int": {"en": "must be a whole number", "zh": "应为整数"},
    "bad_bool": {"en": "must be true, false, 1 or 0", "zh": "应为 true、false、1 或 0"},
    "bad_resident": {"en": "must be a reference to a resident", "zh": "应为居民编号"},
    "bad_decimal_to_minor_units": {
        "en": "must be an exact decimal with no more places than the minor unit has",
        "zh": "应为精确小数，且小数位数不超过最小货币单位",
    },
}

TYPE_NAMES = {
    "int": ("an integer", "整数"),
    "bool": ("true or false", "布尔值"),
    "token": ("a string", "字符串"),
    "resident": ("a string", "字符串"),
    "moment": ("a string", "字符串"),
    "day": ("a string", "字符串"),
    "text": ("a string", "字符串"),
    "key": ("a resident's key", "居民主键"),
}
FOUND_NAMES: dict[type, str] = {
    dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "float", type(None): "null",
}  # fmt: skip


class Problem(NamedTuple):
    """One problem: where, which (a stable code), and the facts of its sentence."""

    field: str
    code: str
    facts: Mapping[str, Any] = {}

    def message(self, lang: str = "en") -> str:
        templates = SENTENCES[self.code]
        spoken = lang.replace("_", "-").split("-")[0].lower()
        return templates.get(spoken, templates["en"]).format(**self.facts)


class UnableToAccept(Explained):
    """An entry is refused; ``problems`` says everything that is wrong with it."""

    sentences = {"invalid": {"en": "The entry is invalid: {all}", "zh": "记录无效：{all}"}}

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems[:PROBLEMS_MAX])
        super().__init__("invalid", all="; ".join(f"{each.field} {each.message()}" for each in self.problems))


def wrong_type(field: str, wanted: str, value: object) -> Problem:
    """``value`` has another JSON type than ``wanted`` (a key of ``TYPE_NAMES``)."""
    english, chinese = TYPE_NAMES[wanted]
    found = FOUND_NAMES.get(type(value), type(value).__name__)
    return Problem(field, "wrong_type", {"wanted": english, "wanted_zh": chinese, "found": found})
