"""The board as its page shows it: columns of cards, what waits for the reader, and what has gone by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from denizen.people.rulebook.queries import PATH, Change, Stage, Task
from denizen.portal.desk.cycle.sentences import act_title, lasting, signatures, stage_title, summary, waiting
from denizen.portal.doors import Visitor

COLUMNS: tuple[tuple[str, tuple[Stage, ...]], ...] = (
    ("draft", (Stage.DRAFT,)),
    ("deciding", (Stage.TRYING, Stage.APPROVING)),
    ("announced", (Stage.ANNOUNCED,)),
    ("in_force", (Stage.IN_FORCE, Stage.CHECKED, Stage.SUPERVISED)),
)


@dataclass(frozen=True, slots=True)
class Card:
    """One change on the board. ``place``: how many stages it has reached of ``whole``; ``act`` is empty for others."""

    change: Change
    summary: str
    waiting: str
    lasting: str
    signatures: str
    took: str
    place: int
    whole: int
    stage: str
    act: str
    address: str
    act_address: str
    mine: bool
    chain_too_long: bool


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    title: str
    hint: str
    cards: tuple[Card, ...]


def card_of(change: Change, visitor: Visitor, now: datetime, approvals_max: int) -> Card:
    mine = change.waits_for(visitor.actor.pk, visitor.permits)
    address = reverse("portal:change", args=[change.number]) if change.number else _draft_address(change.draft)
    return Card(
        change=change,
        summary=summary(change),
        waiting=waiting(change),
        lasting=lasting(max(0, int((now - change.since).total_seconds()))),
        signatures=signatures(change.approvals),
        took=lasting(change.seconds),
        place=PATH.index(change.stage) + 1 if change.stage in PATH else len(PATH),
        whole=len(PATH),
        stage=stage_title(change.stage),
        act=act_title(change.task) if mine else "",
        address=address,
        act_address=_act_address(change, address),
        mine=mine,
        chain_too_long=change.approvals > approvals_max,
    )


def columns(cards: Sequence[Card]) -> tuple[Column, ...]:
    """The cards under their stages, oldest first: what waits longest stands on top."""
    titles: dict[str, tuple[Callable[[], str], Callable[[], str]]] = {
        "draft": (lambda: _("Being written"), lambda: _("Nobody is writing a change.")),
        "deciding": (lambda: _("Being tried and signed"), lambda: _("No change waits for a second person.")),
        "announced": (lambda: _("Announced"), lambda: _("No change is announced.")),
        "in_force": (lambda: _("In force"), lambda: _("No rules are in force.")),
    }
    return tuple(
        Column(
            key, titles[key][0](), titles[key][1](),
            tuple(sorted((card for card in cards if card.change.stage in stages), key=lambda card: card.change.since)),
        )
        for key, stages in COLUMNS
    )  # fmt: skip


def gone_by(cards: Sequence[Card]) -> list[Card]:
    """Changes outside of the path: replaced, or set aside."""
    return [card for card in cards if card.change.stage in (Stage.REPLACED, Stage.SET_ASIDE)]


def _draft_address(draft: int) -> str:
    return reverse("portal:draft", args=[draft])


def _act_address(change: Change, address: str) -> str:
    if change.task is Task.APPROVE:
        return reverse("portal:book", args=[change.number]) + "#approval"
    if change.task is Task.TRY:
        return f"{reverse('portal:backtests')}?book=version:{change.number}"
    if change.task is Task.RENEW:
        return reverse("portal:drafts")
    return f"{address}#{change.task}" if change.number else address


def trail(change: Change) -> list[tuple[str, str]]:
    """The whole path in words: each stage with ``past``, ``now`` or nothing."""
    if change.stage not in PATH:
        return [(stage_title(stage), "past" if change.stage is Stage.REPLACED else "") for stage in PATH]
    here = PATH.index(change.stage)
    return [
        (stage_title(stage), "now" if place == here else "past" if place < here else "")
        for place, stage in enumerate(PATH)
    ]
