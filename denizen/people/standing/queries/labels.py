"""Labels earned by deeds, each with its ground and date (D-13, D-17)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from denizen.people.standing.constants import LABEL_RULE_BY_CODE
from denizen.people.standing.models import Deed, Label
from denizen.people.standing.rules import DeedDone, LabelSpan, label_spans


@dataclass(frozen=True, slots=True)
class EarnedLabel:
    """A label a resident holds. ``entry``: key of the entry that completed it; ``earned_at``: when that occurred."""

    code: str
    title_en: str
    title_zh: str
    ground_en: str
    ground_zh: str
    entry: int
    earned_at: datetime


LabelKey = tuple[int, str, str]
"""(resident, label code, occurrence)"""


def labels_for(residents: Iterable[int], moment: datetime) -> Mapping[int, list[EarnedLabel]]:
    """The labels ``residents`` hold at ``moment``, oldest first; who holds none is left out. One query."""
    rows = Label.objects.filter(resident__in=set(residents), earned_at__lte=moment).exclude(withdrawn_at__lte=moment)
    labels: dict[int, list[EarnedLabel]] = {}
    for row in rows.order_by("resident_id", "earned_at", "code"):
        rule = LABEL_RULE_BY_CODE[row.code]
        labels.setdefault(row.resident_id, []).append(
            EarnedLabel(
                row.code, rule.title_en, rule.title_zh, rule.ground_en, rule.ground_zh, row.entry_id, row.earned_at
            )
        )
    return labels


def labels_due(residents: Iterable[int] | None = None) -> dict[LabelKey, LabelSpan]:
    """Every label span that the deeds of ``residents`` (None: of everybody) amount to. One query."""
    deeds = Deed.objects.all() if residents is None else Deed.objects.filter(resident__in=residents)
    by_kind: dict[tuple[int, str], list[DeedDone]] = {}
    rows = deeds.values_list("resident_id", "kind", "occurred_at", "entry_id", "subject", "undone_at")
    for resident, kind, occurred_at, entry, subject, undone_at in rows.iterator():
        by_kind.setdefault((resident, kind), []).append(DeedDone(occurred_at, entry, subject, undone_at))
    return {
        (resident, rule.code, str(number)): span
        for (resident, kind), done in by_kind.items()
        for rule in LABEL_RULE_BY_CODE.values()
        if rule.kind == kind
        for number, span in enumerate(label_spans(done, rule.threshold), start=1)
    }


def labels_stored(residents: Iterable[int] | None = None) -> dict[LabelKey, LabelSpan]:
    """The stored label spans of ``residents`` (None: of everybody). One query."""
    labels = Label.objects.all() if residents is None else Label.objects.filter(resident__in=residents)
    rows = labels.values_list("resident_id", "code", "occurrence", "entry_id", "earned_at", "withdrawn_at")
    return {
        (resident, code, occurrence): LabelSpan(entry, earned_at, withdrawn_at)
        for resident, code, occurrence, entry, earned_at, withdrawn_at in rows.iterator()
    }
