"""The logo and the icons: one line weight, round ends, 24 units."""

from __future__ import annotations

from markupsafe import Markup

from denizen.shell.drawings.svg import drawing

ICONS = {
    "today": '<path d="M4 11.5 12 4l8 7.5V20h-5.5v-5h-5v5H4z"/>',
    "earn": (
        '<circle cx="12" cy="12" r="2.6"/><circle cx="12" cy="12" r="5.6"/><path d="M12 3.4a8.6 8.6 0 1 1-8.6 8.6"/>'
    ),
    "plus": '<path d="M12 6v12M6 12h12"/>',
    "history": '<path d="M6 4h12v16l-3-2-3 2-3-2-3 2z"/><path d="M9.5 9h5M9.5 13h5"/>',
    "me": '<circle cx="12" cy="8.4" r="3.6"/><path d="M4.8 20c1-4 4-5.6 7.2-5.6s6.2 1.6 7.2 5.6"/>',
    "ring": '<circle cx="12" cy="12" r="2.4"/><circle cx="12" cy="12" r="8.4"/>',
    "talk": '<path d="M4 6h16v10.5H11L6.5 20v-3.5H4z"/>',
    "search": '<circle cx="11" cy="11" r="6.4"/><path d="m16 16 4.4 4.4"/>',
    "settings": (
        '<path d="M4 7.5h9M17 7.5h3M4 16.5h3M11 16.5h9"/>'
        '<circle cx="15" cy="7.5" r="2"/>'
        '<circle cx="9" cy="16.5" r="2"/>'
    ),
    "sun": (
        '<circle cx="12" cy="12" r="4"/>'
        '<path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4"/>'
    ),
    "moon": '<path d="M19.5 14.6A8 8 0 0 1 9.4 4.5a8 8 0 1 0 10.1 10.1z"/>',
    "device": '<rect x="3.5" y="5" width="17" height="11.5" rx="1.6"/><path d="M9 20h6"/>',
    "back": '<path d="m14.5 5-7 7 7 7"/>',
    "next": '<path d="m9.5 5 7 7-7 7"/>',
    "down": '<path d="m6 9.5 6 6 6-6"/>',
    "close": '<path d="m6.5 6.5 11 11M17.5 6.5l-11 11"/>',
    "check": '<path d="m5 12.5 4.6 4.6L19 7.4"/>',
    "info": '<circle cx="12" cy="12" r="8.6"/><path d="M12 11v5.4M12 7.6v.2"/>',
    "warn": '<path d="M12 4 21 19.5H3z"/><path d="M12 10v4.4M12 16.9v.2"/>',
    "clock": '<circle cx="12" cy="12" r="8.6"/><path d="M12 7.4V12l3 2"/>',
    "star": '<path d="m12 4 2.5 5.2 5.7.8-4.1 4 1 5.6-5.1-2.7-5.1 2.7 1-5.6-4.1-4 5.7-.8z"/>',
    "rules": '<path d="M6 4h9.5L19 7.5V20H6z"/><path d="M9.5 10h6M9.5 13.5h6M9.5 17h3.5"/>',
    "bank": '<path d="M4 9.5 12 4l8 5.5zM5.5 9.5V17M10 9.5V17M14 9.5V17M18.5 9.5V17M4 20h16"/>',
    "case": '<path d="M4 8.5h16V19H4z"/><path d="M9 8.5V5h6v3.5M4 13h16"/>',
    "people": (
        '<circle cx="9" cy="8.6" r="3.2"/>'
        '<path d="M3 19c.8-3.6 3.3-5 6-5s5.2 1.4 6 5M15.4 5.8a3.2 3.2 0 0 1 0 5.6'
        'M17.4 14.4c1.9.7 3.1 2.2 3.6 4.6"/>'
    ),
    "calendar": '<rect x="4" y="5.5" width="16" height="14.5" rx="2"/><path d="M4 10h16M8.5 3.5v4M15.5 3.5v4"/>',
    "news": '<path d="M4 10v4.5h3l7 4V6l-7 4z"/><path d="M17.5 9.5a4 4 0 0 1 0 5.4"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "filter": '<path d="M4 7h16M7 12h10M10 17h4"/>',
    "download": '<path d="M12 4v11M7.5 10.8 12 15.3l4.5-4.5M5 19.5h14"/>',
    "copy": '<rect x="8.5" y="8.5" width="11.5" height="11.5" rx="2"/><path d="M15.5 8.5V4H4v11.5h4.5"/>',
    "lock": '<rect x="5" y="10.5" width="14" height="9.5" rx="2"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>',
    "leave": '<path d="M14 4H5v16h9M10.5 12H21M17.5 8.5 21 12l-3.5 3.5"/>',
    "play": '<path d="M7.5 5v14l11-7z"/>',
    "undo": '<path d="M9 5 4.5 9.5 9 14M4.5 9.5H14a5 5 0 0 1 0 10h-3"/>',
    "link": (
        '<path d="M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1"/>'
    ),
}
CROWN = '<path d="M3 7.5 7.5 11 12 4.5l4.5 6.5L21 7.5 19.2 18H4.8z"/>'


def icon(name: str, label: str = "") -> Markup:
    """A line icon in the colour of its text; an unknown name is a ``KeyError`` so that a page never shows a hole."""
    stroke = '<g fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">'
    return drawing([stroke, ICONS[name], "</g>"], box="0 0 24 24", label=label, classes="icon")


def crown(label: str = "") -> Markup:
    """Earned, never bought: the only filled icon."""
    return drawing(['<g fill="currentColor">', CROWN, "</g>"], box="0 0 24 24", label=label, classes="icon crown")


def logo(label: str = "") -> Markup:
    """The stone and its ripples."""
    rings = (
        '<circle cx="13" cy="13" r="2.6" fill="currentColor"/>'
        '<circle cx="13" cy="13" r="6.6" fill="none" stroke="currentColor" stroke-width="1.7"/>'
        '<circle cx="13" cy="13" r="11.4" fill="none" stroke="currentColor" stroke-width="1.3" opacity=".55"/>'
    )
    return drawing([rings], box="0 0 26 26", label=label, classes="logo")
