"""What is said about each problem: English and simplified Chinese, always with what to do."""

from __future__ import annotations

_TEXT = {
    "text_too_long": (
        "Shorten the expression to at most {limit} characters.",
        "请将表达式缩短到 {limit} 个字符以内。",
    ),
    "character_unknown": (
        "Remove the character {character}; it has no meaning here.",
        "请删除字符 {character}，它在这里没有意义。",
    ),
    "string_open": ("Close the quoted text on the same line.", "请在同一行内补上结束引号。"),
    "string_escape": ("Remove the backslash from the quoted text.", "请删除引号内的反斜杠。"),
    "string_too_long": (
        "Shorten the quoted text; at most 120 characters are allowed.",
        "请缩短引号内的文字，最多 120 个字符。",
    ),
    "string_control": ("Remove the invisible character from the quoted text.", "请删除引号内的不可见字符。"),
    "string_quotes": ("Use only one sort of quotation mark inside a text.", "一段文字里请只使用一种引号。"),
    "number_float": (
        "Write {number} as a whole number, or as ratio(a, b) with a rounding around it.",
        "请把 {number} 写成整数，或写成 ratio(a, b) 并在外面取整。",
    ),
    "number_shape": (
        "Write {number} with digits only and without leading zeros.",
        "请把 {number} 写成不带前导零的纯数字。",
    ),
    "number_too_large": ("Use a number of at most {limit}.", "请使用不超过 {limit} 的数字。"),
    "token_unexpected": (
        "Replace or remove {found}; expected here: {expected}",
        "请替换或删除 {found}；此处应为：{expected}",
    ),
    "ended_early": ("Complete the expression; expected next: {expected}", "请补全表达式；接下来应为：{expected}"),
    "name_unknown": (
        "Replace {name}: names begin with entry, resident, beneficiary, moment or tables; put words in quotes.",
        "请替换 {name}：名称须以 entry、resident、beneficiary、moment 或 tables 开头；文字请加引号。",
    ),
    "function_unknown": ("Replace {name} by one of: {known}.", "请将 {name} 换成以下函数之一：{known}。"),
    "arguments_count": (
        "Give {name} {wanted} arguments instead of {found}.",
        "{name} 需要 {wanted} 个参数，现有 {found} 个，请更正。",
    ),
    "has_needs_field": (
        "Write has(entry.field) with a field of the entry.",
        "请写成 has(entry.字段)，括号内为记录的字段。",
    ),
    "list_not_constant": ("Put only constants into the list.", "列表中请只写常量。"),
    "list_empty": ("Put at least one constant into the list.", "列表中请至少写一个常量。"),
    "too_deep": (
        "Simplify: nest at most {limit} levels, or use a table.",
        "请简化：最多嵌套 {limit} 层，或改用数值表。",
    ),
    "too_many_nodes": (
        "Simplify: use at most {limit} parts, or split the rule in two.",
        "请简化：最多 {limit} 个组成部分，或拆成两条规则。",
    ),
}

