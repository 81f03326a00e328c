"""What a signal looks like: who gave to whom, or how much when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import cos, pi, sin

from django.utils.translation import gettext as _
from markupsafe import Markup

from denizen.people.risk.constants import SignalCode
from denizen.people.risk.queries import SignalView
from denizen.shell.drawings.svg import drawing, number
from denizen.shell.figures import grouped, moment

WIDTH, HEIGHT = 420, 260
NODES_MAX = 16
SLOTS = 36
NAME_LENGTH = 10

Point = tuple[float, float]


def picture(signal: SignalView, names: Mapping[int, str], moments: Sequence[datetime]) -> Markup:
    """The picture that says most about this signal."""
    if signal.code == SignalCode.RING:
        return ring(signal, names)
    if signal.code in (SignalCode.BURST, SignalCode.REGULARITY):
        return beats(moments)
    return star(signal, names)


def ring(signal: SignalView, names: Mapping[int, str]) -> Markup:
    """Each giver with an arrow to his taker, and the points beside it."""
    way = [int(one) for one in str(signal.numbers["way"]).split(">")]
    flows = [int(one) for one in str(signal.numbers["flows"]).split(">")]
    places = _circle(len(way), radius=88 if len(way) > 2 else 120)
    parts = []
    for place, points in enumerate(flows):
        parts.append(_arrow(places[place], places[(place + 1) % len(way)], grouped(points)))
    parts += [_node(at, names.get(who) or _("a resident")) for at, who in zip(places, way, strict=True)]
    return _drawn(parts, _("Who gave points to whom, round and round"))


def star(signal: SignalView, names: Mapping[int, str]) -> Markup:
    """One thing in the middle that all of them have in common: a device, or whoever invited them."""
    inviter = signal.numbers.get("inviter")
    if signal.code == SignalCode.MUTUAL_INVITATION or len(signal.residents) == 2:
        return _pair(signal, names)
    around = [who for who in signal.residents if who != inviter]
    shown = around[:NODES_MAX]
    middle = (names.get(int(inviter)) or _("a resident")) if inviter is not None else _("one device")
    centre = (WIDTH / 2, HEIGHT / 2)
    places = _circle(len(shown), radius=96, stretch=1.6)
    parts = [_edge(centre, at) for at in places]
    parts += [_node(at, names.get(who) or _("a resident")) for at, who in zip(places, shown, strict=True)]
    parts.append(_node(centre, middle, kind="node middle"))
    if len(around) > len(shown):
        more = _("and %(count)s more") % {"count": len(around) - len(shown)}
        parts.append(Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(WIDTH - 4, HEIGHT - 4, more))
    return _drawn(parts, _("People around what they have in common"))


def _pair(signal: SignalView, names: Mapping[int, str]) -> Markup:
    left, right = (80.0, HEIGHT / 2), (WIDTH - 80.0, HEIGHT / 2)
    one, other = signal.residents[:2]
    parts = [_arrow(left, right, "")]
    if signal.code == SignalCode.MUTUAL_INVITATION:
        parts.append(_arrow(right, left, ""))
    parts += [_node(left, names.get(one) or _("a resident")), _node(right, names.get(other) or _("a resident"))]
    return _drawn(parts, _("Two people and their invitation"))


def beats(moments: Sequence[datetime]) -> Markup:
    """How many entries fell into each of equal slots of the time they span."""
    counts, first, last = slots(moments)
    most, foot = max(counts), HEIGHT - 30
    step = (WIDTH - 8) / SLOTS
    parts = [Markup('<line x1="0" x2="{}" y1="{}" y2="{}" class="zero"/>').format(WIDTH, foot, foot)]
    for place, count in enumerate(counts):
        if count:
            height = max(3.0, count * (foot - 24) / most)
            parts.append(
                Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="2" class="bar"/>').format(
                    number(4 + place * step), number(foot - height), number(step - 2), number(height)
                )
            )
    words = _("at most %(count)s") % {"count": grouped(most)}
    parts.append(Markup('<text x="0" y="12">{}</text>').format(words))
    parts.append(Markup('<text x="0" y="{}">{}</text>').format(HEIGHT - 8, moment(first)))
    parts.append(Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(WIDTH, HEIGHT - 8, moment(last)))
    return _drawn(parts, _("Entries over time"))


def slots(moments: Sequence[datetime]) -> tuple[list[int], datetime, datetime]:
    """Counts in ``SLOTS`` equal parts of the span from the first to the last moment."""
    first, last = moments[0], moments[-1]
    length = max(1, int((last - first).total_seconds()) + 1)
    counts = [0] * SLOTS
    for each in moments:
        counts[int((each - first).total_seconds()) * SLOTS // length] += 1
    return counts, first, last


def _circle(count: int, *, radius: float, stretch: float = 1.0) -> list[Point]:
    turns = [2 * pi * place / max(1, count) - pi / 2 for place in range(count)]
    if count == 2:
        turns = [pi, 0]
    return [(WIDTH / 2 + radius * stretch * cos(turn), HEIGHT / 2 + radius * sin(turn)) for turn in turns]


def _arrow(start: Point, end: Point, words: str) -> Markup:
    """A bent line with its head before the other circle, so that two arrows between two people are told apart."""
    (ax, ay), (bx, by) = start, end
    length = max(1.0, ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5)
    ux, uy = (bx - ax) / length, (by - ay) / length
    bend = 26.0
    mx, my = (ax + bx) / 2 + uy * bend, (ay + by) / 2 - ux * bend
    hx, hy = bx - ux * 24 + uy * 7, by - uy * 24 - ux * 7
    tip = f"M{number(hx - ux * 9 - uy * 5)} {number(hy - uy * 9 + ux * 5)}L{number(hx)} {number(hy)}"
    tip += f"L{number(hx - ux * 9 + uy * 5)} {number(hy - uy * 9 - ux * 5)}"
    return Markup(
        '<path d="M{} {}Q{} {} {} {}" class="give"/><path d="{}" class="give"/><text x="{}" y="{}" {}>{}</text>'
    ).format(
        number(ax), number(ay), number(mx + uy * bend), number(my - ux * bend), number(hx), number(hy), tip,
        number(mx + uy * 16), number(my - ux * 16 + 4), Markup('text-anchor="middle" class="strong"'), words,
    )  # fmt: skip


def _edge(start: Point, end: Point) -> Markup:
    return Markup('<path d="M{} {}L{} {}" class="tie"/>').format(*map(number, (*start, *end)))


def _node(at: Point, name: str, *, kind: str = "node") -> Markup:
    """A circle with its name on the side that looks away from the middle, where no line runs."""
    shown = name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1] + "…"
    below = at[1] >= HEIGHT / 2
    return Markup(
        '<g class="{}"><circle cx="{}" cy="{}" r="13"/><text x="{}" y="{}" text-anchor="middle">{}</text></g>'
    ).format(kind, number(at[0]), number(at[1]), number(at[0]), number(at[1] + (29 if below else -20)), shown)


def _drawn(parts: Sequence[str], label: str) -> Markup:
    return drawing(parts, box=f"0 0 {WIDTH} {HEIGHT}", label=label, classes="chart web")
