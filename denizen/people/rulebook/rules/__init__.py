"""The rule language: pure. No Django, no clock, no settings; it may touch the standard library, PyYAML, ``kit.schema``.

Text becomes a tree (``parse``), the tree is checked against a kind's shape (``check``), and means something by
``interpret``; ``compile_expression`` means the same, faster. A ``Book`` of ``Rule`` values is read from YAML
(``load_book``), checked whole (``check_book``), stored as canonical JSON (``to_json``, ``digest_of``), made ready
once (``compile_book``), and asked for every entry (``decide``), which answers one ``Line`` per rule with the reason
for every yes and every no. Calendar windows are those of the book's time zone.
"""

from .book_check import check_book
from .change_words import award_words, condition_words, limit_words, sentence
from .checker import Scope, Verdict, check
from .compiler import compile_expression
from .decide import CapKey, Detail, Line, State, UnableToDecide, Use, cap_keys, decide
from .differences import Difference, differences
from .inputs import Absent, Attributes, Facts, Inputs, MomentParts, Person
from .interpreter import interpret
from .model import (
    CLAUSES,
    Book,
    Budget,
    Cap,
    Guideline,
    Limit,
    Pilot,
    Rule,
    SharedCap,
    StatedValue,
    Text,
    limits_of,
)
from .parser import parse
from .printer import to_text
from .problems import Problem, UnableToLoadBook, UnableToReadExpression
from .program import CompiledBook, compile_book
from .questions import asks_city, asks_contribution, asks_levels, cap_applies, constant_amount
from .reader import Reading, from_data, from_json, load_book, read_book
from .taking import Taking
from .trace import lines_from_json, lines_to_json
from .windows import (
    Per,
    UnableToFindTimeZone,
    calendar_of,
    hold_ends_us,
    lot_expires_us,
    moment_us,
    window_end_us,
    window_start,
)
from .worth import takings
from .writer import digest_of, dump_book, dump_rule, to_data, to_json, to_plain

__all__ = [
    "CLAUSES",
    "Absent",
    "Attributes",
    "Book",
    "Budget",
    "Cap",
    "CapKey",
    "CompiledBook",
    "Detail",
    "Difference",
    "Facts",
    "Guideline",
    "Inputs",
    "Limit",
    "Line",
    "MomentParts",
    "Per",
    "Person",
    "Pilot",
    "Problem",
    "Reading",
    "Rule",
    "Scope",
    "SharedCap",
    "State",
    "StatedValue",
    "Taking",
    "Text",
    "UnableToDecide",
    "UnableToFindTimeZone",
    "UnableToLoadBook",
    "UnableToReadExpression",
    "Use",
    "Verdict",
    "asks_city",
    "asks_contribution",
    "asks_levels",
    "award_words",
    "calendar_of",
    "cap_applies",
    "cap_keys",
    "check",
    "check_book",
    "compile_book",
    "compile_expression",
    "condition_words",
    "constant_amount",
    "decide",
    "differences",
    "digest_of",
    "dump_book",
    "dump_rule",
    "from_data",
    "from_json",
    "hold_ends_us",
    "interpret",
    "limit_words",
    "limits_of",
    "lines_from_json",
    "lines_to_json",
    "load_book",
    "lot_expires_us",
    "moment_us",
    "parse",
    "read_book",
    "sentence",
    "takings",
    "to_data",
    "to_json",
    "to_plain",
    "to_text",
    "window_end_us",
    "window_start",
]
