"""What reviewers find on the last day: a lively evening that was released, a flood and a ring of gifts that wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from denizen.config.reference_city.people import Path, Person
from denizen.config.reference_city.plan import APP, CityPlan, Planned
from denizen.config.reference_city.recording import live
from denizen.ground.chronicle.kinds import community
from denizen.ground.chronicle.models import Source
from denizen.ground.chronicle.queries import entries_by_key
from denizen.ground.identity.models import Staff
from denizen.ground.ledger.commands import transfer
from denizen.ground.ledger.queries import balance
from denizen.kit import db
from denizen.people.growth.commands import decide_case
from denizen.people.risk.commands import say, sweep
from denizen.people.risk.models import CaseParty, Sweep

REVIEWER = "欧阳朵"
FAN = 1
"""The number of the fan everybody can sign in as."""

LIVELY, FLOOD = 64, 130
ROUNDS, GIFT = 4, 120
WORDS = "那晚发布会直播，我一直在评论区接龙答题，都是自己一条条打的。"
REASON = "已对照发布会直播时间，评论内容各不相同，是本人参与互动。放行，谢谢你的说明。"


def raise_suspicions(
    plan: CityPlan, people: Sequence[Person], staff: Mapping[str, Staff], sources: Mapping[str, Source]
) -> None:
    """Everything through recording, pipeline, finders and review. Each part looks first whether it is there already."""
    if Sweep.objects.exists():
        return
    evening = plan.ends_at - timedelta(hours=30)
    _write(people[FAN], LIVELY, evening, 52, people, sources, plan)
    sweep(moment=plan.ends_at - timedelta(hours=20))
    _release(people[FAN], staff[REVIEWER], plan.ends_at - timedelta(hours=6))
    quiet = [person for person in people if person.path == Path.FAN and person.number > FAN]
    _write(quiet[-1], FLOOD, plan.ends_at - timedelta(hours=16), 24, people, sources, plan)
    _go_round(plan, people, sources)
    sweep(moment=plan.ends_at)


def _write(
    who: Person, count: int, begins_at: datetime, step: int, people: Sequence[Person], sources: Mapping[str, Source],
    plan: CityPlan,
) -> None:  # fmt: skip
    """``count`` comments, about ``step`` seconds apart."""
    planned = []
    moment = begins_at
    for number in range(count):
        moment += timedelta(seconds=step // 2 + (number * 37) % step)
        name = f"lively-{who.number}-{number}"
        comment = community.Commented(comment=name, subject="launch-live", length=18, fingerprint=f"f-{name}")
        planned.append(Planned(APP, who.number, comment, moment, name))
    live(planned, people, sources, min(moment + timedelta(minutes=1), plan.ends_at))


def _release(who: Person, reviewer: Staff, moment: datetime) -> None:
    case = CaseParty.objects.filter(resident_id=who.key).values_list("case_id", flat=True).first()
    if case is not None:
        say(resident=who.key, case=case, words=WORDS, moment=moment - timedelta(hours=2))
        decide_case(actor=reviewer, case=case, outcome="released", reason=REASON, moment=moment)


def _go_round(plan: CityPlan, people: Sequence[Person], sources: Mapping[str, Source]) -> None:
    """Three owners give one another the same points, round after round."""
    owners = [person for person in people if person.path == Path.OWNER and person.number > FAN]
    rich = [person for person in reversed(owners) if balance(person.key, plan.ends_at).available >= ROUNDS * GIFT]
    members = rich[:3]
    for turn in range(ROUNDS if len(members) == 3 else 0):
        for place, giver in enumerate(members):
            taker = members[(place + 1) % 3]
            at = plan.ends_at - timedelta(hours=12 - turn * 2, minutes=47 - 7 * place)
            given = community.PointsGiven(friend=taker.key, points=GIFT)
            gift = Planned(APP, giver.number, given, at, f"ring-{turn}-{place}")
            live([gift], people, sources, at)
            entry = entries_by_key([(sources[APP].pk, gift.external_id)])[sources[APP].pk, gift.external_id].id
            with db.opening():
                transfer(giver=giver.key, taker=taker.key, amount=GIFT, purpose="gift", entry=entry, moment=at)
