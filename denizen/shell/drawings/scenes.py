"""Covers and the city at dusk, so that no page looks empty."""

from __future__ import annotations

import math

from markupsafe import Markup

from denizen.shell.drawings.svg import chance, drawing, number, oklch

WIDTH, HEIGHT = 400, 200
SKY_BANDS = 32
HILLS = 5
CITY_WIDTH, CITY_HEIGHT = 640, 300
HOME = (316, 172)


def landscape(seed: object, label: str = "") -> Markup:
    """A cover: sky, a low sun, five ranges of hills; 2 to 1."""
    random = chance(seed, "landscape")
    warm, cool = random.uniform(25, 80), random.uniform(180, 290)
    phase, sun_x, sun_y = random.uniform(0, 6.3), random.uniform(90, 310), random.uniform(48, 84)
    parts = [sky_band(band, warm=warm, cool=cool) for band in range(SKY_BANDS)]
    sun = f'<circle cx="{number(sun_x)}" cy="{number(sun_y)}" fill="{oklch(97, 0.05, 85)}"'
    parts += [f'{sun} r="{radius}" opacity="{light}"/>' for radius, light in ((46, 0.16), (33, 0.24), (22, 1))]
    parts += [hill(layer, phase=phase, hue=cool) for layer in range(HILLS)]
    return drawing(parts, box=f"0 0 {WIDTH} {HEIGHT}", label=label, classes="cover", keep="xMidYMid slice")


def sky_band(band: int, *, warm: float, cool: float) -> str:
    low = band / (SKY_BANDS - 1)
    height = HEIGHT * 0.8 / SKY_BANDS
    hue, chroma = (cool, 0.07 * (0.5 - low) * 2) if low < 0.5 else (warm, 0.075 * (low - 0.5) * 2)
    colour = oklch(77 + 16 * low, chroma, hue)
    return f'<rect y="{number(band * height)}" width="{WIDTH}" height="{number(height + 1)}" fill="{colour}"/>'


def hill(layer: int, *, phase: float, hue: float) -> str:
    """One range: far ones pale and high, near ones dark and low."""
    base, swing = HEIGHT * (0.5 + 0.115 * layer), HEIGHT * (0.15 - 0.02 * layer)
    points = [f"0,{HEIGHT}"]
    for step in range(51):
        wave = math.sin(step * 0.21 + layer * 2.1 + phase) + 0.45 * math.sin(step * 0.53 + layer * 1.3 + 2 * phase)
        points.append(f"{number(WIDTH * step / 50)},{number(base - swing * wave)}")
    points.append(f"{WIDTH},{HEIGHT}")
    colour = oklch(72 - 11 * layer, 0.04 + 0.008 * layer, hue - 10 * layer)
    return f'<polygon points="{" ".join(points)}" fill="{colour}"/>'


def dusk_city(seed: object, *, lit: int, label: str, home_lit: bool | None = None) -> Markup:
    """The city in the evening with ``lit`` windows alight (as many as it has, at most).

    ``home_lit`` draws the resident's own window: True shines with a halo, False waits dark with a rim, None is absent.
    """
    random = chance(seed, "dusk")
    walls, panes = [], []
    left = -6
    while left < CITY_WIDTH:
        wide, tall, shade = random.randrange(26, 50), random.randrange(84, 196), random.randint(1, 3)
        box = f'x="{left}" y="{CITY_HEIGHT - tall}" width="{wide}" height="{tall}"'
        walls.append(f'<rect {box} class="tower-{shade}"/>')
        panes += [
            (x, y)
            for y in range(CITY_HEIGHT - tall + 10, CITY_HEIGHT - 8, 13)
            for x in range(left + 6, left + wide - 7, 10)
        ]
        left += wide + random.randrange(0, 4)
    alight = set(random.sample(range(len(panes)), min(lit, len(panes))))
    glass = [
        f'<rect x="{x}" y="{y}" width="5" height="7" rx="1" class="{"lit" if place in alight else "pane"}"/>'
        for place, (x, y) in enumerate(panes)
    ]
    parts = [*walls, *glass, *home(home_lit)]
    return drawing(parts, box=f"0 0 {CITY_WIDTH} {CITY_HEIGHT}", label=label, classes="city", keep="xMidYMax slice")


def home(home_lit: bool | None) -> list[str]:
    """The resident's own house in the middle: its top window is larger than all others."""
    if home_lit is None:
        return []
    x, y = HOME
    tower = f'<rect x="{x - 16}" y="{y - 18}" width="41" height="{CITY_HEIGHT - y + 18}" class="tower-3"/>'
    panes = [
        f'<rect x="{across}" y="{down}" width="5" height="7" rx="1" class="pane"/>'
        for down in range(y + 26, CITY_HEIGHT - 8, 13)
        for across in range(x - 8, x + 18, 10)
    ]
    centre = f'cx="{x + 4.5}" cy="{y + 6}"'
    halo = [f'<circle {centre} r="{radius}" class="halo"/>' for radius in (30, 17)] if home_lit else []
    look = "mine" if home_lit else "mine dark"
    window = f'<rect x="{x}" y="{y}" width="9" height="12" rx="1.5" class="{look}"/>'
    return [tower, *panes, *halo, window]
