"""Options that several commands share."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import click

from denizen.config.speech import either


class Moment(click.ParamType):
    """A moment with its zone (``2026-05-04T12:00:00+08:00``), or a day in UTC: its beginning, or its last instant."""

    name = "moment"

    def __init__(self, *, day_ends: bool) -> None:
        self._day_ends = day_ends

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            if len(value) == len("2026-05-04"):
                begins = datetime.combine(date.fromisoformat(value), time(), UTC)
                return begins + timedelta(days=1, microseconds=-1) if self._day_ends else begins
            moment = datetime.fromisoformat(value)
        except (ValueError, OverflowError):
            self.fail(
                either(
                    f"{value} is no moment; write 2026-05-04 or 2026-05-04T12:00:00+08:00",
                    f"{value} 不是时刻；请写成 2026-05-04 或 2026-05-04T12:00:00+08:00",
                ),
                param,
                ctx,
            )
        if moment.tzinfo is None:
            self.fail(
                either(
                    f"{value} names no time zone; add one, such as +08:00 or Z",
                    f"{value} 没有时区；请加上时区，例如 +08:00 或 Z",
                ),
                param,
                ctx,
            )
        return moment


SINCE = Moment(day_ends=False)
AS_OF = Moment(day_ends=True)


def asked_password(email: str) -> str:
    """The password of ``email``: typed unseen at a terminal, else the first line that is piped in."""
    if sys.stdin.isatty():
        return str(click.prompt(either(f"Password of {email}", f"{email} 的密码"), hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\n")
