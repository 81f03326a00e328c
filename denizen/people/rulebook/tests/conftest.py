"""Books for tests of the room: small, valid, different from one another."""

from __future__ import annotations

import pytest

BOOK = """
code: lakeside
title: {{en: Lakeside, zh: 栖湖}}
time_zone: Asia/Shanghai
tables:
  acts: {{idea: 2}}
budgets:
  - code: community
    title: {{en: Community, zh: 社区}}
    benefit: {{en: A lively city, zh: 热闹的城}}
rules:
  - code: check_in
    title: {{en: Check-in, zh: 签到}}
    kind: checked_in
    asset: points
    system: community
    budget: community
    amount: "{amount}"
    caps:
      - {{limit: 1, unit: times, per: day}}
    reversal_kind: check_in_withdrawn
    guideline: Come as you are
    behaviour: {{en: Look in once a day., zh: 每天来看看。}}
    incentive: {{en: A few points., zh: 几个积分。}}
    feedback: {{en: Good to see you., zh: 见到你真好。}}
    complaint_path: {{en: Ask at the desk., zh: 问问服务台。}}
{more}
"""


def book_text(amount: int = 1, more: str = "") -> str:
    return BOOK.format(amount=amount, more=more)


@pytest.fixture
def text() -> str:
    return book_text()
