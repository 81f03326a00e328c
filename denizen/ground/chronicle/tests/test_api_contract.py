"""The whole entrance against its own description, with made-up and spoiled calls: it always keeps to it."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from denizen.config.wsgi import application
from denizen.ground.chronicle import api
from denizen.ground.chronicle.models import Source
from denizen.ground.chronicle.rules import CallBudget
from denizen.ground.chronicle.testing import make_key

EXAMPLES = 60


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_no_call_breaks_the_entrance_or_its_description(
    shop: Source, monkeypatch: pytest.MonkeyPatch, mode: schemathesis.GenerationMode
) -> None:
    monkeypatch.setattr(api, "call_budget", CallBudget(600_000, 600_000))
    token = make_key(shop).token
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    strategy = described["/api/v1/chronicle/entries"]["POST"].as_strategy(generation_mode=mode)
    statuses = set()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def call(case: schemathesis.Case) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {token}"})
        statuses.add(answer.status_code)
        assert answer.status_code < 500
        case.validate_response(answer, checks=[schemathesis.checks.not_a_server_error])

    call()

    assert statuses <= {200, 201, 400, 401, 409, 413, 415, 422}
