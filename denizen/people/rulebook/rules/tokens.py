"""Words of an expression's text, each with its position."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from denizen.kit.schema import INT64_MAX

from .expressions import STRING_LENGTH_MAX, TEXT_LENGTH_MAX, Position
from .problems import Problem, UnableToReadExpression

_WORD = re.compile(
    r"(?P<space>[ \t\r\n]+)"
    r"|(?P<number>[0-9][0-9A-Za-z_]*(?:\.[0-9][0-9A-Za-z_]*)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<quote>[\"'])"
    r"|(?P<sign>&&|\|\||==|!=|<=|>=|[-!+*/%<>?:.,()\[\]])"
)
_DIGITS_MAX = len(str(INT64_MAX))


class Token(NamedTuple):
    """``kind``: ``number``, ``name``, ``string``, ``sign`` or ``end``; ``text`` of a string is its content."""

    kind: str
    text: str
    at: Position


def tokens_of(text: str) -> list[Token]:
    """All words of the text, closed by an ``end`` token. Raises :class:`UnableToReadExpression`."""
    if len(text) > TEXT_LENGTH_MAX:
        raise UnableToReadExpression([Problem("text_too_long", Position(1, 1), {"limit": TEXT_LENGTH_MAX})])
    found: list[Token] = []
    index, line, line_start = 0, 1, 0
    while index < len(text):
        at = Position(line, index - line_start + 1)
        word = _WORD.match(text, index)
        if word is None:
            raise _refused("character_unknown", at, character=_described(text[index]))
        index = word.end()
        if word.lastgroup == "space":
            breaks = word.group().count("\n")
            if breaks:
                line, line_start = line + breaks, word.start() + word.group().rindex("\n") + 1
        elif word.lastgroup == "quote":
            content = _string_content(text, word, at)
            found.append(Token("string", content, at))
            index += len(content) + 1
        else:
            found.append(_checked_word(word, at))
    found.append(Token("end", "", Position(line, index - line_start + 1)))
    return found


def string_fault(value: str) -> str | None:
    """The problem code of a string that cannot be written in the language, or nothing."""
    if len(value) > STRING_LENGTH_MAX:
        return "string_too_long"
    if "\\" in value:
        return "string_escape"
    if any(unicodedata.category(character)[0] == "C" for character in value):
        return "string_control"
    return "string_quotes" if '"' in value and "'" in value else None


def _string_content(text: str, word: re.Match[str], at: Position) -> str:
    end = text.find(word.group(), word.end())
    line_end = text.find("\n", word.end())
    if end == -1 or -1 < line_end < end:
        raise _refused("string_open", at)
    content = text[word.end() : end]
    fault = string_fault(content)
    if fault is not None:
        raise _refused(fault, at, limit=STRING_LENGTH_MAX)
    return content


def _checked_word(word: re.Match[str], at: Position) -> Token:
    text = word.group()
    if word.lastgroup == "number":
        if "." in text:
            raise _refused("number_float", at, number=text[:40])
        if not text.isdigit() or (text[0] == "0" and text != "0"):
            raise _refused("number_shape", at, number=text[:40])
        if len(text) > _DIGITS_MAX or int(text) > INT64_MAX:
            raise _refused("number_too_large", at, limit=INT64_MAX)
    return Token(str(word.lastgroup), text, at)


def _described(character: str) -> str:
    shown = character if character.isprintable() else "?"
    return f"{shown} (U+{ord(character):04X})"


def _refused(code: str, at: Position, **values: str | int) -> UnableToReadExpression:
    return UnableToReadExpression([Problem(code, at, values)])
