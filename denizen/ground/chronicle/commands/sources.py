"""Systems that report behaviour."""

from __future__ import annotations

import re

from denizen.ground.chronicle.models import Source
from denizen.kit.explained import Explained

APP = "app"
"""The city's own pages as a source."""

_is_code = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}").fullmatch


class UnableToDeclareSource(Explained):
    sentences = {
        "bad_code": {
            "en": "A source's code is 1 to 60 lower-case letters, digits or . _ -, beginning with a letter or digit;"
            " {given} is not.",
            "zh": "来源代码应为 1 至 60 个小写字母、数字或 . _ -，并以字母或数字开头；{given} 不符合。",
        },
        "bad_lateness": {
            "en": "The allowed lateness is a number of seconds from zero up, or unlimited.",
            "zh": "允许的迟到时间应为不小于零的秒数，或不限。",
        },
    }


def declare_source(*, code: str, lateness_seconds_max: int | None) -> Source:
    """The source of this code, made if it is new, with this lateness (None: unlimited) from now on. Repeatable."""
    if not _is_code(code):
        raise UnableToDeclareSource("bad_code", given=code[:60])
    if lateness_seconds_max is not None and lateness_seconds_max < 0:
        raise UnableToDeclareSource("bad_lateness")
    source, _ = Source.objects.update_or_create(code=code, defaults={"lateness_seconds_max": lateness_seconds_max})
    return source


def app_source() -> Source:
    """The source of what residents do in the city's own pages; made the first time it is asked for.

    Read first, because declaring locks the row that everybody's recording refers to.
    """
    known = Source.objects.filter(code=APP).first()
    return known or declare_source(code=APP, lateness_seconds_max=None)
