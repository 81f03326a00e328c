"""The growth path: what somebody became, earned and was given in this city, latest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from denizen.ground.identity import queries as identity
from denizen.people.standing import queries as standing
from denizen.portal.words import of


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``until`` is None for what still holds; ``entry`` leads to the record, where there is one."""

    at: datetime
    title: str
    why: str
    until: datetime | None = None
    entry: int | None = None
    holds: bool = True


def span_title(code: str) -> str:
    """A grade or plan by its name."""
    return {
        "fan": _("Fan"),
        "depositor": _("Depositor"),
        "owner": _("Owner"),
        "founder_owner": _("Founder-edition owner"),
        "former_owner": _("Former owner"),
        "energy": _("Energy plan"),
        "service": _("Service plan"),
        "deposit": _("Open deposit"),
    }.get(code, code)


def growth_path(*, resident: int, joined_at: datetime, now: datetime) -> list[Step]:
    """Every step of ``resident`` (his key). Five queries, however long he has been here."""
    spans = [
        Step(span.since, span_title(span.code), "", span.until, span.entry, span.until is None)
        for span in identity.spans_of(resident)
    ]
    labels = [
        Step(label.earned_at, of(label, "title"), of(label, "ground"), entry=label.entry)
        for label in standing.labels_for([resident], now).get(resident, [])
    ]
    honours = [
        Step(honour.given_at, of(honour, "title"), honour.reason or "")
        for honour in standing.honours_for(resident, resident)
    ]
    steps = sorted([*spans, *labels, *honours], key=lambda step: step.at, reverse=True)
    return [*steps, Step(joined_at, _("Became a resident"), "")]
