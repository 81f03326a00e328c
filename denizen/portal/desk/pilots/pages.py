"""The pages: all pilots, one with its numbers by city, and the entries behind a number."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from denizen.ground.identity.constants import Permission
from denizen.ground.identity.queries import names_of, public_ids_of
from denizen.kit import clock
from denizen.people.growth.queries import (
    Act,
    PilotResult,
    PilotView,
    Window,
    acts_counted,
    comparable,
    pilot_called,
    pilot_result,
    pilots,
)
from denizen.portal.doors import Visitor, for_staff
from denizen.portal.pilot_words import pilot_told
from denizen.shell.sheets import sheet

PAGE = 100
ROWS_AT_ONCE = 5_000
KEY_DIGITS_MAX = 18
PARTS = ("before", "during")
WHO = (Permission.RULES_PROPOSE, Permission.RULES_APPROVE, Permission.RULES_SPEAK, Permission.RULES_CHECK)


@require_safe
@for_staff()
def pilot_list(request: HttpRequest, visitor: Visitor) -> HttpResponse:  # noqa: ARG001
    """Every pilot that is announced, runs or has ended, with its effect."""
    now = clock.now()
    return render(
        request, "portal/desk/pilots/pilots.html", {"pilots": [pilot_told(each, now) for each in pilots(now)]}
    )


@require_safe
@for_staff()
def pilot(request: HttpRequest, visitor: Visitor, key: str) -> HttpResponse:
    """One pilot: question, effects, and the counts of each city; ``csv`` asks for these."""
    view = _found(key)
    now = clock.now()
    result = pilot_result(view, now)
    if request.GET.get("csv"):
        if result is None:
            raise Http404
        return _file(f"pilot-{key}-cities.csv", _cities_csv(result))
    context = {"pilot": pilot_told(view, now), "result": result, "may_look": visitor.may(*WHO)}
    return render(request, "portal/desk/pilots/pilot.html", context)


@require_safe
@for_staff(*WHO)
def pilot_rows(request: HttpRequest, visitor: Visitor, key: str) -> HttpResponse:
    """The entries behind one number: of one city, before or during. ``csv`` asks for all of them, by key only."""
    view = _found(key)
    result = pilot_result(view, clock.now())
    city, part, after = request.GET.get("city", ""), request.GET.get("part", ""), request.GET.get("after", "0")
    asked = {*view.rule.pilot.cities, *comparable(view)} if view.rule.pilot else set()
    if result is None or city not in asked or part not in PARTS or not after.isdecimal() or len(after) > KEY_DIGITS_MAX:
        raise Http404
    if request.GET.get("csv"):
        rows = _rows_csv(view, city, part, result.window)
        return _stream(f"pilot-{key}-{part}.csv", rows)  # type: ignore[return-value]  # a stream is answered as one
    found = _acts(view, city, part, result.window, int(after), PAGE + 1)
    shown, more = found[:PAGE], len(found) > PAGE
    reads = visitor.may(Permission.RESIDENTS_READ)
    people = {act.resident for act in shown}
    counted = next(each for each in result.cities if each.city == city)
    context = {
        "pilot": pilot_told(view, counted=False), "city": city, "part": part, "acts": shown,
        "total": counted.acts_during if part == "during" else counted.acts_before,
        "names": names_of(people) if reads else {}, "public_ids": public_ids_of(people) if reads else {},
        "older": shown[-1].entry if more else None,
    }  # fmt: skip
    return render(request, "portal/desk/pilots/rows.html", context)


def _found(key: str) -> PilotView:
    view = pilot_called(key, clock.now())
    if view is None:
        raise Http404
    return view


def _acts(view: PilotView, city: str, part: str, window: Window, after: int, limit: int) -> list[Act]:
    during = part == "during"
    return acts_counted(kind=view.rule.kind, city=city, window=window, during=during, after=after, limit=limit)


def _cities_csv(result: PilotResult) -> str:
    names = (
        "city", "pilot", "residents", "seconds_before", "seconds_during", "acts_before", "acts_during",
        "doers_before", "doers_during",
    )  # fmt: skip
    return sheet([names, *([getattr(each, name) for name in names] for each in result.cities)])


def _rows_csv(view: PilotView, city: str, part: str, window: Window) -> Iterator[str]:
    yield "entry,resident,occurred_at\r\n"
    after = 0
    while found := _acts(view, city, part, window, after, ROWS_AT_ONCE):
        after = found[-1].entry
        written = io.StringIO()
        csv.writer(written).writerows(
            (act.entry, act.resident, act.occurred_at.astimezone(UTC).isoformat()) for act in found
        )
        yield written.getvalue()


def _file(name: str, text: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8", headers=headers)


def _stream(name: str, rows: Iterator[str]) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8", headers=headers)
