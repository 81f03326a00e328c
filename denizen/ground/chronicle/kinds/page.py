"""Writes ``docs/kinds.md`` from the vocabulary: ``python -m denizen.ground.chronicle.kinds.page > docs/kinds.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from denizen.kit.schema import Field

from . import AREAS, REVERSALS, Kind, kinds_of

HEAD = """\
# Kinds · 种类

The vocabulary of the chronicle, generated from `denizen/ground/chronicle/kinds/`; do not edit this page.

A service reports an entry with `kind`, `resident`, `occurred_at`, `external_id` and a `payload` of the fields below.
A field in brackets may be left out. A *token* is a key of 1 to 120 letters, digits or `. _ : / @ + = # ~ -`; a
*resident* is the reference by which the reporting source calls a person; a *moment* carries an offset. There is no
free text. A kind marked *fact* changes grades, plans or invitations. A reversal names in `original` the external id
of the entry of the same source whose effects it undoes.
"""


def kinds_page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(line for area in AREAS for line in _area_lines(kinds_of(area)))]) + "\n"


def _area_lines(kinds: list[Kind]) -> Iterator[str]:
    area = kinds[0].area
    yield f"## {area.replace('_', ' ').capitalize()}\n"
    yield "| number | kind | title | 名称 | payload | undone by | rows |"
    yield "|---|---|---|---|---|---|---|"
    for kind in kinds:
        yield _kind_line(kind)
    yield ""


def _kind_line(kind: Kind) -> str:
    code = f"`{kind.code}`" + (" *fact*" if kind.fact else "")
    fields = "<br>".join(_field_text(field) for field in kind.shape.fields) or "-"
    cells = (str(kind.number), code, kind.title_en, kind.title_zh, fields, _undoing(kind), " ".join(kind.rows))
    return "| " + " | ".join(cells) + " |"


def _undoing(kind: Kind) -> str:
    if kind.reverses:
        return f"undoes `{kind.reverses}`"
    return f"`{REVERSALS[kind.code]}`" if kind.code in REVERSALS else "-"


def _field_text(field: Field) -> str:
    name = f"`{field.name}`" if field.required else f"[`{field.name}`]"
    bounds = {
        "int": f"integer {field.minimum} … {field.maximum}",
        "token": " / ".join(f"`{choice}`" for choice in field.choices) or "token",
        "bool": "true / false",
    }
    unit = f" {field.unit}" if field.unit else ""
    return f"{name} {bounds.get(field.type, field.type)}{unit}: {field.title_en} · {field.title_zh}"


if __name__ == "__main__":
    sys.stdout.write(kinds_page())
