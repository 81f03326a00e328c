"""The four systems of points (B-04): which rule, and so which purpose of the journal, belongs to which."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from denizen.ground.ledger.queries.circulation import purpose_codes
from denizen.insight.central_bank.queries.words import Text
from denizen.people.rulebook.queries import Book, Rule, award_purpose, book_numbers, version_in_force, versions

NO_SYSTEM = "other"
SYSTEM_TITLES: Mapping[str, Text] = {
    "community": Text("Community", "社区积分"),
    "car_use": Text("Car use", "用车积分"),
    "owner_care": Text("Owner care", "车主关怀"),
    "purchase_invitation": Text("Purchase and invitation", "购车与邀请"),
    NO_SYSTEM: Text("Given by people", "人工发放"),
}


def books_known(moment: datetime) -> list[Book]:
    """All books that are or were in force, the present one last. Three queries, books are remembered."""
    numbers = [view.number for view in versions(moment) if view.state in {"in_force", "replaced", "announced"}]
    found = book_numbers(numbers)
    current = version_in_force(moment)
    order = sorted(found, key=lambda number: (current is not None and number == current.number, number))
    return [found[number] for number in order]


def systems_by_purpose(moment: datetime) -> dict[str, str]:
    """The system of every rule there ever was, by the purpose of its awards; a later book has the say."""
    return {
        award_purpose(rule.code): rule.system
        for book in books_known(moment)
        for rule in book.rules
        if rule.asset == "points" and rule.system
    }


def purposes_of_system(system: str, moment: datetime) -> list[str]:
    """The purposes of one system; ``other`` is what no rule ever published gave: goodwill, surprises, corrections."""
    known = systems_by_purpose(moment)
    if system == NO_SYSTEM:
        return [purpose for purpose in purpose_codes() if purpose not in known]
    return sorted(purpose for purpose, each in known.items() if each == system)


def purposes_by_system(moment: datetime) -> dict[str, frozenset[str]]:
    """The purposes of all systems, and of what no rule gave."""
    known = systems_by_purpose(moment)
    found = {system: frozenset(p for p, each in known.items() if each == system) for system in SYSTEM_TITLES}
    return {**found, NO_SYSTEM: frozenset(purpose_codes()) - known.keys()}


def titles_by_purpose(moment: datetime) -> dict[str, Text]:
    """The titles of the rules, by the purpose of their awards."""
    return {
        award_purpose(rule.code): Text(rule.title.en, rule.title.zh)
        for book in books_known(moment)
        for rule in book.rules
    }


LIFE_STAGES: Mapping[str, Text] = {
    "register": Text("Register", "注册"),
    "interact": Text("Interact", "互动"),
    "test_drive": Text("Test drive", "试驾"),
    "buy": Text("Buy", "购车"),
    "use": Text("Use", "用车"),
    "service": Text("Service", "服务"),
    "renew": Text("Renew", "续保续费"),
    "repurchase": Text("Buy again", "复购"),
    "refer": Text("Refer", "推荐"),
    "resell": Text("Resell", "转售"),
}
"""The stages row B-03 names, in its order."""

STAGE_BY_KIND: Mapping[str, str] = {
    **dict.fromkeys(("registered", "wechat_bound", "profile_item_completed"), "register"),
    **dict.fromkeys(("test_drive_taken",), "test_drive"),
    **dict.fromkeys(("deposit_paid", "order_placed", "vehicle_delivered"), "buy"),
    **dict.fromkeys(
        (
            "in_car_task_completed", "recommendation_accepted", "map_correction_verified", "meter_installed",
            "own_pile_used", "unconnected_pile_used", "energy_service_used",
        ),
        "use",
    ),
    **dict.fromkeys(("loaner_declined", "loaner_used", "loaner_unavailable"), "service"),
    **dict.fromkeys(("service_plan_renewed", "plan_started"), "renew"),
    **dict.fromkeys(("vehicle_resold", "vehicle_bought_back"), "resell"),
    "referral_confirmed": "refer",
}  # fmt: skip
BOUGHT_AGAIN = ("repurchase", "used_car")


def stage_of_rule(rule: Rule) -> str:
    """Where in life with the brand a rule pays: who invites, refers; who buys once more, buys again; else by its kind.

    Whatever is neither bought nor driven is interaction.
    """
    if rule.beneficiary == "inviter":
        return "refer"
    if rule.code.startswith(BOUGHT_AGAIN):
        return "repurchase"
    return STAGE_BY_KIND.get(rule.kind, "interact")


def rules_by_stage(moment: datetime) -> dict[str, list[Rule]]:
    """The rules for points of the book in force, by stage of life."""
    current = version_in_force(moment)
    book = book_numbers([current.number])[current.number] if current else None
    found: dict[str, list[Rule]] = {stage: [] for stage in LIFE_STAGES}
    for rule in book.rules if book else ():
        if rule.asset == "points":
            found[stage_of_rule(rule)].append(rule)
    return found


def purposes_by_stage(moment: datetime) -> dict[str, frozenset[str]]:
    """The purposes of all rules for points there ever were, by stage of life; a later book has the say."""
    stages = {
        award_purpose(rule.code): stage_of_rule(rule)
        for book in books_known(moment)
        for rule in book.rules
        if rule.asset == "points"
    }
    return {stage: frozenset(p for p, each in stages.items() if each == stage) for stage in LIFE_STAGES}


def purposes_of_stage(stage: str, moment: datetime) -> list[str]:
    """The purposes of one stage; of an unknown one none."""
    return sorted(purposes_by_stage(moment).get(stage, frozenset()))