_MEANING = {
    "place_not_allowed": ("Remove {name}; it is not known in this place.", "请删除 {name}，此处不能使用它。"),
    "field_unknown": (
        "Replace {name}: {kind} has only the fields {known}.",
        "请替换 {name}：{kind} 只有以下字段：{known}。",
    ),
    "attribute_unknown": ("Replace {name} by one of: {known}.", "请将 {name} 换成以下之一：{known}。"),
    "moment_unknown": ("Replace {name} by one of: {known}.", "请将 {name} 换成以下之一：{known}。"),
    "table_unknown": (
        "Add the table {name} to the book, or use one of: {known}.",
        "请在规则书中加入数值表 {name}，或使用：{known}。",
    ),
    "table_key_unknown": (
        "Add the key {key} to the table {name}, or correct it.",
        "请在数值表 {name} 中加入键 {key}，或更正它。",
    ),
    "table_misplaced": (
        "Write tables.name[…] for a value, or use the table on the right of in.",
        "请写成 tables.名称[…] 取值，或放在 in 的右边。",
    ),
    "list_misplaced": ("Use the list on the right of in only.", "列表只能放在 in 的右边，请更正。"),
    "in_needs_list": (
        "Put a list of constants, a person's levels or a table on the right of in.",
        "in 的右边请写常量列表、某人的 levels 或数值表。",
    ),
    "list_mixed": ("Use items of one type in the list.", "列表中请使用同一种类型。"),
    "type_wrong": ("Use {wanted} here instead of {found}.", "此处请使用 {wanted}，而不是 {found}。"),
    "types_differ": (
        "Give {operator} two sides of the same type; now they are {left} and {right}.",
        "{operator} 两边的类型须相同，现为 {left} 和 {right}，请更正。",
    ),
    "result_wrong": ("Make the result {wanted}; now it is {found}.", "结果应为 {wanted}，现为 {found}，请更正。"),
    "ratio_not_rounded": (
        "Round the ratio with floor, ceil, round_half_up or round_half_even.",
        "请用 floor、ceil、round_half_up 或 round_half_even 对比值取整。",
    ),
    "ratio_too_fine": (
        "Round the ratios earlier; their denominators grow too large.",
        "请更早取整，比值的分母过大。",
    ),
    "divisor_not_literal": ("Divide by a number written out, such as 100.", "除数请直接写成数字，例如 100。"),
    "divisor_zero": ("Divide by a number other than 0.", "除数不能为 0，请更正。"),
    "overflow": (
        "Keep the number within 64 bits; it can lie between {low} and {high}. Bound it with min() and max().",
        "该数值可能介于 {low} 与 {high} 之间，超出 64 位。请用 min() 和 max() 限制。",
    ),
    "choice_unknown": (
        "Correct {value}: {name} is always one of {allowed}.",
        "请更正 {value}：{name} 只能是以下之一：{allowed}。",
    ),
    "amount_negative": (
        "Keep the amount at 0 or more; it can fall to {low}. Write max(0, …) around it.",
        "金额不得为负，目前最低可到 {low}。请在外面加上 max(0, …)。",
    ),
    "amount_too_large": (
        "Keep the amount at {limit} or less; it can reach {high}. Write min(…, {limit}) around it.",
        "金额不得超过 {limit}，目前最高可到 {high}。请在外面加上 min(…, {limit})。",
    ),
}

_DOCUMENT = {
    "yaml_syntax": (
        "Correct the file at this place (a text with a colon needs quotes): {reason}.",
        "请更正文件此处的写法（含冒号的文字须加引号）：{reason}。",
    ),
    "yaml_too_large": ("Shorten the file to at most {limit} bytes.", "请将文件缩短到 {limit} 字节以内。"),
    "yaml_alias": ("Write the content out instead of using & and *.", "请直接写出内容，不要使用 & 和 *。"),
    "yaml_tag": ("Remove the tag {tag}.", "请删除标签 {tag}。"),
    "yaml_many_documents": ("Keep one document in the file; remove ---.", "文件中只能有一个文档，请删除 ---。"),
    "yaml_deep": ("Nest at most {limit} levels.", "最多嵌套 {limit} 层，请简化。"),
    "key_not_word": ("Use a single word as key.", "键请使用单个词。"),
    "key_twice": ("Remove one of the two {key}.", "{key} 出现了两次，请删除一个。"),
    "key_unknown": ("Remove {key}, or use one of: {known}.", "请删除 {key}，或使用：{known}。"),
    "key_missing": ("Add {key}.", "请补上 {key}。"),
    "value_wrong": ("Write this as: {wanted}.", "此处应写成：{wanted}。"),
}

