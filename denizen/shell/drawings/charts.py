"""Pictures of data: integers in, labelled SVG out. Bars begin at zero; a line says where its axis begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from denizen.shell.drawings.svg import drawing, number
from denizen.shell.figures import grouped

LEFT, RIGHT, TOP, BOTTOM = 44, 76, 12, 26
LABEL_GAP = 15
BAR_STEP = 50


class UnableToDraw(ValueError):
    """The figures do not make a picture."""


@dataclass(frozen=True)
class Series:
    """One line: a name (written at its end), values in order, a tone (``lake``, ``lamp``, ``over``, ``quiet``)."""

    name: str
    values: Sequence[int]
    tone: str = "quiet"


@dataclass(frozen=True)
class Bar:
    """One bar. ``low`` and ``high`` draw an interval where the value comes from a sample."""

    name: str
    value: int
    tone: str = "lake"
    low: int | None = None
    high: int | None = None


def short(amount: int) -> str:
    """An axis number: ``80k``, ``1.3M``; exact below ten thousand."""
    size = abs(amount)
    if size < 10_000:
        return grouped(amount)
    unit, letter = (1_000_000, "M") if size >= 1_000_000 else (1_000, "k")
    return f"{number(round(amount / unit, 1))}{letter}".replace("-", "\u2212")


def ticks(low: int, high: int) -> list[int]:
    """Three to six round numbers that hold everything from ``low`` to ``high``."""
    span = max(1, high - low)
    step = next(size * 10**power for power in range(20) for size in (1, 2, 5) if span <= 5 * size * 10**power)
    first = low // step * step
    marks = [first]
    while marks[-1] < high:
        marks.append(marks[-1] + step)
    return marks if len(marks) > 1 else [first, first + step]


def line_chart(
    series: Sequence[Series], *, first: str, last: str, label: str, from_zero: bool = True, width: int = 360
) -> Markup:
    """Lines over equal steps of time from ``first`` to ``last``, each named at its end."""
    if not series or any(len(line.values) < 2 for line in series):
        raise UnableToDraw("a line needs two values")
    every = [value for line in series for value in line.values]
    height = 200
    marks = ticks(min(0, *every) if from_zero else min(every), max(every))
    foot, span = height - BOTTOM, marks[-1] - marks[0]

    def at_y(value: float) -> float:
        return foot - (value - marks[0]) * (foot - TOP) / span

    def at_x(place: int, count: int) -> float:
        return LEFT + place * (width - LEFT - RIGHT) / (count - 1)

    parts = [axis(mark, y=at_y(mark), width=width) for mark in marks]
    heights = spread([at_y(line.values[-1]) for line in series])
    for line, name_y in zip(series, heights, strict=True):
        points = [(at_x(place, len(line.values)), at_y(value)) for place, value in enumerate(line.values)]
        parts.append(polyline(line, points=points, name_y=name_y))
    parts.append(Markup('<text x="{}" y="{}">{}</text>').format(LEFT, height - 6, first))
    parts.append(Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(width - RIGHT, height - 6, last))
    return drawing(parts, box=f"0 0 {width} {height}", label=label, classes=chart_class(width))


def axis(mark: int, *, y: float, width: int) -> str:
    kind = "zero" if mark == 0 else "axis"
    return (
        f'<line x1="{LEFT}" x2="{width - RIGHT}" y1="{number(y)}" y2="{number(y)}" class="{kind}"/>'
        f'<text x="{LEFT - 8}" y="{number(y + 4)}" text-anchor="end">{short(mark)}</text>'
    )


def polyline(line: Series, *, points: Sequence[tuple[float, float]], name_y: float) -> str:
    path = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    end_x, end_y = points[-1]
    return Markup(
        '<g class="tone-{}"><polyline points="{}" class="line"/><circle cx="{}" cy="{}" r="3.5" class="dot"/>'
        '<text x="{}" y="{}" class="name">{}</text></g>'
    ).format(line.tone, path, number(end_x), number(end_y), number(end_x + 9), number(name_y + 4), line.name)


def spread(heights: Sequence[float]) -> list[float]:
    """Names at line ends, moved apart just enough to be read."""
    placed: dict[int, float] = {}
    previous = float("-inf")
    for place in sorted(range(len(heights)), key=lambda index: heights[index]):
        previous = max(heights[place], previous + LABEL_GAP)
        placed[place] = previous
    return [placed[place] for place in range(len(heights))]


def bar_chart(bars: Sequence[Bar], *, label: str, width: int = 360, unit: str = "") -> Markup:
    """Lying bars with their names above and values at the end; zero is always in the picture."""
    if not bars:
        raise UnableToDraw("a bar chart needs a bar")
    reach = [edge for bar in bars for edge in (bar.value, bar.low, bar.high) if edge is not None]
    low, high = min(0, *reach), max(0, *reach)
    scale = (width - RIGHT) / ((high - low) or 1)
    parts = [
        lying_bar(bar, top=place * BAR_STEP, low=low, scale=scale, words=f"{grouped(bar.value)}{unit}")
        for place, bar in enumerate(bars)
    ]
    return drawing(parts, box=f"0 0 {width} {len(bars) * BAR_STEP}", label=label, classes=chart_class(width))


def lying_bar(bar: Bar, *, top: int, low: int, scale: float, words: str) -> Markup:
    """Name, bar from zero, the interval where there is one, and the value behind whatever reaches furthest."""
    zero, end = -low * scale, (bar.value - low) * scale
    furthest = max(edge for edge in (0, bar.value, bar.high) if edge is not None)
    return Markup(
        '<text x="0" y="{}">{}</text><path d="M{} {}v22" class="zero"/>'
        '<rect x="{}" y="{}" width="{}" height="14" rx="3" class="bar tone-{}"/>{}'
        '<text x="{}" y="{}" class="strong">{}</text>'
    ).format(
        top + 13,
        bar.name,
        number(zero),
        top + 18,
        number(min(zero, end)),
        top + 22,
        number(abs(end - zero)),
        bar.tone,
        whisker(bar, y=top + 29, low=low, scale=scale),
        number((furthest - low) * scale + 8),
        top + 33,
        words,
    )


def whisker(bar: Bar, *, y: int, low: int, scale: float) -> Markup:
    if bar.low is None or bar.high is None:
        return Markup("")
    left, right = number((bar.low - low) * scale), number((bar.high - low) * scale)
    return Markup('<path d="M{0} {2}v10M{0} {3}H{1}M{1} {2}v10" class="whisker"/>').format(left, right, y - 5, y)


def sparkline(values: Sequence[int], *, label: str) -> Markup:
    """A line as high as a word, without axes; its last value is marked."""
    if len(values) < 2:
        raise UnableToDraw("a line needs two values")
    low, span = min(values), (max(values) - min(values)) or 1
    points = [
        (4 + place * 88 / (len(values) - 1), 24 - (value - low) * 20 / span) for place, value in enumerate(values)
    ]
    path = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    end_x, end_y = points[-1]
    parts = [
        f'<polyline points="{path}" class="line"/>',
        f'<circle cx="{number(end_x)}" cy="{number(end_y)}" r="3" class="dot"/>',
    ]
    return drawing(parts, box="0 0 96 28", label=label, classes="spark tone-lake")


def chart_class(width: int) -> str:
    return "chart broad" if width > 480 else "chart"
