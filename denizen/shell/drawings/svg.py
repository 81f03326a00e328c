"""The few words all drawings are written with. No style attributes: colours are classes or presentation attributes."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable

from markupsafe import Markup


def chance(seed: object, purpose: str) -> random.Random:
    """The same seed draws the same picture on every machine and in every process."""
    digest = hashlib.sha256(f"{purpose}:{seed}".encode()).digest()
    return random.Random(int.from_bytes(digest[:8], "big"))


def drawing(parts: Iterable[str], *, box: str, label: str = "", classes: str = "", keep: str = "") -> Markup:
    """An ``<svg>`` with a name for those who do not see it; without a label it is decoration and hidden from them."""
    name = (
        Markup('role="img" aria-label="{0}"').format(label) if label else Markup('aria-hidden="true" focusable="false"')
    )
    title = Markup("<title>{}</title>").format(label) if label else ""
    ratio = Markup(' preserveAspectRatio="{}"').format(keep) if keep else ""
    opening = Markup('<svg viewBox="{}" class="{}" {}{}>').format(box, classes, name, ratio)
    return opening + title + Markup("".join(parts)) + Markup("</svg>")


def number(value: float) -> str:
    """Short coordinates: at most two decimals, no trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def oklch(lightness: float, chroma: float, hue: float) -> str:
    return f"oklch({number(lightness)}% {number(chroma)} {number(hue % 360)})"
