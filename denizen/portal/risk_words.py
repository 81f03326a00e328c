"""Signals in words with their figures: the same sentence for the reviewer and for whom it concerns."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from denizen.ground.chronicle.kinds import BY_NUMBER
from denizen.people.risk.constants import SignalCode
from denizen.people.risk.queries import SignalView
from denizen.portal.words import of
from denizen.shell.figures import grouped


def signal_title(code: str) -> str:
    titles = {
        SignalCode.BURST: _("Far more than usual"),
        SignalCode.REGULARITY: _("As even as a machine"),
        SignalCode.RING: _("Points that go in a ring"),
        SignalCode.SHARED_DEVICE: _("Many people on one device"),
        SignalCode.SELF_INVITATION: _("Invited by oneself"),
        SignalCode.MUTUAL_INVITATION: _("Invited each other"),
        SignalCode.HOLLOW_INVITATIONS: _("Invited and never seen again"),
    }
    return titles[SignalCode(code)]


def signal_meaning(code: str) -> str:
    """What is looked for, in a sentence."""
    meanings = {
        SignalCode.BURST: _("One kind of entry far more often in an hour than the resident, or the city, usually."),
        SignalCode.REGULARITY: _("Intervals so equal, one after another, that no hand made them."),
        SignalCode.RING: _("Points that two to four people give round and round, and hardly to anybody else."),
        SignalCode.SHARED_DEVICE: _("One device that is the main one of more people than a household has."),
        SignalCode.SELF_INVITATION: _("Inviter and invited share a means of payment, an account or mainly one device."),
        SignalCode.MUTUAL_INVITATION: _("Two people, each invited by the other."),
        SignalCode.HOLLOW_INVITATIONS: _("Many invited within days, most of whom did nothing else in the week after."),
    }
    return meanings[SignalCode(code)]


def signal_sentence(signal: SignalView) -> str:
    """What was found, with its figures. Nobody is named, so that the resident may read it too."""
    numbers = {key: grouped(value) if isinstance(value, int) else value for key, value in signal.numbers.items()}
    if signal.code == SignalCode.BURST:
        return _(
            "“%(kind)s” %(most)s times within one hour. A busy hour is %(own)s for this person and %(city)s in the"
            " city; from %(threshold)s on we look."
        ) % {**numbers, "kind": kind_title(signal)}
    if signal.code == SignalCode.REGULARITY:
        return _("%(equal)s of %(count)s intervals of “%(kind)s” are the same: %(gap)s.") % {
            **numbers, "kind": kind_title(signal), "gap": span(int(signal.numbers["gap_seconds"])),
        }  # fmt: skip
    if signal.code == SignalCode.RING:
        return _(
            "%(points)s points went round among %(size)s people in %(gifts)s gifts. Of all they gave, %(closed)s stayed"
            " among them."
        ) % {**numbers, "closed": percent(int(signal.numbers["closed"]))}
    if signal.code == SignalCode.SHARED_DEVICE:
        return _("One device is the main one of %(residents)s people: %(entries)s entries in %(days)s days.") % numbers
    if signal.code == SignalCode.HOLLOW_INVITATIONS:
        return _("%(hollow)s of %(invited)s people invited within days did nothing else in the week after.") % numbers
    if signal.code == SignalCode.SELF_INVITATION:
        return _("Inviter and invited share %(what)s.") % {"what": _shared(signal)}
    return _("Each of the two was invited by the other.")


def kind_title(signal: SignalView) -> str:
    kind = BY_NUMBER.get(int(signal.numbers.get("kind", 0)))
    return of(kind, "title") if kind else ""


def span(seconds: int) -> str:
    """A length of time in the largest unit that says it whole."""
    for size, words in ((86_400, _("%(count)s d")), (3_600, _("%(count)s h")), (60, _("%(count)s min"))):
        if seconds >= size and seconds % size == 0:
            return words % {"count": seconds // size}
    return _("%(count)s s") % {"count": grouped(seconds)}


def percent(permille: int) -> str:
    """``86 %``; below one percent with a decimal."""
    return f"{permille // 10} %" if permille >= 10 or not permille else f"0.{permille} %"


def _shared(signal: SignalView) -> str:
    told = []
    if signal.numbers.get("payment"):
        told.append(_("a means of payment"))
    if signal.numbers.get("account"):
        told.append(_("an account"))
    if count := int(signal.numbers.get("device", 0)):
        told.append(ngettext("a device (%(count)s entry)", "a device (%(count)s entries)", count) % {"count": count})
    return _(", ").join(told)
