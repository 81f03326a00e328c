"""Envelopes: put in, given, left, overrun, and the alarm."""

import pytest

from denizen.ground.ledger.commands import grant
from denizen.ground.ledger.queries import budget_report
from denizen.kit import db
from denizen.portal.tests.conftest import browser_of, text_of

pytestmark = pytest.mark.django_db
FUND = {"envelope": "surprises", "amount": "5000", "reason": "Budget of the quarter"}


def left(code: str) -> int:
    return next(line.left for line in budget_report() if (line.asset, line.code) == ("points", code))


def test_points_are_put_in_by_who_may(odo):
    page = text_of(browser_of(odo).post("/desk/budgets/fund/", FUND, follow=True))

    assert "The points are in the envelope." in page
    assert left("surprises") == 5000


def test_a_limited_envelope_that_is_nearly_empty_raises_the_alarm(ada, odo, now):
    assert "nearly used up" not in text_of(browser_of(odo).get("/desk/budgets/"))
    with db.opening():
        grant(
            actor=odo, resident=ada.resident_id, amount=left("contest_prizes") - 4000, reason="First prize of the year",
            envelope="contest_prizes", moment=now,
        )  # fmt: skip

    assert "nearly used up" in text_of(browser_of(odo).get("/desk/budgets/"))


def test_the_page_speaks_chinese(odo):
    assert "惊喜关怀" in text_of(browser_of(odo, "zh-hans").get("/desk/budgets/"))


@pytest.mark.parametrize("wrong", [{"amount": "0"}, {"reason": "short"}, {"envelope": "nowhere"}])
def test_it_refuses_what_cannot_be(odo, wrong):
    assert browser_of(odo).post("/desk/budgets/fund/", FUND | wrong).status_code == 422
    assert left("surprises") == 0


def test_it_refuses_who_may_only_give(fei):
    assert browser_of(fei).get("/desk/budgets/").status_code == 200
    assert browser_of(fei).post("/desk/budgets/fund/", FUND).status_code == 403
    assert left("surprises") == 0
