"""A figure with the floor it is held against, printed as a table and kept as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Figure:
    """``ratio`` is value / floor. ``goal`` is the literal wish; ``ok`` says whether this run met it."""

    name: str
    value: float
    unit: str
    floor: float | None
    ratio: float | None
    goal: str
    better: Literal["higher", "lower"]
    ok: bool | None


def figure(
    name: str,
    value: float,
    unit: str,
    *,
    floor: float | None = None,
    goal: str = "",
    better: Literal["higher", "lower"] = "higher",
    ok: bool | None = None,
) -> Figure:
    ratio = round(value / floor, 3) if floor else None
    return Figure(name, round(value, 3), unit, round(floor, 3) if floor else None, ratio, goal, better, ok)


def report(name: str, figures: list[Figure]) -> None:
    """Print the table of one benchmark and write ``bench/results/<name>.json``."""
    table = Table(title=f"bench: {name}")
    for heading in ("figure", "value", "unit", "floor", "ratio", "goal", "ok"):
        table.add_column(heading, justify="right" if heading in {"value", "floor", "ratio"} else "left")
    for one in figures:
        verdict = "" if one.ok is None else ("yes" if one.ok else "NO")
        shown = (one.name, f"{one.value:,}", one.unit, f"{one.floor:,}" if one.floor else "", str(one.ratio or ""))
        table.add_row(*shown, one.goal, verdict)
    Console(width=150).print(table)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps([asdict(one) for one in figures], indent=2) + "\n")
