"""Reads the tokens as a browser would and measures contrast as WCAG 2 defines it."""

from __future__ import annotations

import math
import re
from pathlib import Path

TOKENS = Path(__file__).resolve().parent.parent / "static" / "shell" / "css" / "tokens"
COLOUR = re.compile(r"--([\w-]+):\s*oklch\(([\d.]+)%\s+([\d.]+)\s+([\d.]+)\)")
PAIR = re.compile(r"--([\w-]+):\s*light-dark\(var\(--([\w-]+)\),\s*var\(--([\w-]+)\)\)")


def luminance(lightness: float, chroma: float, hue: float) -> float:
    """Relative luminance of an OKLCH colour, clipped into sRGB; lightness 0 to 1."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    weights = ((0.2126, red), (0.7152, green), (0.0722, blue))
    return sum(weight * min(1, max(0, channel)) for weight, channel in weights)


def palette() -> dict[str, float]:
    found = COLOUR.findall((TOKENS / "palette.css").read_text())
    return {name: luminance(float(light) / 100, float(chroma), float(hue)) for name, light, chroma, hue in found}


def theme(name: str) -> dict[str, float]:
    """Luminance of every meaning in the ``light`` or the ``dark`` theme."""
    named = palette()
    pairs = PAIR.findall((TOKENS / "meaning.css").read_text())
    return {meaning: named[light if name == "light" else dark] for meaning, light, dark in pairs}


def contrast(one: float, other: float) -> float:
    dark, light = sorted((one, other))
    return (light + 0.05) / (dark + 0.05)
