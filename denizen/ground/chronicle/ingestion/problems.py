"""What can be wrong with a mapping, said in sentences."""

from __future__ import annotations

from denizen.kit.explained import Explained


class UnableToMap(Explained):
    """The mapping cannot be used; the message says which part and what to write instead."""

    sentences = {
        "unreadable": {"en": "The mapping is not YAML: {error}", "zh": "映射文件不是有效的 YAML：{error}"},
        "not_a_mapping": {"en": "{part} must be a mapping of names to values.", "zh": "{part} 应为“名称: 值”的映射。"},
        "unknown_part": {
            "en": "{part} has no {name}. It knows: {known}.",
            "zh": "{part} 没有 {name} 这一项。可用：{known}。",
        },
        "missing_part": {"en": "{part} needs {name}.", "zh": "{part} 缺少 {name}。"},
        "bad_value": {"en": "{part} must be {wanted}; {given} is not.", "zh": "{part} 应为 {wanted}；{given} 不符合。"},
        "unknown_kind": {
            "en": "{given} is not a kind of the vocabulary (docs/kinds.md).",
            "zh": "{given} 不是词汇表中的种类（docs/kinds.md）。",
        },
        "unknown_column": {
            "en": "{part} names the column {given}, which the file does not have. It has: {known}.",
            "zh": "{part} 引用了文件中没有的列 {given}。现有列：{known}。",
        },
        "unknown_zone": {
            "en": "{given} is not a time zone of the IANA database, such as Asia/Shanghai.",
            "zh": "{given} 不是 IANA 时区数据库中的时区，例如 Asia/Shanghai。",
        },
        "unknown_field": {
            "en": "{given} is no payload field of the kind {kind}. It has: {known}.",
            "zh": "{given} 不是种类 {kind} 的字段。可用字段：{known}。",
        },
        "no_template": {
            "en": "external_id: a template needs at least one {{column}} in braces.",
            "zh": "external_id：模板中至少要有一个花括号括起的 {{列名}}。",
        },
    }
