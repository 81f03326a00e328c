"""The signature: a stone in the pond. Avatars from a seed, the four rings of contribution, the ring of a promise."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from denizen.shell.drawings.svg import chance, drawing, number, oklch

DEPTHS = 12
RING_STEP = 11
RING_WIDTH = 7


def rings(seed: object, label: str = "") -> Markup:
    """An avatar: ripples around a stone, lighter towards it; the same seed always draws the same pond."""
    random = chance(seed, "rings")
    hue = random.uniform(0, 360)
    turn = random.choice((-1, 1)) * random.uniform(35, 80)
    x, y = random.uniform(14, 34), random.uniform(14, 34)
    reach = max(math.hypot(x - corner_x, y - corner_y) for corner_x in (0, 48) for corner_y in (0, 48))
    parts = [f'<rect width="48" height="48" fill="{oklch(48, 0.1, hue + turn)}"/>']
    for depth in range(1, DEPTHS):
        near = depth / DEPTHS
        colour = oklch(48 + 24 * near, 0.1, hue + turn * (1 - near))
        parts.append(f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(reach * (1 - near))}" fill="{colour}"/>')
    light = oklch(97, 0.03, hue)
    for place, share in enumerate((0.17, 0.36, 0.58, 0.84)):
        parts.append(
            f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(36 * share)}" fill="none" stroke="{light}" '
            f'stroke-width="1.9" opacity="{number(0.62 - 0.13 * place)}"/>'
        )
    parts.append(f'<circle cx="{number(x)}" cy="{number(y)}" r="2" fill="{light}" opacity="0.9"/>')
    return drawing(parts, box="0 0 48 48", label=label, classes="drawing")


def arc(*, radius: float, share: float, centre: float, width: float, classes: str) -> str:
    """A stroke of ``share`` (0 to 1) of a circle, beginning at noon; nothing at all for no share."""
    if share <= 0:
        return ""
    around = 2 * math.pi * radius
    return (
        f'<circle cx="{number(centre)}" cy="{number(centre)}" r="{number(radius)}" fill="none" class="{classes}" '
        f'stroke-width="{number(width)}" stroke-linecap="round" '
        f'stroke-dasharray="{number(around * min(share, 1))} {number(around)}" '
        f'transform="rotate(-90 {number(centre)} {number(centre)})"/>'
    )


def contribution_rings(amounts: Sequence[int], *, label: str, whole: int | None = None) -> Markup:
    """Up to four classes as rings from outside in. Each arc is the class's share of ``whole`` (default: their sum)."""
    if len(amounts) > 4:
        raise ValueError("there are four rings")
    full = whole or sum(amounts) or 1
    parts = []
    for place, amount in enumerate(amounts):
        radius = 54 - place * RING_STEP
        parts.append(
            f'<circle cx="60" cy="60" r="{radius}" fill="none" class="track" stroke-width="{RING_WIDTH}"/>'
            + arc(radius=radius, share=amount / full, centre=60, width=RING_WIDTH, classes=f"ring-{place + 1}")
        )
    return drawing(parts, box="0 0 120 120", label=label, classes="rings")


def clock_ring(*, passed: int, whole: int, words: str, label: str, tone: str = "") -> Markup:
    """A promise: how much of its time has passed (any one unit), with a few characters inside."""
    share = passed / whole if whole else 1
    ring = arc(radius=20, share=share, centre=24, width=4, classes="hand").replace(
        "<circle", '<circle stroke="currentColor"'
    )
    text = Markup('<text x="24" y="28" text-anchor="middle">{}</text>').format(words)
    track = '<circle cx="24" cy="24" r="20" fill="none" class="track" stroke-width="4"/>'
    return drawing([track, ring, text], box="0 0 48 48", label=label, classes=f"clock {tone}".strip())
