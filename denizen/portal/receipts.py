"""A receipt as its card shows it: what, why, how much, and how it was worked out. The no as calmly as the yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from denizen.people.growth.queries import Receipt, ReceiptLine
from denizen.portal.words import chinese
from denizen.shell.figures import signed, since

Amount = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """What the ``receipt`` component is given."""

    what: str
    why: str
    amounts: tuple[Amount, ...]
    nothing: str
    under: tuple[str, ...]
    arithmetic: tuple[tuple[str, str], ...]


def told(receipt: Receipt, now: datetime, *, link: bool = True, in_review: bool = False) -> Told:
    """``receipt`` for a list (linked to its page) or for its own page.

    ``in_review``: what it brought is kept apart until a person has looked.
    """
    title: str = receipt.title
    if link:
        address = reverse("portal:receipt", args=[receipt.entry])
        title = Markup('<a class="quiet-link" href="{}">{}</a>').format(address, receipt.title)
    facts = under(receipt, now)
    if in_review:
        words = _("kept apart: somebody is looking at it")
        facts = (*facts, Markup('<a class="under-link" href="{}">{}</a>').format(reverse("portal:me"), words))
    return Told(title, why(receipt), amounts(receipt), nothing(receipt), facts, arithmetic(receipt))


def amounts(receipt: Receipt) -> tuple[Amount, ...]:
    found: list[Amount] = []
    if receipt.points:
        found.append((receipt.points, "", "points"))
    if receipt.contribution:
        found.append((receipt.contribution, "n", "n"))
    return tuple(found)


def nothing(receipt: Receipt) -> str:
    """The word where an amount would stand."""
    waiting = {"undecided": _("Being decided"), "review": _("A person looks at it"), "waiting": _("Waiting"),
               "held": _("Paused, it waits"), "case": _("A person looks at it")}  # fmt: skip
    return waiting.get(receipt.state) or _("Not this time")


def why(receipt: Receipt) -> str:
    """Why there was something, else why there was nothing: one rule's reason, those of several in a row."""
    if receipt.state == "review":
        return _("It was reported late, so a person looks at it first. You will see the answer here.")
    if receipt.state == "waiting":
        return _("It takes back something that has not been reported yet.")
    if receipt.state in {"held", "case"}:
        return receipt.sentence
    own = [line for line in receipt.lines if line.mine] or list(receipt.lines)
    paid = [line for line in own if line.paid]
    sentences = dict.fromkeys(line.sentence for line in (paid or own[:1]) if line.sentence)
    gap = "" if chinese() else " "
    return gap.join([*sentences, *filter(None, (receipt.sentence, receipt.waited))])


def under(receipt: Receipt, now: datetime) -> tuple[str, ...]:
    facts = [since(receipt.occurred_at, now)]
    if receipt.book is not None:
        address = reverse("portal:version", args=[receipt.book])
        words = _("Rule book %(number)s") % {"number": receipt.book}
        facts.append(Markup('<a class="under-link" href="{}">{}</a>').format(address, words))
    if receipt.late:
        facts.append(_("reported later"))
    return tuple(facts)


def arithmetic(receipt: Receipt) -> tuple[tuple[str, str], ...]:
    """One row for each rule, where there is more than one to tell apart."""
    own = [line for line in receipt.lines if line.mine]
    return tuple((line.title, measured(line)) for line in own) if len(own) > 1 else ()


def measured(line: ReceiptLine) -> str:
    """``+20`` or ``+1 n``; ``20 / 50`` says that a limit cut it."""
    unit = " n" if line.contribution_class else ""
    if line.paid != line.asked and line.paid >= 0 and line.asked:
        return f"{signed(line.paid)}{unit} / {line.asked}"
    return f"{signed(line.paid)}{unit}"
