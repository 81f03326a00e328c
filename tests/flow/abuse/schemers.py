"""Abusers, careless and careful: a few stay below every threshold, so that recall is not made to look perfect."""

from __future__ import annotations

from datetime import timedelta

from denizen.ground.chronicle.kinds import community, purchase
from tests.flow.abuse.plan import Life


def schemers_doings(life: Life) -> None:
    for flood in (70, 90, 120, 160, 55, 38):
        _floods(life, flood)
    for gap in (600, 300, 900, 1_200, 420, 240):
        _scripts(life, gap)
    for _ in range(3):
        _checks_in_by_clock(life)
    for size, points in ((2, 500), (2, 700), (2, 400), (3, 300), (3, 250), (4, 260), (4, 400), (3, 60)):
        _ring(life, size, points)
    for size, phones in ((8, 1), (12, 1), (6, 1), (10, 5)):
        _device_farm(life, size, phones)
    for how in ("payment", "payment", "payment", "device", "device", "device", "nothing"):
        _invites_himself(life, how)
    for _ in range(2):
        _invite_each_other(life)
    for size in (10, 14):
        _hollow(life, size)


def _floods(life: Life, flood: int) -> None:
    """Comments by the dozen within the hour, on three days; a usual life beside."""
    who = life.newcomer("flood")
    for day in range(0, life.days, 2):
        life.does(who, life.at(day, 8, 1_800), lambda _: community.CheckedIn(device=f"phone-{who}"))
    for day in (5, 17, 29):
        moment = life.at(day, life.dice.uniform(1, 20))
        for number in range(flood):
            moment += timedelta(seconds=life.dice.uniform(5, 2_900 / flood + 5))
            name = f"flood-{who}-{day}-{number}"
            life.does(
                who,
                moment,
                lambda _, name=name: community.Commented(
                    comment=name, subject="s-hot", length=20, fingerprint=f"f-{name}", device=f"phone-{who}"
                ),
            )


def _scripts(life: Life, gap: int) -> None:
    """Reposts every so many seconds for hours."""
    who = life.newcomer("script")
    moment = life.at(8, 2)
    for number in range(44):
        moment += timedelta(seconds=gap + life.dice.choice((0, 0, 0, 1, -1)))
        life.does(who, moment, lambda _, number=number: community.Reposted(subject=f"r-{who}-{number}"))


def _checks_in_by_clock(life: Life) -> None:
    """Every day at the same second."""
    who = life.newcomer("script")
    second = life.dice.uniform(0, 50_000)
    for day in range(life.days):
        moment = life.at(day, 0) + timedelta(seconds=second + life.dice.choice((0, 0, 1)))
        life.does(who, moment, lambda _: community.CheckedIn(device=f"phone-{who}"))


def _ring(life: Life, size: int, points: int) -> None:
    """The same points round and round, with a gift to somebody else now and then."""
    members = [life.newcomer("ring") for _ in range(size)]
    for turn in range(4):
        for place, giver in enumerate(members):
            taker = members[(place + 1) % size]
            moment = life.at(3 + turn * 5, 9 + place, 900)
            life.does(
                giver,
                moment,
                lambda keys, giver=giver, taker=taker: community.PointsGiven(
                    friend=keys[taker], points=points, device=f"phone-{giver}"
                ),
            )
    for giver in members:
        moment = life.at(20, 15, 3_600)
        life.does(giver, moment, lambda keys, giver=giver: community.TipGiven(author=keys[1], work="w-1", points=20))


def _device_farm(life: Life, size: int, phones: int) -> None:
    """Accounts that check in one after another on the same phone; careful farmers have several."""
    members = [life.newcomer("device_farm") for _ in range(size)]
    name = f"farm-{members[0]}"
    for day in range(0, life.days, 2):
        for place, who in enumerate(members):
            device = f"{name}-{life.dice.randrange(phones)}"
            moment = life.at(day, 7 + place / 6, 240)
            life.does(who, moment, lambda _, device=device: community.CheckedIn(device=device))


def _invites_himself(life: Life, how: str) -> None:
    """A second account is invited by the first and orders."""
    inviter, second = life.newcomer("self_invitation"), life.newcomer("self_invitation")
    device = f"phone-{inviter}" if how == "device" else f"phone-{second}"
    payment = f"card-{inviter}" if how == "payment" else f"card-{second}"
    life.does(
        inviter,
        life.at(1, 9),
        lambda _: purchase.OrderPlaced(order=f"o-{inviter}", device=f"phone-{inviter}", payment=f"card-{inviter}"),
    )
    for day in range(2, 20, 3):
        life.does(inviter, life.at(day, 9, 2_000), lambda _: community.CheckedIn(device=f"phone-{inviter}"))
    life.does(second, life.at(10, 9), lambda keys: purchase.InvitationAccepted(inviter=keys[inviter], device=device))
    life.does(
        second,
        life.at(11, 9),
        lambda _: purchase.OrderPlaced(order=f"o-{second}", device=device, payment=payment),
    )


def _invite_each_other(life: Life) -> None:
    one, other = life.newcomer("mutual_invitation"), life.newcomer("mutual_invitation")
    for who, inviter in ((one, other), (other, one)):
        life.does(
            who,
            life.at(12, 9, 3_600),
            lambda keys, who=who, inviter=inviter: purchase.InvitationAccepted(
                inviter=keys[inviter], device=f"phone-{who}"
            ),
        )


def _hollow(life: Life, size: int) -> None:
    """Accounts invited within a day that do nothing more."""
    inviter = life.newcomer("hollow_invitations")
    for _ in range(size):
        invited = life.newcomer("hollow_invitations")
        life.does(
            invited,
            life.at(15, 10, 7_000),
            lambda keys, invited=invited: purchase.InvitationAccepted(inviter=keys[inviter], device=f"phone-{invited}"),
        )
