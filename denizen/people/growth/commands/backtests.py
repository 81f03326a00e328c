"""Backtests: ask for one, run it, cancel it. A run writes its own row and nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from denizen.ground.identity import commands as identity
from denizen.ground.identity import queries as identity_queries
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.kit import db, queue
from denizen.kit.clock import MOMENT_MAX, MOMENT_MIN, to_micros
from denizen.people.growth.backtest.figures import Figures, canonical, digest_of_figures
from denizen.people.growth.backtest.history import Span, entries_until, present_watermark
from denizen.people.growth.backtest.proof import equality_of
from denizen.people.growth.backtest.reckoning import figures_of
from denizen.people.growth.backtest.replay import Cancelled, replay
from denizen.people.growth.models import Backtest
from denizen.people.rulebook.commands import UnableToTry, record_trial
from denizen.people.rulebook.queries import TriedBook, document_of, tried_document

BACKTEST_JOB = "growth.backtest"
ATTEMPTS_MAX = 3
"""A run that killed its process three times would do so for ever."""

MAY_ASK = (Permission.RULES_PROPOSE, Permission.RULES_APPROVE)
State = Backtest.State
Clock = Callable[[], datetime]

log = logging.getLogger(__name__)


class UnableToBacktest(Exception):
    """The asker may not, the span holds nothing, or there is nothing to cancel."""


def ask_backtest(
    *,
    actor: Staff,
    book: TriedBook,
    moment: datetime,
    begins_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Backtest:
    """Let ``book`` be replayed over the entries that occurred in the span, by the jobs process.

    Raises ``UnableToBacktest``. The book comes from ``rulebook.queries``: ``tried_text`` or ``tried_version``.
    """
    with db.opening():
        if not any(identity_queries.may_staff(actor, permission, moment) for permission in MAY_ASK):
            raise UnableToBacktest(_("You need the permission to propose or to approve rules."))
        run = _asked(book, actor, moment, begins_at, ends_at)
        identity.note_act(
            actor=actor, act="rules.backtest", subject_kind="backtest", subject_id=str(run.key),
            details={"digest": run.digest}, moment=moment,
        )  # fmt: skip
        queue.put_down(BACKTEST_JOB, key=str(run.key))
    return run


def backtest_here(
    *,
    book: TriedBook,
    clock: Clock,
    begins_at: datetime | None = None,
    ends_at: datetime | None = None,
    watch: Callable[[int, int], None],
    actor: Staff | None = None,
) -> Backtest:
    """Run a backtest in this process, for who sits at the machine. ``watch`` is told (done, in all) as it goes on.

    With an ``actor`` it is kept as his trial of the content; whether he may is asked when it is recorded.
    """
    with db.opening():
        run = _asked(book, actor, clock(), begins_at, ends_at)
    _begin(run, clock())
    _work(run, lambda: book, clock, lambda done: watch(done, run.entries_in_all))
    run.refresh_from_db()
    return run


def run_backtest(*, key: str, clock: Clock, leaving: Callable[[], bool], left: type[Exception]) -> None:
    """Work on an asked backtest until it ends; a job, so it may be begun several times.

    Raises ``left`` soon after ``leaving`` says so: the run then waits for whoever begins it anew.
    """
    run = Backtest.objects.filter(key=UUID(key)).first()
    if run is None or run.state not in (State.WAITING, State.RUNNING):
        return
    if run.cancel_asked_at is not None:
        _end(run, State.CANCELLED, clock())
        return
    if run.attempts >= ATTEMPTS_MAX:
        _end(run, State.FAILED, clock(), error="The process that worked on this run died each time.")
        return
    _begin(run, clock())

    def watch(_done: int) -> None:
        if leaving():
            Backtest.objects.filter(pk=run.pk).update(state=State.WAITING, attempts=run.attempts, entries_done=0)
            raise left

    _work(run, lambda: tried_document(run.document), clock, watch, left)


def cancel_backtest(*, actor: Staff, key: UUID, moment: datetime) -> None:
    """Ask a backtest to stop; what runs stops between two chunks, what waits never begins. Twice is once."""
    with db.opening():
        if not any(identity_queries.may_staff(actor, permission, moment) for permission in MAY_ASK):
            raise UnableToBacktest(_("You need the permission to propose or to approve rules."))
        run = Backtest.objects.select_for_update().filter(key=key).first()
        if run is None or run.state in (State.DONE, State.FAILED):
            raise UnableToBacktest(_("This backtest has ended already."))
        if run.cancel_asked_at is not None:
            return
        run.cancel_asked_at = moment
        if run.state == State.WAITING:
            run.state, run.ended_at = State.CANCELLED, moment
        run.save(update_fields=["cancel_asked_at", "state", "ended_at"])
        identity.note_act(
            actor=actor, act="rules.backtest.cancel", subject_kind="backtest", subject_id=str(key), details={},
            moment=moment,
        )  # fmt: skip


def _asked(
    book: TriedBook, actor: Staff | None, moment: datetime, begins_at: datetime | None, ends_at: datetime | None
) -> Backtest:
    if begins_at is not None and ends_at is not None and begins_at >= ends_at:
        raise UnableToBacktest(_("The span ends before it begins."))
    if any(each is not None and not MOMENT_MIN <= each < MOMENT_MAX for each in (begins_at, ends_at)):
        raise UnableToBacktest(_("Choose a day between 1970 and 2199."))
    watermark = present_watermark()
    in_all = entries_until(watermark)
    if not in_all:
        raise UnableToBacktest(_("Nothing was decided yet, so there is no history to replay."))
    return Backtest.objects.create(
        title=book.title_en, digest=book.digest, document=document_of(book), begins_at=begins_at, ends_at=ends_at,
        watermark=watermark, entries_in_all=in_all, asked_by=actor, asked_at=moment,
    )  # fmt: skip


def _begin(run: Backtest, moment: datetime) -> None:
    run.state, run.started_at, run.entries_done = State.RUNNING, moment, 0
    Backtest.objects.filter(pk=run.pk).update(
        state=run.state, started_at=moment, entries_done=0, attempts=run.attempts + 1
    )


def _work(
    run: Backtest,
    book: Callable[[], TriedBook],
    clock: Clock,
    watch: Callable[[int], None],
    left: type[Exception] | None = None,
) -> None:
    """Replay, prove, count, store. Whatever goes wrong ends the run with a reason.

    Not so ``left``, and a database that goes away, which is raised as ``left``: the run is then begun anew.
    """

    def told(done: int) -> None:
        watch(done)
        Backtest.objects.filter(pk=run.pk).update(entries_done=done)
        if Backtest.objects.filter(pk=run.pk, cancel_asked_at__isnull=False).exists():
            raise Cancelled

    try:
        replayed = replay(book=book(), span=_span(run), watch=told)
        figures = figures_of(replayed, equality_of(replayed))
    except Cancelled:
        _end(run, State.CANCELLED, clock())
    except Exception as failure:
        if left is not None and isinstance(failure, (left, OperationalError, InterfaceError)):
            raise left from failure
        log.exception("The backtest %s failed.", run.key)
        _end(run, State.FAILED, clock(), error=f"{type(failure).__name__}: {failure}"[:1_000])
    else:
        _store(run, figures, clock())


def _span(run: Backtest) -> Span:
    return Span(
        begins_us=None if run.begins_at is None else to_micros(run.begins_at),
        ends_us=None if run.ends_at is None else to_micros(run.ends_at),
        watermark=run.watermark,
    )


def _store(run: Backtest, figures: Figures, moment: datetime) -> None:
    """Keep the figures, and tell the rule cycle that this content was tried."""
    refusal = _record_trial(run, figures, moment)
    with db.opening():
        stored = db.execute(
            "UPDATE growth_backtest SET state = %s, figures = %s::jsonb, figures_digest = %s, ended_at = %s,"
            " entries_done = entries_in_all, error = %s WHERE id = %s AND state = %s",
            (
                State.DONE.value, canonical(figures).decode(), digest_of_figures(figures), moment, refusal, run.pk,
                State.RUNNING.value,
            ),
        )  # fmt: skip
        assert stored, "only who runs it ends it"


def _record_trial(run: Backtest, figures: Figures, moment: datetime) -> str:
    """Why the trial could not be recorded; empty when it was, or when nobody of the staff asked."""
    if run.asked_by is None:
        return ""
    if not figures.entries:
        return _("Nothing happened in this span, so nothing was tried: it does not count as a trial.")
    try:
        record_trial(
            actor=run.asked_by, digest=run.digest, run=f"backtest:{run.key}", summary=summary_of(figures),
            moment=moment,
        )  # fmt: skip
    except (UnableToTry, identity.UnableToAct) as refusal:
        return str(refusal)
    return ""


def summary_of(figures: Figures) -> dict[str, int]:
    """The few figures a reader of the rule cycle sees first."""
    told = {"entries": figures.entries, "replay_differing": figures.replay_differing}
    for total in figures.totals:
        told[f"{total.asset}.live"], told[f"{total.asset}.tried"] = total.live.net, total.tried.net
        told[f"{total.asset}.difference"] = total.difference
    for share in figures.top_share:
        told[f"{share.asset}.top_share_ppm.live"] = share.live_ppm
        told[f"{share.asset}.top_share_ppm.tried"] = share.tried_ppm
    return told | {"ranks.up": figures.ranks.up, "ranks.down": figures.ranks.down}


def _end(run: Backtest, state: Backtest.State, moment: datetime, error: str = "") -> None:
    Backtest.objects.filter(pk=run.pk).update(state=state, ended_at=moment, error=error)
