"""The one page of the flow: from recorded entries to points, contribution, standing and a push.

    know -> decide -> grant -> rank -> tell

``advance`` takes one entry or ten thousand through the same hops, in the caller's transaction. Entries are decided in
order of arrival. Where an entry changes what the city knows of somebody an earlier entry of the batch is about, or
walks back an earlier one, the batch is cut into runs, so that a batch of any size ends where single entries would.

Every hop can run twice: a fact is keyed by its entry, an award by (entry, purpose, effect), an undoing by its original,
a decision by its entry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from denizen.ground.chronicle.commands import Fresh
from denizen.ground.chronicle.kinds import FACTS, KINDS
from denizen.ground.identity.commands import fold_facts
from denizen.ground.identity.queries import FactsByResident, facts_for
from denizen.ground.ledger import commands as ledger
from denizen.kit import db
from denizen.kit.batches import without_collector
from denizen.kit.clock import to_micros
from denizen.people.growth import commands
from denizen.people.growth.order import in_order, key_of, undone_by
from denizen.people.growth.queries import persons_named
from denizen.people.rulebook.queries import BookInForce, Timeline, timelines
from denizen.people.standing import commands as standing

BATCH_MAX = 10_000
LIVE_CHANNEL = "denizen_live"
TELL_RESIDENTS_MAX = 500
"""Beyond this many residents in one batch, open pages are told to look again instead of each being named."""


def advance(
    entries: Sequence[Fresh], *, moment: datetime, tell: bool = True, judged_by: BookInForce | None = None
) -> Sequence[Fresh]:
    """Decide recorded entries and write all their effects, or hold those whose rule is paused. Needs a transaction.

    ``moment`` is when it is decided; what is decided depends on when the entries occurred. ``tell`` pushes the change
    to open pages on commit; the import of history does not. ``judged_by`` judges all of them, whatever is in force or
    paused: for rehearsals only. Returns what was taken up, in order: also reversals that had waited for ``entries``.
    """
    db.required()
    if not entries:
        return ()
    with without_collector():
        return _advance(entries, moment, tell, judged_by)


def _advance(entries: Sequence[Fresh], moment: datetime, tell: bool, judged_by: BookInForce | None) -> Sequence[Fresh]:
    people = _everybody(entries, facts_of(entries))
    watched = ledger.lock_watched(people)
    facts = facts_of(entries)  # Again: whoever held a wallet before us may have learnt something about its owner.
    ledger.lock_watched({known.inviter for known in facts.values() if known.inviter is not None} - people)
    entries = _with_waiting(entries, facts)
    if watched and judged_by is None:
        entries = commands.keep_for_reviews(entries=entries, watched=watched, moment=moment)
    ruling = timelines({entry.source for entry in entries})
    stops = commands.stops_for(entries) if judged_by is None else commands.judged_alike(entries, judged_by)
    drawing: defaultdict[int, int] = defaultdict(int)
    for run in _runs(entries, facts):
        _advance_run(run, ruling, stops, facts, moment, drawing)
    commands.wake_waiting(
        entries=[entry for entry in entries if KINDS[entry.kind].reverses is None and not stops.holds(entry)]
    )
    _draw_last(drawing)
    if tell:
        _tell(people)
    return entries


def concerned(entries: Sequence[Fresh]) -> set[int]:
    """Everybody whose accounts ``advance`` may move for ``entries``."""
    return _everybody(entries, facts_of(entries))


def work_off(*, limit: int, moment: datetime, tell: bool = True) -> int:
    """Claim and advance one batch of undecided entries in a transaction of its own; how many were claimed.

    Before, pauses whose end has come are ended, so that what they held is claimed in its order.
    """

    commands.release_due(moment=moment)

    def once() -> int:
        with db.opening():
            claimed = commands.claim(limit=limit)
            advance(claimed, moment=moment, tell=tell)
            return len(claimed)

    return db.retrying(once)


def _with_waiting(entries: Sequence[Fresh], facts: FactsByResident) -> list[Fresh]:
    """``entries`` with every reversal that came before its original right behind it, as single entries end up."""
    known: list[Fresh] = []
    found: Sequence[Fresh] = entries
    while found := commands.take_waiting(entries=found):
        known += found
    if known:
        facts.update(facts_of(known))
    return in_order(known, entries)


def _learn(run: Sequence[Fresh], facts: FactsByResident, moment: datetime) -> None:
    """Fold the run's facts and bring ``facts`` up to date for everybody the run speaks of."""
    learnt = [entry for entry in run if entry.kind in FACTS]
    if not learnt:
        return
    fold_facts(entries=learnt, moment=moment)
    for resident in _named(run):
        facts.pop(resident, None)
    facts.update(facts_of(run))


