"""Backtests as their readers see them: what was asked, how far it is, and the figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from denizen.people.growth.backtest.figures import canonical, digest_of_figures
from denizen.people.growth.models import Backtest

LISTED_MAX = 100


@dataclass(frozen=True, slots=True)
class BacktestView:
    """``state``: waiting, running, done, cancelled, failed. Without ``begins_at`` or ``ends_at`` history is whole.

    ``figures`` is there when done (see ``backtest.figures.Figures``), ``error`` when something has to be said.
    """

    key: UUID
    title_en: str
    title_zh: str
    digest: str
    begins_at: datetime | None
    ends_at: datetime | None
    state: str
    done: int
    in_all: int
    cancelling: bool
    asked_by: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    figures: Mapping[str, Any] | None
    figures_digest: str
    error: str

    @property
    def ended(self) -> bool:
        return self.state in ("done", "cancelled", "failed")

    @property
    def percent(self) -> int:
        return 100 * self.done // self.in_all if self.in_all else 0


def backtest_for(key: UUID) -> BacktestView | None:
    """One run with its figures, or nothing. One query."""
    found = Backtest.objects.select_related("asked_by").filter(key=key).first()
    return _view(found) if found else None


def backtests(*, digest: str | None = None) -> list[BacktestView]:
    """The last hundred runs (of one content), newest first, without their figures. One query."""
    found = Backtest.objects.select_related("asked_by").defer("figures").order_by("-asked_at", "-id")
    if digest is not None:
        found = found.filter(digest=digest)
    return [_view(run, figures=False) for run in found[:LISTED_MAX]]


def backtest_json(view: BacktestView) -> bytes:
    """The canonical figures of a finished run, byte for byte what ``figures_digest`` was made of."""
    assert view.figures is not None, "the run has ended well"
    return canonical(view.figures)


def is_genuine(view: BacktestView) -> bool:
    """Whether the kept figures are those whose digest was kept with them."""
    return view.figures is not None and digest_of_figures(view.figures) == view.figures_digest


def _view(run: Backtest, *, figures: bool = True) -> BacktestView:
    title = run.document["title"]
    return BacktestView(
        key=run.key,
        title_en=title["en"],
        title_zh=title["zh"],
        digest=run.digest,
        begins_at=run.begins_at,
        ends_at=run.ends_at,
        state=str(run.state),
        done=run.entries_done,
        in_all=run.entries_in_all,
        cancelling=run.cancel_asked_at is not None,
        asked_by=run.asked_by.name if run.asked_by else "",
        asked_at=run.asked_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
        figures=run.figures if figures else None,
        figures_digest=run.figures_digest,
        error=run.error,
    )