_BOOK = {
    "code_shape": (
        "Write the code {code} with small letters, digits and _, beginning with a letter, at most 60.",
        "代码 {code} 请使用小写字母、数字和 _，以字母开头，最多 60 个字符。",
    ),
    "code_twice": ("Give one of the two {code} another code, or remove it.", "{code} 出现了两次，请改名或删除一个。"),
    "text_empty": ("Write this text; both languages are needed.", "请填写此处文字，中英文都必须有。"),
    "prose_too_long": ("Shorten the text to at most {limit} characters.", "请将文字缩短到 {limit} 个字符以内。"),
    "text_control": ("Remove the invisible character from the text.", "请删除文字中的不可见字符。"),
    "row_shape": ("Write the row {row} like B-19.", "条目 {row} 请写成 B-19 的形式。"),
    "kind_unknown": ("Correct the kind {kind}; no such kind is recorded.", "请更正记录种类 {kind}，没有这一种类。"),
    "person_unknown": (
        "Replace {name}: for {kind} the persons are {known}.",
        "请替换 {name}：{kind} 中的人物有：{known}。",
    ),
    "points_only": ("Remove {name}; contribution value has none.", "请删除 {name}，贡献值没有这一项。"),
    "contribution_only": ("Remove the contribution class; points have none.", "请删除贡献值类别，积分没有类别。"),
    "budget_unknown": ("Replace the budget {name} by one of: {known}.", "请将预算 {name} 换成：{known}。"),
    "budget_amount": (
        "Give an amount to a limited budget, and none to an unlimited one.",
        "有限额的预算请填金额，无限额的预算请不要填。",
    ),
    "budget_alarm": (
        "Set the alarm between 0 and the amount of a limited budget.",
        "预警值请设在 0 与限额之间，且只用于有限额的预算。",
    ),
    "table_key_shape": (
        "Write the key {key} with 1 to 120 visible characters.",
        "键 {key} 请使用 1 到 120 个可见字符。",
    ),
    "shared_cap_unknown": (
        "Replace the shared cap {name} by one of: {known}.",
        "请将共用上限 {name} 换成：{known}。",
    ),
    "guideline_unknown": (
        "Replace the guideline {name} by one of: {known}.",
        "请将准则 {name} 换成：{known}。",
    ),
    "value_unknown": (
        "Replace the value {name} by one the book states: {known}.",
        "请将价值观 {name} 换成规则书中写明的：{known}。",
    ),
    "cap_twice": (
        "Merge the two caps {code}; a rule has one cap per window, unit and field.",
        "请合并两个上限 {code}；每个周期、单位和字段只能有一个上限。",
    ),
    "cap_by": (
        "Replace {name}: caps of {kind} can be separated by {known}.",
        "请替换 {name}：{kind} 的上限可按以下字段区分：{known}。",
    ),
    "reversal_mismatch": (
        "Choose a kind that reverses {reversed}; {kind} does not.",
        "请选择撤销 {reversed} 的种类；{kind} 不是。",
    ),
    "pilot_cities": ("Name 1 to {most} cities for the pilot.", "请为试点写明 1 到 {most} 个城市。"),
    "pilot_city_shape": (
        "Write the city in 1 to {most} visible characters, as residents' profiles have it.",
        "请用 1 到 {most} 个可见字符写城市名，与居民资料中的写法一致。",
    ),
    "pilot_city_both": (
        "Take {city} out of one of the two lists: a city of the pilot cannot be compared with itself.",
        "请把 {city} 从两个名单之一中删去：试点城市不能同时作为对照。",
    ),
    "pilot_without_period": (
        "Give the pilot a beginning and an end, in valid_from and valid_to.",
        "请在 valid_from 与 valid_to 中写明试点的开始和结束。",
    ),
    "pilot_too_long": (
        "Let the pilot end after {most} days at most instead of {found}; then decide for everybody.",
        "试点最长 {most} 天，现为 {found} 天；之后请为所有人作出决定。",
    ),
    "validity_order": ("Let the rule end after it begins.", "规则的结束时间须晚于开始时间，请更正。"),
    "validity_without_offset": (
        "Add the offset to the moment, such as 2026-01-01T00:00:00+08:00.",
        "请为时间补上时区，例如 2026-01-01T00:00:00+08:00。",
    ),
    "time_zone_unknown": (
        "Correct the time zone {name}; write it like Asia/Shanghai.",
        "请更正时区 {name}，写法如 Asia/Shanghai。",
    ),
    "number_range": (
        "Use a number from {low} to {high} instead of {found}.",
        "请使用 {low} 到 {high} 之间的数字，现为 {found}。",
    ),
    "choice_wrong": ("Replace {found} by one of: {allowed}.", "请将 {found} 换成：{allowed}。"),
}

MESSAGES: dict[str, tuple[str, str]] = _TEXT | _MEANING | _DOCUMENT | _BOOK
"""By problem code: the English and the Chinese sentence, with the problem's values in braces."""
