"""Honest people as they are: punctual, talkative, generous, sharing a tablet at home, inviting their friends."""

from __future__ import annotations

from datetime import datetime, timedelta

from denizen.ground.chronicle.kinds import community, purchase, trade
from tests.flow.abuse.plan import Keys, Life

KIOSK = "kiosk-1"
VISIT_SHARE = 0.04


def honest_doings(life: Life, count: int) -> None:
    people = [life.newcomer() for _ in range(count)]
    homes = _homes(life, people)
    for who in people:
        _lives(life, who, homes)
    _friends_give(life, people)
    _readers_tip(life, people)
    _owners_invite(life, people)
    _advocate(life, people[0])


def _homes(life: Life, people: list[int]) -> dict[int, str]:
    """Some households of two to four share a tablet beside everybody's own phone."""
    homes = {}
    left = list(people)
    for number in range(len(people) // 12):
        for _ in range(life.dice.choice((2, 3, 4))):
            homes[left.pop()] = f"tablet-{number}"
    return homes


def _lives(life: Life, who: int, homes: dict[int, str]) -> None:
    dice = life.dice
    hour, jitter = dice.uniform(0, 14), dice.choice((90, 600, 1_800, 3_600))
    keen, chatty = dice.random() < 0.15, dice.random() < 0.1
    presence = dice.uniform(0.2, 0.95)
    for day in range(life.days):
        if dice.random() > presence:
            continue
        device = _device(life, who, homes)
        life.does(who, life.at(day, hour, jitter), lambda _, device=device: community.CheckedIn(device=device))
        if dice.random() < (0.5 if keen else 0.15):
            evening = keen and dice.random() < 0.08
            _talks(life, who, day, dice.randint(18, 34) if evening else dice.randint(1, 6), device)
        if dice.random() < 0.3:
            _likes(life, who, day, dice.choice((1, 3, 8, 45)) if keen else dice.randint(1, 9))
        if chatty and dice.random() < 0.4:
            _chats(life, who, day, dice.choice((6, 20, 60)))


def _device(life: Life, who: int, homes: dict[int, str]) -> str:
    if life.dice.random() < VISIT_SHARE:
        return KIOSK
    if who in homes and life.dice.random() < 0.35:
        return homes[who]
    return f"phone-{who}"


def _spread(life: Life, day: int, count: int, mean_seconds: float) -> list[datetime]:
    """Moments as a human hand makes them: pauses of very different length."""
    moment, moments = life.at(day, life.dice.uniform(9, 14)), []
    for _ in range(count):
        moment += timedelta(seconds=4 + life.dice.expovariate(1 / mean_seconds))
        moments.append(moment)
    return moments


def _talks(life: Life, who: int, day: int, count: int, device: str) -> None:
    for number, moment in enumerate(_spread(life, day, count, 110)):
        name = f"{who}-{day}-{number}"
        life.does(
            who,
            moment,
            lambda _, name=name: community.Commented(
                comment=f"c-{name}", subject=f"s-{name[:3]}", length=24, fingerprint=f"f-{name}", device=device
            ),
        )


def _likes(life: Life, who: int, day: int, count: int) -> None:
    for number, moment in enumerate(_spread(life, day, count, 35)):
        life.does(who, moment, lambda _, number=number: community.Liked(subject=f"l-{day}-{number}"))


def _chats(life: Life, who: int, day: int, count: int) -> None:
    for moment in _spread(life, day, count, 50):
        life.does(who, moment, lambda _: trade.MessageSent(receiver=f"friend-{who}"))


def _friends_give(life: Life, people: list[int]) -> None:
    """Friends send each other small gifts, families one round at a feast."""
    dice = life.dice
    for _ in range(len(people) // 10):
        pair = dice.sample(people, 2)
        for _ in range(dice.randint(1, 7)):
            _gives(life, pair, dice.choice((6, 66, 88, 100)))
            pair.reverse()
    for _ in range(len(people) // 40):
        family = dice.sample(people, 4)
        day = dice.randrange(life.days)
        for giver, taker in zip(family, [*family[1:], family[0]], strict=True):
            _gives(life, [giver, taker], 188, day)


def _gives(life: Life, pair: list[int], points: int, day: int | None = None) -> None:
    giver, taker = pair
    moment = life.at(life.dice.randrange(life.days) if day is None else day, life.dice.uniform(8, 20))
    life.does(
        giver,
        moment,
        lambda keys, taker=taker: community.PointsGiven(friend=keys[taker], points=points, device=f"phone-{giver}"),
    )


def _readers_tip(life: Life, people: list[int]) -> None:
    """A few authors are tipped by many; two authors like each other's work, among that of others."""
    dice = life.dice
    authors = dice.sample(people, max(4, len(people) // 30))
    for reader in people:
        for author in dice.sample(authors, 2):
            if reader == author or dice.random() > 0.5:
                continue
            _tips(life, reader, author, dice.choice((5, 10, 50)))
    one, other = authors[:2]
    for _ in range(5):
        _tips(life, one, other, 100)
        _tips(life, other, one, 100)
        for another in dice.sample(people, 3):
            if another not in (one, other):
                _tips(life, one, another, 80)
                _tips(life, other, another, 80)


def _tips(life: Life, reader: int, author: int, points: int) -> None:
    moment = life.at(life.dice.randrange(life.days), life.dice.uniform(8, 22))

    def make(keys: Keys) -> object:
        return community.TipGiven(author=keys[author], work=f"w-{author}", points=points, device=f"phone-{reader}")

    life.does(reader, moment, make)


def _owners_invite(life: Life, people: list[int]) -> None:
    """Owners invite a friend or two; couples order together, now and then from the tablet at home."""
    dice = life.dice
    for inviter in dice.sample(people, len(people) // 12):
        for _ in range(dice.randint(1, 2)):
            friend = life.newcomer()
            day = dice.randrange(life.days - 12)
            together = dice.random() < 0.25
            _accepts(life, friend, inviter, day, f"tablet-of-{inviter}" if together else f"phone-{friend}")
            _begins_a_life(life, friend, day)
            if together:
                life.does(
                    inviter,
                    life.at(day, 19),
                    lambda _, inviter=inviter: community.CheckedIn(device=f"tablet-of-{inviter}"),
                )


def _accepts(life: Life, friend: int, inviter: int, day: int, device: str) -> None:
    life.does(
        friend,
        life.at(day, life.dice.uniform(8, 12)),
        lambda keys: purchase.InvitationAccepted(inviter=keys[inviter], device=device),
    )


def _begins_a_life(life: Life, who: int, day: int) -> None:
    for later in range(1, life.days - day):
        if life.dice.random() < 0.6:
            moment = life.at(day + later, 12, 5_000)
            life.does(who, moment, lambda _: community.CheckedIn(device=f"phone-{who}"))
    if life.dice.random() < 0.5:
        order = f"order-{who}"
        life.does(
            who,
            life.at(day + 3, 15),
            lambda _: purchase.OrderPlaced(order=order, device=f"phone-{who}", payment=f"card-{who}"),
        )


def _advocate(life: Life, who: int) -> None:
    """Somebody brings ten friends at an event in one afternoon, and most of them stay."""
    for number in range(10):
        friend = life.newcomer()
        _accepts(life, friend, who, 6, f"phone-{friend}")
        if number < 8:
            _begins_a_life(life, friend, 6)
