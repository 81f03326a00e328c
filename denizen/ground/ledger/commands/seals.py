"""Sealing the journal, off the hot path: blocks of settled postings, and the roots of days that are over.

    noted = horizon()   ->   is_settled(noted)   ->   seal_next(up_to=noted.last_id) ...   ->   close_days()

Each step is a transaction of its own; one sealer works at a time, and whoever is interrupted goes on where he stopped.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from struct import pack
from zoneinfo import ZoneInfo

from denizen.ground.ledger.seal_models import DayRoot, Seal, SealMarks
from denizen.ground.ledger.seals.hashes import GENESIS, DayFields, SealFields, day_hash, merkle_root, seal_hash
from denizen.ground.ledger.seals.horizon import Horizon, horizon, is_settled
from denizen.ground.ledger.seals.leaves import Leaf, leaves
from denizen.ground.ledger.seals.promises import promise_entries, promise_reasons
from denizen.kit import db

SEAL_LOCK = 7_303
"""An advisory lock: one transaction at a time seals, closes a day or erases what seals were made of."""

SEAL_ROWS_MAX = 4_096
MARK = ">q8s"
"""An id and the first bytes of a leaf, in ``SealMarks``."""

BLOCK_SQL = """
SELECT count(*), max(id) FROM (
  SELECT id FROM ledger_posting WHERE id > %s AND id <= %s ORDER BY id LIMIT %s) AS block
"""


def lock_seals() -> None:
    """Be the only one to seal, or to change what seals are made of, until the transaction ends."""
    db.required()
    db.execute("SELECT pg_advisory_xact_lock(%s)", (SEAL_LOCK,))


def seal_next(*, up_to: int, moment: datetime, time_zone: str, rows_max: int = SEAL_ROWS_MAX) -> int:
    """Seal the next block of postings up to the id ``up_to``, which must be settled; how many. Zero: none is left.

    The first seal of a day closes the days before it. Needs an open transaction.
    """
    close_days(moment=moment, time_zone=time_zone)
    last = Seal.objects.order_by("-number").first()
    after = last.last_id if last else 0
    count, end = db.fetch(BLOCK_SQL, (after, up_to, rows_max))[0]
    if not count:
        return 0
    promise_entries(after=after, up_to=end)
    promise_reasons(after=after, up_to=end)
    block = leaves(after=after, up_to=end, limit=count)
    _append(last, block, _day_of_sealing(last, moment, time_zone), moment)
    return len(block)


def close_days(*, moment: datetime, time_zone: str) -> int:
    """Give every city day that is over and has seals its root; how many. Needs an open transaction."""
    lock_seals()
    closed = DayRoot.objects.select_related("last_seal").order_by("-day").first()
    sealed = Seal.objects.filter(day__lt=_city_day(moment, time_zone))
    if closed:
        sealed = sealed.filter(number__gt=closed.last_seal_id)
    by_day: dict[date, list[bytes]] = {}
    for day, digest in sealed.order_by("number").values_list("day", "hash"):
        by_day.setdefault(day, []).append(bytes(digest))
    for day, digests in by_day.items():
        closed = _close(day, digests, closed, moment)
    return len(by_day)


def _append(last: Seal | None, block: list[Leaf], day: date, moment: datetime) -> None:
    fields = SealFields(
        number=last.number + 1 if last else 1,
        day=day,
        first_id=block[0].id,
        last_id=block[-1].id,
        count=len(block),
        root=merkle_root([leaf.hash for leaf in block]),
        total=(last.total if last else 0) + len(block),
        points=(last.points if last else 0) + sum(leaf.points for leaf in block),
        contribution=(last.contribution if last else 0) + sum(leaf.contribution for leaf in block),
        sealed_at=moment,
        previous=bytes(last.hash) if last else GENESIS,
    )
    seal = Seal.objects.create(**fields._asdict(), hash=seal_hash(fields))
    SealMarks.objects.create(seal=seal, marks=b"".join(pack(MARK, leaf.id, leaf.hash[:8]) for leaf in block))


def _close(day: date, digests: list[bytes], before: DayRoot | None, moment: datetime) -> DayRoot:
    last = Seal.objects.filter(day=day).order_by("-number")[0]
    fields = DayFields(
        day=day,
        seals=len(digests),
        last_seal=last.number,
        last_id=last.last_id,
        total=last.total,
        points=last.points,
        contribution=last.contribution,
        seals_root=merkle_root(digests),
        head=bytes(last.hash),
        previous=bytes(before.hash) if before else GENESIS,
    )
    return DayRoot.objects.create(
        day=day,
        seals=fields.seals,
        last_seal=last,
        seals_root=fields.seals_root,
        previous=fields.previous,
        hash=day_hash(fields),
        closed_at=moment,
    )


def _day_of_sealing(last: Seal | None, moment: datetime, time_zone: str) -> date:
    """The city's day now; never one before the last seal's, nor one that is closed, whatever the clock says."""
    today = _city_day(moment, time_zone)
    if last is None:
        return today
    closed = DayRoot.objects.filter(day=last.day).exists()
    return max(today, last.day + timedelta(days=1) if closed else last.day)


def _city_day(moment: datetime, time_zone: str) -> date:
    return moment.astimezone(ZoneInfo(time_zone)).date()


__all__ = ["Horizon", "close_days", "horizon", "is_settled", "lock_seals", "seal_next"]
