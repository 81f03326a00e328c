"""``denizen verify``: every invariant of ledger, standing and growth, from the journal, at one moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import connection, transaction

from denizen.config.speech import tell, warn
from denizen.ground.ledger import queries as ledger
from denizen.ground.ledger.commands import ROOTS_NAME
from denizen.insight.central_bank import queries as central_bank
from denizen.kit.clock import now
from denizen.kit.explained import Explained
from denizen.people.growth.queries.verify import verify as verify_growth
from denizen.people.risk import queries as risk
from denizen.people.standing import queries as standing


class Found(Protocol):
    @property
    def en(self) -> str: ...
    @property
    def zh(self) -> str: ...


def verify_bank() -> Iterable[Found]:
    return central_bank.verify(central_bank.Clocks(settings.CITY_TIME_ZONE, now()))


Proof = tuple[str, str, Callable[[], Iterable[Found]]]
PROOFS: tuple[Proof, ...] = (
    ("ledger: balances, lots, holds, routes, reversals", "账本：余额、批次、冻结、路径、撤销", ledger.verify),
    ("ledger: seals over the journal, roots of days", "账本：流水封印、每日的根", ledger.verify_seals),
    ("standing: contribution, labels, frozen lists, honours", "贡献：贡献值、标签、封存榜单、荣誉", standing.verify),
    ("risk: open cases, what is kept apart, who is watched", "风控：未结案件、待核实部分、受关注居民", risk.verify),
    ("central bank: daily summary, closed months", "央行：每日汇总、已结账月份", verify_bank),
    ("growth: decisions, awards, caps, undecided entries", "成长：裁定、奖励、上限、待裁定记录", verify_growth),
)


class UnableToVerify(Explained):
    sentences = {
        "no_file": {
            "en": "The roots file {path} cannot be read ({reason}).",
            "zh": "无法读取根文件 {path}（{reason}）。",
        },
    }


def verify(*, roots: Path | None = None) -> int:
    """Say what is wrong, and 1; or that nothing is, and 0. All proofs look at the same moment.

    The days are compared with the city's own roots file, and with ``roots``, which somebody kept elsewhere.
    """
    wrong = 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for en, zh, proof in (*PROOFS, *_roots_proofs(roots)):
            found = list(proof())
            wrong += len(found)
            tell(f"{'ok   ' if not found else 'WRONG'}  {en}", f"{'正常' if not found else '有误'}  {zh}")
            for each in found:
                warn(f"       {each.en}", f"      {each.zh}")
    if wrong:
        warn(
            f"{wrong} findings: restore a backup, or answer each by a correction at the desk; nothing is mended here.",
            f"共 {wrong} 项：请恢复备份，或在工作台逐项更正；本命令不做任何修改。",
        )
    return 1 if wrong else 0


def _roots_proofs(given: Path | None) -> list[Proof]:
    """The comparisons with roots files. Raises UnableToVerify where the given one cannot be read."""
    if given is not None:
        try:
            given.open("rb").close()
        except OSError as refusal:
            raise UnableToVerify("no_file", path=given, reason=refusal.strerror or refusal) from refusal
    own = settings.ROOTS_FOLDER / ROOTS_NAME
    files = [own] if own.is_file() else []
    if given is not None and given.resolve() != own.resolve():
        files.append(given)
    return [(f"roots: {path}", f"根文件：{path}", partial(ledger.verify_roots, path)) for path in files]
