"""The central bank's desk: every number leads to rows that add up to it, CSV is the page, strangers stay outside."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime, timedelta
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from denizen.ground.identity.models import Staff
from denizen.ground.ledger.testing import day
from denizen.insight.central_bank.commands import Values, fill_days, set_assumption
from denizen.insight.central_bank.testing import a_history
from denizen.kit import clock
from denizen.portal.tests.conftest import browser_of, text_of

PAGES = (
    "bank", "bank_circulation", "bank_use", "bank_cohorts", "bank_liability", "bank_concentration", "bank_stages",
    "bank_envelopes", "bank_grants", "bank_communication", "bank_closes",
)  # fmt: skip
LINK = re.compile(r'<a class="rows-link" href="([^"]+)"[^>]*><data value="(-?\d+)">')


def assumed(actor: Staff, moment: datetime) -> None:
    values = Values(
        currency="CNY", value_per_thousand=10_000, sold_per_thousand=100_000, redeemed_permille=850,
        month_points_max=5_000, quiet_months=1, outlier_times=3,
    )  # fmt: skip
    set_assumption(actor=actor, values=values, reason="As the textbook has it.", moment=moment)


@pytest.fixture
def lived(odo: Staff, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """A city with a random history, some of it in the daily summary; today is the day after it."""
    now = a_history(7, steps=150)
    fill_days(zone=settings.CITY_TIME_ZONE, moment=now - timedelta(days=20))
    assumed(odo, now)
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


def rows_of(client: Client, url: str) -> list[dict[str, str]]:
    answer = client.get(f"{url}&csv=1")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


@pytest.mark.row("P-28")
@pytest.mark.row("B-04")
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("cut", [None, 9])
def test_every_number_of_a_page_is_the_sum_of_the_rows_it_leads_to(
    name: str, cut: int | None, lived: datetime, odo: Staff
) -> None:
    client = browser_of(odo)
    asked = {"since": "2026-01-20", "last": (lived - timedelta(days=cut)).date().isoformat()} if cut else {}

    links = LINK.findall(text_of(client.get(reverse(f"portal:{name}"), asked)))

    assert links or name in {"bank_closes", "bank_grants"}
    for url, shown in dict.fromkeys(links):
        rows = rows_of(client, unescape(url))
        assert sum(int(row["amount"]) for row in rows) == int(shown), url