def _advance_run(
    run: list[Fresh],
    ruling: Mapping[int, Timeline],
    stops: commands.Stops,
    facts: FactsByResident,
    moment: datetime,
    drawing: defaultdict[int, int],
) -> None:
    decided_at = to_micros(moment)
    if KINDS[run[0].kind].reverses is not None:
        changes, undoing = commands.undo_entries(entries=run, moment=decided_at)
        _learn(undoing, facts, moment)
    else:
        _learn(run, facts, moment)
        run = _not_held(run, stops, moment)
        deliberation = commands.decide_entries(
            entries=run, timelines=ruling, facts=facts, drawing=drawing, judged_by=stops.judged_by
        )
        changes = commands.grant(deliberation=deliberation, moment=decided_at)
        for account, drawn in deliberation.drawn.items():
            drawing[account] += drawn
    if changes:
        standing.recompute(changes=changes, moment=moment)
    standing.earn_labels(entries=run, moment=moment)


def _not_held(run: list[Fresh], stops: commands.Stops, moment: datetime) -> list[Fresh]:
    """The entries to decide now. What happened is known at once; what a paused rule says to it waits, whole."""
    if not stops.held:
        return run
    commands.hold(entries=[entry for entry in run if stops.holds(entry)], stops=stops, moment=moment)
    return [entry for entry in run if not stops.holds(entry)]


def _draw_last(drawing: Mapping[int, int]) -> None:
    """Take from limited budgets what was decided, when everything else is written and checked.

    All batches of a campaign meet in its budget's row: held only for this moment, it keeps nobody waiting. Others may
    have drawn so much meanwhile that too little is left; then nothing of this batch stands, and it is decided again.
    """
    if not drawing:
        return
    db.execute("SET CONSTRAINTS ALL IMMEDIATE")
    try:
        ledger.draw(drawing)
    except ledger.UnableToDraw as refused:
        raise db.Again from refused
    db.execute("SET CONSTRAINTS ALL DEFERRED")


def facts_of(entries: Iterable[Fresh]) -> FactsByResident:
    """Facts of everybody the entries name, and of whoever invited them."""
    facts = facts_for(_named(entries))
    inviters = {inviter for known in facts.values() if (inviter := known.inviter) is not None}
    if inviters:
        facts.update(facts_for(inviters - facts.keys()))
    return facts


def _named(entries: Iterable[Fresh]) -> set[int]:
    return {resident for entry in entries for resident in persons_named(entry)}


def _everybody(entries: Sequence[Fresh], facts: FactsByResident) -> set[int]:
    """All whose accounts may move: the named, their inviters, and whoever earned from what is now undone."""
    undone = [entry for entry in entries if KINDS[entry.kind].reverses is not None]
    earned = {
        line.beneficiary_id
        for original in commands.originals_of(undone).values()
        for line in original.lines
        if line.beneficiary_id is not None
    }
    inviters = {known.inviter for known in facts.values() if known.inviter is not None}
    return _named(entries) | inviters | earned


def _runs(entries: Sequence[Fresh], facts: FactsByResident) -> Iterator[list[Fresh]]:
    """Cut a batch where reversals begin or end, where one names another, and before a fact about somebody spoken of."""
    run: list[Fresh] = []
    spoken_of: set[int] = set()
    for entry in entries:
        named = persons_named(entry)
        reverses = KINDS[entry.kind].reverses is not None
        turns = bool(run) and reverses != (KINDS[run[-1].kind].reverses is not None)
        learns = entry.kind in FACTS and not spoken_of.isdisjoint(named)
        chained = reverses and any(undone_by(entry) == key_of(each) for each in run)
        if run and (turns or learns or chained):
            yield run
            run, spoken_of = [], set()
        run.append(entry)
        spoken_of.update(named)
        known = facts.get(entry.resident)
        if known is not None and known.inviter is not None:
            spoken_of.add(known.inviter)
    if run:
        yield run


def _tell(people: set[int]) -> None:
    """Push the change when the transaction commits; one notification names up to a hundred residents."""
    if len(people) > TELL_RESIDENTS_MAX:
        db.execute("SELECT pg_notify(%s, '*')", (LIVE_CHANNEL,))
        return
    keys = sorted(people)
    for start in range(0, len(keys), 100):
        db.execute("SELECT pg_notify(%s, %s)", (LIVE_CHANNEL, ",".join(map(str, keys[start : start + 100]))))
