"""Who reports in these tests: Ada and Ben are residents of the shop, Odo the operator issued its key."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from denizen.ground.chronicle import api
from denizen.ground.chronicle.ingestion import Report as IngestionReport
from denizen.ground.chronicle.ingestion import ingest_file, read_mapping
from denizen.ground.chronicle.models import Source
from denizen.ground.chronicle.rules import CallBudget
from denizen.ground.chronicle.testing import NOON, make_key, make_residents, make_source

from .files import PURCHASES, Ingest, Pipeline

ENTRIES = "/api/v1/chronicle/entries"
Report = Callable[..., HttpResponse]


@pytest.fixture
def shop(db: None) -> Source:
    source = make_source("shop")
    make_residents(source, "ada", "ben")
    return source


@pytest.fixture
def report(shop: Source, monkeypatch: pytest.MonkeyPatch) -> IngestionReport:
    """Post to the entrance with the shop's key, unless another ``token`` is given (None: no key at all)."""
    monkeypatch.setattr(api, "call_budget", CallBudget(60_000, 60_000))
    shops_own = make_key(shop, may_create_residents=False).token

    def post(body: Any, token: str | None = shops_own, content_type: str = "application/json", **headers: Any) -> Any:
        data = body if isinstance(body, bytes | str) else json.dumps(body)
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        return Client().post(ENTRIES, data=data, content_type=content_type, headers={"accept-language": "en"} | headers)

    return post


@pytest.fixture
def pipeline() -> Pipeline:
    return Pipeline()


@pytest.fixture
def ingest(db: None, tmp_path: Path, pipeline: Pipeline) -> Ingest:
    def run(
        lines: Sequence[str], mapping: str = PURCHASES, advance: Pipeline = pipeline, chunk_entries: int = 2
    ) -> IngestionReport:
        path = tmp_path / "file.txt"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return ingest_file(
            path=path, mapping=read_mapping(mapping), advance=advance, clock=lambda: NOON, chunk_entries=chunk_entries
        )

    return run
