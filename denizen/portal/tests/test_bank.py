"""The central bank's desk: every number leads to rows that add up to it, CSV is the page, strangers stay outside."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from denizen.ground.identity.models import Profile, Staff
from denizen.insight.central_bank.commands import Values, fill_days, set_assumption
from denizen.insight.central_bank.models import Assumption, MonthClose
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
    now = a_history(7, steps=110)
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
@pytest.mark.row("B-03")
@pytest.mark.row("P-11")
@pytest.mark.row("A-46")
@pytest.mark.partial("A-43")
@pytest.mark.partial("A-39")
@pytest.mark.partial("P-07")
@pytest.mark.partial("P-10")
@pytest.mark.parametrize(
    ("name", "cut"), [*((name, 9) for name in PAGES), ("bank", None), ("bank_concentration", None)]
)
def test_every_number_of_a_page_is_the_sum_of_the_rows_it_leads_to(
    name: str, cut: int | None, lived: datetime, odo: Staff
) -> None:
    client = browser_of(odo)
    asked = {"since": "2026-02-20", "last": (lived - timedelta(days=cut)).date().isoformat()} if cut else {}

    links = LINK.findall(text_of(client.get(reverse(f"portal:{name}"), asked)))

    assert links or name in {"bank_closes", "bank_grants"}
    for url, shown in dict.fromkeys(links):
        rows = rows_of(client, unescape(url))
        assert sum(int(row["amount"]) for row in rows) == int(shown), url


def test_the_csv_of_a_table_is_the_table_of_the_page(lived: datetime, odo: Staff) -> None:
    client, address = browser_of(odo), reverse("portal:bank_circulation")

    shown = [int(amount) for _, amount in LINK.findall(text_of(client.get(address)).partition('id="systems"')[0])]
    rows = list(csv.reader(io.StringIO(client.get(address, {"csv": "months"}).content.decode("utf-8-sig"))))

    assert [int(cell) for row in rows[1:] for cell in row[1:]] == shown
    assert client.get(address, {"csv": "nothing"}).status_code == 404


def test_rows_are_paged_without_gaps(lived: datetime, odo: Staff) -> None:
    client = browser_of(odo)
    url = f"{reverse('portal:bank_rows', args=['outstanding'])}?until=2026-12-01"
    seen, following = 0, url
    while following:
        page = text_of(client.get(following))
        seen += page.count("<tr data-row>")
        older = re.search(r'<a class="button quiet" href="([^"]+)"', page)
        following = unescape(older[1]) if older else ""

    assert seen == len(rows_of(client, url)) > 50


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_city_says_so_in_words(name: str, odo: Staff) -> None:
    page = text_of(browser_of(odo).get(reverse(f"portal:{name}")))

    assert "Traceback" not in page
    assert "nan" not in page.lower().split()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_speaks_both_languages(name: str, language: str, lived: datetime, odo: Staff) -> None:
    assert browser_of(odo, language).get(reverse(f"portal:{name}")).status_code == 200


@pytest.mark.parametrize("name", [*PAGES, "bank_rows"])
def test_it_refuses_staff_without_the_permit_residents_and_guests(name: str, fei: Staff, ada: Profile) -> None:
    address = reverse(f"portal:{name}", args=["spent"] if name == "bank_rows" else [])

    assert browser_of(fei).get(address).status_code == 403
    assert browser_of(ada).get(address).status_code == 404
    assert browser_of(None).get(address).status_code == 302


QUERIES_MAX = 40


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_a_few_queries_however_much_happened(
    name: str, lived: datetime, odo: Staff, queries: Callable[[Client, str], int]
) -> None:
    assert queries(browser_of(odo), reverse(f"portal:{name}")) <= QUERIES_MAX


def test_a_month_is_closed_at_the_desk_and_read_again(lived: datetime, odo: Staff) -> None:
    client = browser_of(odo)

    answer = client.post(reverse("portal:bank_close"), {"month": "2026-01"}, follow=True)

    page = text_of(answer)
    assert MonthClose.objects.get().lines["issued"] > 0
    assert MonthClose.objects.get().digest in page
    assert "agrees" in page
    for url, shown in dict.fromkeys(LINK.findall(page)):
        assert sum(int(row["amount"]) for row in rows_of(client, unescape(url))) == int(shown), url
    assert client.get(reverse("portal:bank_month", args=["2026-05"])).status_code == 404


def test_an_assumption_without_a_reason_is_refused_with_the_form(lived: datetime, odo: Staff) -> None:
    told = {
        "currency": "CNY", "value_per_thousand": 1, "sold_per_thousand": 0, "redeemed_permille": 500,
        "quiet_months": 1, "outlier_times": 3, "reason": "-",
    }  # fmt: skip

    assert browser_of(odo).post(reverse("portal:bank_assume"), told).status_code == 422
    assert browser_of(odo).post(reverse("portal:bank_assume"), {**told, "reason": "Prices rose."}).status_code == 302
    assert Assumption.objects.count() == 2
