"""The rows a figure is the sum of: page by page, and all of them as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from denizen.ground.chronicle.kinds import KINDS
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.queries import names_of, public_ids_of
from denizen.ground.ledger.queries.circulation import PAGE, Flow, Key, Line, Lines, page, page_and_total
from denizen.insight.central_bank.queries import FLOW_TITLES, MEASURES, Measure, Scope
from denizen.insight.central_bank.queries.topics import TOPICS
from denizen.portal.desk.bank.asked import clocks, rows_asked
from denizen.portal.desk.bank.pages import tabs
from denizen.portal.desk.bank.panels import query_of
from denizen.portal.doors import Visitor, for_staff
from denizen.portal.words import of, spoken
from denizen.shell.figures import month_name

ROWS_AT_ONCE = 5_000
KEY_PARTS = 3
KEY_PART = re.compile(r"-?[0-9]{1,17}")


@require_safe
@for_staff(Permission.BANK_READ)
def bank_rows(request: HttpRequest, visitor: Visitor, measure: str) -> HttpResponse:
    """One page of rows; ``after`` is the key of the last one seen, ``csv`` asks for all."""
    city, known = clocks(), MEASURES.get(measure)
    scope = rows_asked(request, city)
    if known is None or (known.topics and scope.topic not in known.topics):
        raise Http404
    lines = known.rows(scope, city)
    if request.GET.get("csv"):
        return _csv(lines, known)  # type: ignore[return-value]  # a stream is no HttpResponse, but is answered as one
    found, whole = page_and_total(lines, after=_after(request), limit=PAGE + 1)
    found, more = found[:PAGE], len(found) > PAGE
    people = {line.resident for line in found if line.resident is not None}
    reads_people = visitor.may(Permission.RESIDENTS_READ)
    context = {
        "measure": known,
        "scope": scope,
        "tabs": tabs(),
        "lines": found,
        "total": whole,
        "names": names_of(people) if reads_people else {},
        "public_ids": public_ids_of(people) if reads_people else {},
        "older": _url(known, scope, found[-1].key) if more else "",
        "csv_url": f"{reverse('portal:bank_rows', args=[known.code])}?{query_of(scope)}&csv=1",
        "narrowed": _narrowed(scope),
        "flow_words": flow_words,
    }
    return render(request, "portal/desk/bank/rows.html", context)


def flow_words(flow: str) -> str:
    """What a row did, in words: a flow of points, a kind of behaviour, or nothing to say."""
    if flow in FLOW_TITLES:
        return spoken(FLOW_TITLES[Flow(flow)])
    if flow in KINDS:
        return of(KINDS[flow], "title")
    return _("Hold") if flow == "hold" else flow or "–"


def _after(request: HttpRequest) -> Key | None:
    parts = request.GET.get("after", "").split(".")
    if len(parts) != KEY_PARTS or not all(KEY_PART.fullmatch(part) for part in parts):
        return None
    return int(parts[0]), int(parts[1]), int(parts[2])


def _url(measure: Measure, scope: Scope, after: Key) -> str:
    base = reverse("portal:bank_rows", args=[measure.code])
    return f"{base}?{query_of(scope)}&after={'.'.join(map(str, after))}"


def _narrowed(scope: Scope) -> list[str]:
    """What the rows are narrowed to, beside the days."""
    told = [scope.purpose, scope.grade, scope.system, scope.stage]
    told += [spoken(TOPICS[scope.topic].title)] if scope.topic in TOPICS else []
    told += [month_name(scope.cohort)] if scope.cohort else []
    return [word for word in told if word]


def _csv(lines: Lines, measure: Measure) -> StreamingHttpResponse:
    name = f"{measure.code}-rows.csv"
    return StreamingHttpResponse(
        _written(lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _written(lines: Lines) -> Iterator[str]:
    """In portions, so that a million rows need no more memory than a few thousand."""
    yield "key,resident,flow,purpose,amount,effective_at,recorded_at\r\n"
    after: Key | None = None
    while found := page(lines, after=after, limit=ROWS_AT_ONCE):
        after = found[-1].key
        written = io.StringIO()
        csv.writer(written).writerows(_plain(line) for line in found)
        yield written.getvalue()


def _plain(line: Line) -> list[object]:
    moments = [moment.astimezone(UTC).isoformat() if moment else "" for moment in (line.effective_at, line.recorded_at)]
    return [".".join(map(str, line.key)), line.resident or "", line.flow, line.purpose, line.amount, *moments]
