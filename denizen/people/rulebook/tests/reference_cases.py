"""What the reference book says to each row's behaviour: paid, refused, capped. One line per case."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from denizen.ground.chronicle.kinds import SHAPES
from denizen.people.rulebook.queries import reference_book_text
from denizen.people.rulebook.rules import (
    Attributes,
    Facts,
    Line,
    Person,
    Rule,
    State,
    compile_book,
    decide,
    load_book,
    moment_us,
)

BOOK = load_book(reference_book_text(), SHAPES)
COMPILED = compile_book(BOOK, SHAPES)
DAY_US = 86_400_000_000
NOON = moment_us(datetime(2026, 3, 10, 4, tzinfo=UTC))
"""Noon of a Tuesday in Shanghai."""

FAN = Attributes(grade="fan", levels=("fan",))
OWNER = Attributes(grade="owner", levels=("owner",))
FOUNDER = Attributes(grade="founder_owner", levels=("owner", "founder_owner"))
FORMER = Attributes(grade="former_owner", levels=("former_owner",))
INVITED = Attributes(grade="owner", levels=("owner",), invited=True)
INVITED_FAN = Attributes(grade="fan", levels=("fan",), invited=True)
ENERGY = Attributes(grade="owner", levels=("owner", "energy_plan"))
ADA, BEN = 1_001, 1_002


def rule(code: str) -> Rule:
    found = BOOK.rule(code)
    assert found is not None, code
    return found


def purse() -> State:
    return State(budgets={budget.code: budget.amount or 0 for budget in BOOK.budgets if budget.limited})


def said(
    code: str, payload: dict[str, Any], who: Attributes = FAN, state: State | None = None, after_us: int = 0
) -> Line:
    """What the rule says to an entry of Ada's; Ben invited her if she was invited."""
    people = {"inviter": Person(BEN, OWNER)} if who.invited else {}
    facts = Facts(rule(code).kind, NOON + after_us, payload, ADA, who, people)
    lines = decide(COMPILED, facts, state if state is not None else purse())
    return next(line for line in lines if line.code == code)


def paid_in_a_row(code: str, payloads: list[dict[str, Any]], who: Attributes = FAN, step_us: int = 0) -> list[int]:
    state = purse()
    return [said(code, payload, who, state, number * step_us).paid for number, payload in enumerate(payloads)]


def comment(number: int, **given: Any) -> dict[str, Any]:
    return {"comment": f"c{number}", "subject": "post", "length": 40, "fingerprint": f"words-{number}"} | given


def delivery(channel: str = "new", vehicle: str = "car-1") -> dict[str, Any]:
    return {"model": "sedan", "vehicle": vehicle, "founder_edition": False, "channel": channel}


def evaluation(scene: str, record: str = "r1", score: int = 80) -> dict[str, Any]:
    return {"scene": scene, "record": record, "score": score}


def experience(service: str, record: str = "r1") -> dict[str, Any]:
    return {"work": f"w-{record}", "service": service, "record": record}


def energy_order(service: str, order: str = "o1") -> dict[str, Any]:
    return {"service": service, "order": order, "energy": 40_000}


def correction(what: str, place: str = "p1") -> dict[str, Any]:
    return {"place": place, "correction": what, "verified_by": "staff-1"}


def referral(stage: str, referred: int = 7) -> dict[str, Any]:
    return {"referred": referred, "stage": stage}


def gain(act: str, saving: int = 30) -> dict[str, Any]:
    return {"act": act, "saving": saving, "unit": "contacts"}


REPAIR = {"repair": "r1", "full_days": 2, "entitled": True}
SURPRISE = {"grant": "g1", "reason": "thanks", "points": 888, "granted_by": "staff-1"}
CHAMPION = {"contest": "race", "week": 1}
TASK = {"task": "t1", "function": "seat_memory", "proof": "p"}
VOLUNTEER = {"service": "guide", "event": "summer", "place": "hall", "days": 2, "confirmed_by": "staff-1"}
ARTICLE = {"work": "w1", "form": "article", "pictures": 2, "length": 900}
SELECTED = {"work": "w1", "selected_by": "staff-1", "means": "editor"}
RENEWAL = {"plan": "service", "policy": "p1", "claims_last_year": 0}


class Pays(NamedTuple):
    row: str
    code: str
    payload: dict[str, Any]
    paid: int
    who: Attributes = FAN
    to: int = ADA


HAPPY = [
    Pays("B-05", "register_points", {}, 20),
    Pays("B-06", "wechat_points", {"account": "hash"}, 20),
    Pays("B-07", "profile_points", {"item": "avatar"}, 10),
    Pays("B-07", "profile_points", {"item": "gender"}, 5),
    Pays("B-08", "check_in_points", {}, 5),
    Pays("B-09", "comment_points", comment(1), 2),
    Pays("B-10", "repost_points", {"subject": "post"}, 2),
    Pays("B-11", "quality_post_points", SELECTED, 50),
    Pays("B-12", "evaluation_purchase_points", evaluation("purchase"), 10),
    Pays("B-12", "evaluation_use_points", evaluation("use", score=0), 5),
    Pays("B-12", "evaluation_activity_points", evaluation("activity"), 3),
    Pays("B-14", "experience_charging_points", experience("swap"), 20, OWNER),
    Pays("B-14", "experience_service_points", experience("repair"), 20, OWNER),
    Pays("B-15", "in_car_task_points", TASK, 30, OWNER),
    Pays("B-16", "loaner_declined_points", REPAIR, 6000, OWNER),
    Pays("B-17", "loaner_shortage_points", REPAIR, 6000, OWNER),
    Pays("B-18", "purchase_points", delivery(), 10_000, OWNER),
    Pays("B-19", "purchase_points", delivery(), 10_000, INVITED),
    Pays("B-19", "purchase_invited_points", delivery(), 2_000, INVITED),
    Pays("B-21", "friend_test_drive_points", {"drive": "d1"}, 200, INVITED_FAN, BEN),
    Pays("B-22", "friend_delivery_points", delivery(), 2_000, INVITED, BEN),
    Pays("B-23", "repurchase_points", delivery("repurchase"), 12_000, OWNER),
    Pays("B-24", "used_car_points", delivery("used"), 3_000, OWNER),
    Pays("B-25", "buy_back_points", {"vehicle": "car-1"}, 2_000, FORMER),
    Pays("B-26", "recommendation_points", {"recommendation": "r", "station": "s", "session": "x"}, 20, OWNER),
    Pays("B-27", "map_correction_points", correction("new_pile"), 50),
    Pays("B-27", "map_correction_points", correction("price"), 10),
    Pays("B-28", "meter_points", {"address": "hash", "verified_by": "staff-1"}, 1_000, OWNER),
    Pays("B-29", "own_pile_points", {"pile": "p1", "energy": 9_000}, 10, FOUNDER),
    Pays("B-30", "unconnected_pile_points", {"pile": "p1", "energy": 9_000, "proof": "photo"}, 30, OWNER),
    Pays("B-31", "energy_plan_swap_points", energy_order("swap"), 10, ENERGY),
    Pays("B-31", "energy_plan_charging_points", energy_order("charging"), 10, ENERGY),
    Pays("B-31", "energy_plan_valet_charging_points", energy_order("valet_charging"), 20, ENERGY),
    Pays("B-31", "energy_plan_mobile_charging_points", energy_order("mobile_charging"), 20, ENERGY),
    Pays("B-32", "service_renewal_points", RENEWAL, 20_000, OWNER),
    Pays("B-33", "birthday_points", {"year": 2026}, 100, OWNER),
    Pays("B-34", "surprise_points", SURPRISE, 888),
    Pays("B-35", "contest_week_points", CHAMPION, 500),
    Pays("B-50", "check_in_value", {}, 1),
    Pays("B-51", "content_value", ARTICLE, 1),
    Pays("B-52", "selected_value", SELECTED, 5),
    Pays("B-53", "attendance_value", {"activity": "a1", "direction": "outward"}, 1),
    Pays("B-53", "attendance_value", {"activity": "a1", "direction": "inward"}, 1),
    Pays("B-54", "organiser_value", {"activity": "a1", "direction": "inward", "attendees": 12}, 5),
    Pays("B-55", "repurchase_value", delivery("repurchase"), 20, OWNER),
    Pays("B-56", "test_drive_value", {"drive": "d1"}, 2),
    Pays("B-57", "referral_registration_value", referral("registration"), 1),
    Pays("B-57", "referral_test_drive_value", referral("test_drive"), 2),
    Pays("B-57", "referral_order_value", referral("order"), 5),
    Pays("B-57", "referral_delivery_value", referral("delivery"), 10),
    Pays("B-58", "service_efficiency_value", gain("off_peak_booking"), 1),
    Pays("B-58", "map_upkeep_value", correction("opening_hours"), 1),
    Pays("B-59", "map_entry_value", correction("new_pile"), 3),
    Pays("B-59", "travel_efficiency_value", gain("shared_private_pile"), 3),
    Pays("B-60", "volunteer_value", VOLUNTEER, 10),
    Pays("B-61", "cocreation_value", {"act": "adopted", "project": "seat", "confirmed_by": "staff-1"}, 20),
]


class Refuses(NamedTuple):
    row: str
    code: str
    payload: dict[str, Any]
    outcome: str
    who: Attributes = FAN


REFUSED = [
    Refuses("B-07", "profile_points", {"item": "shoe_size"}, "missing"),
    Refuses("B-09", "comment_points", comment(1, length=0), "refused"),
    Refuses("B-12", "evaluation_use_points", evaluation("purchase"), "refused"),
    Refuses("B-14", "experience_charging_points", experience("repair"), "refused"),
    Refuses("B-15", "in_car_task_points", TASK, "refused", FORMER),
    Refuses("B-16", "loaner_declined_points", REPAIR | {"entitled": False}, "refused", OWNER),
    Refuses("B-16", "loaner_declined_points", REPAIR | {"full_days": 0}, "refused", OWNER),
    Refuses("B-17", "loaner_shortage_points", REPAIR | {"entitled": False}, "refused", OWNER),
    Refuses("B-18", "purchase_points", delivery("repurchase"), "refused", OWNER),
    Refuses("B-19", "purchase_invited_points", delivery(), "no_beneficiary", OWNER),
    Refuses("B-19", "purchase_invited_points", delivery("used"), "refused", INVITED),
    Refuses("B-21", "friend_test_drive_points", {"drive": "d1"}, "no_beneficiary"),
    Refuses("B-21", "friend_test_drive_points", {"drive": "d1"}, "refused", INVITED),
    Refuses("B-22", "friend_delivery_points", delivery("repurchase"), "refused", INVITED),
    Refuses("B-23", "repurchase_points", delivery(), "refused", OWNER),
    Refuses("B-24", "used_car_points", delivery(), "refused", OWNER),
    Refuses("B-28", "meter_points", {"address": "hash", "verified_by": "staff-1"}, "refused"),
    Refuses("B-29", "own_pile_points", {"pile": "p1", "energy": 0}, "refused", OWNER),
    Refuses("B-30", "unconnected_pile_points", {"pile": "p1", "energy": 0, "proof": "photo"}, "refused", OWNER),
    Refuses("B-31", "energy_plan_swap_points", energy_order("swap"), "refused", OWNER),
    Refuses("B-32", "service_renewal_points", RENEWAL | {"claims_last_year": 1}, "refused", OWNER),
    Refuses("B-32", "service_renewal_points", {"plan": "service", "policy": "p1"}, "missing", OWNER),
    Refuses("B-33", "birthday_points", {"year": 2025}, "refused", OWNER),
    Refuses("B-33", "birthday_points", {"year": 2026}, "refused", FAN),
    Refuses("B-51", "content_value", ARTICLE | {"pictures": 0, "length": 0}, "refused"),
    Refuses("B-54", "organiser_value", {"activity": "a1", "direction": "inward", "attendees": 0}, "refused"),
    Refuses("B-55", "repurchase_value", delivery(), "refused", OWNER),
    Refuses("B-58", "service_efficiency_value", gain("off_peak_booking", saving=0), "refused"),
    Refuses("B-58", "service_efficiency_value", gain("being_nice"), "missing"),
    Refuses("B-59", "travel_efficiency_value", gain("shared_private_pile", saving=0), "refused"),
    Refuses("B-59", "map_entry_value", correction("price"), "refused"),
    Refuses("B-61", "cocreation_value", {"act": "applause", "project": "seat", "confirmed_by": "staff-1"}, "missing"),
]


class Caps(NamedTuple):
    """The same behaviour again and again: what is paid each time. ``step_us`` lies between two of them."""

    row: str
    code: str
    payloads: list[dict[str, Any]]
    paid: list[int]
    who: Attributes = OWNER
    step_us: int = 0


CAPPED = [
    Caps("B-05", "register_points", [{}] * 2, [20, 0]),
    Caps("B-06", "wechat_points", [{"account": "first"}, {"account": "other"}], [20, 0], step_us=400 * DAY_US),
    Caps("B-07", "profile_points", [{"item": "avatar"}, {"item": "avatar"}, {"item": "city"}], [10, 0, 5]),
    Caps("B-08", "check_in_points", [{}] * 3, [5, 0, 5], step_us=DAY_US // 3),
    Caps("B-09", "comment_points", [comment(number) for number in range(6)], [2, 2, 2, 2, 2, 0]),
    Caps("B-09", "comment_points", [comment(1), comment(2, fingerprint="words-1")], [2, 0], step_us=DAY_US),
    Caps("B-10", "repost_points", [{"subject": f"s{number}"} for number in range(4)], [2, 2, 2, 0]),
    Caps("B-11", "quality_post_points", [SELECTED] * 2, [50, 0], step_us=8 * DAY_US),
    Caps("B-12", "evaluation_use_points", [evaluation("use", score=100), evaluation("use", score=0)], [5, 0]),
    Caps("B-14", "experience_service_points", [experience("repair")] * 2, [20, 0], step_us=DAY_US),
    Caps("B-15", "in_car_task_points", [TASK, TASK, TASK | {"task": "t2"}], [30, 0, 30]),
    Caps("B-16", "loaner_declined_points", [REPAIR] * 2, [6000, 0]),
    Caps("B-17", "loaner_shortage_points", [REPAIR] * 2, [6000, 0]),
    Caps("B-18", "purchase_points", [delivery(), delivery(), delivery(vehicle="car-2")], [10_000, 0, 10_000]),
    Caps("B-19", "purchase_invited_points", [delivery(), delivery(vehicle="car-2")], [2_000, 0], INVITED),
    Caps(
        "B-21", "friend_test_drive_points", [{"drive": f"d{n}"} for n in range(11)], [200] * 10 + [0], INVITED_FAN
    ),
    Caps("B-22", "friend_delivery_points", [delivery()] * 2, [2_000, 0], INVITED),
    Caps("B-23", "repurchase_points", [delivery("repurchase")] * 2, [12_000, 0]),
    Caps("B-24", "used_car_points", [delivery("used")] * 2, [3_000, 0]),
    Caps("B-25", "buy_back_points", [{"vehicle": "car-1"}] * 2, [2_000, 0]),
    Caps(
        "B-26",
        "recommendation_points",
        [{"recommendation": f"r{n}", "station": "s", "session": f"x{n}"} for n in range(3)],
        [20, 20, 0],
    ),
    Caps("B-27", "map_correction_points", [correction("price", f"p{n}") for n in range(6)], [10] * 5 + [0]),
    Caps("B-28", "meter_points", [{"address": "hash", "verified_by": "s"}] * 2, [1_000, 0]),
    Caps("B-29", "own_pile_points", [{"pile": "p1", "energy": 1}] * 3, [10, 0, 10], step_us=DAY_US // 3),
    Caps("B-30", "unconnected_pile_points", [{"pile": "p1", "energy": 1, "proof": "photo"}] * 2, [30, 0]),
    Caps("B-31", "energy_plan_swap_points", [energy_order("swap")] * 2, [10, 0], ENERGY),
    Caps("B-32", "service_renewal_points", [RENEWAL] * 2, [20_000, 0]),
    Caps("B-33", "birthday_points", [{"year": 2026}] * 2, [100, 0], step_us=DAY_US),
    Caps("B-34", "surprise_points", [SURPRISE] * 2, [888, 0]),
    Caps("B-35", "contest_week_points", [CHAMPION] * 3, [500, 0, 500], step_us=4 * DAY_US),
    Caps("B-50", "check_in_value", [{}] * 3, [1, 0, 1], step_us=DAY_US // 3),
    Caps("B-51", "content_value", [ARTICLE | {"work": f"w{n}"} for n in range(4)], [1, 1, 1, 0]),
    Caps("B-52", "selected_value", [SELECTED] * 2, [5, 0]),
    Caps("B-53", "attendance_value", [{"activity": "a1", "direction": "inward"}] * 2, [1, 0], step_us=DAY_US),
    Caps("B-54", "organiser_value", [{"activity": "a1", "direction": "inward", "attendees": 3}] * 2, [5, 0]),
    Caps("B-55", "repurchase_value", [delivery("repurchase")] * 2, [20, 0]),
    Caps("B-56", "test_drive_value", [{"drive": f"d{n}"} for n in range(5)], [2, 2, 2, 2, 0]),
    Caps("B-57", "referral_order_value", [referral("order"), referral("order"), referral("order", 8)], [5, 0, 5]),
    Caps("B-58", "service_efficiency_value", [gain("self_service")] * 4, [1, 1, 1, 0]),
    Caps("B-59", "map_entry_value", [correction("new_pile")] * 2, [3, 0], step_us=DAY_US),
    Caps("B-59", "travel_efficiency_value", [gain("car_pool")] * 4, [2, 2, 2, 0]),
    Caps("B-60", "volunteer_value", [VOLUNTEER] * 2, [10, 0]),
    Caps(
        "B-61", "cocreation_value", [{"act": "idea", "project": "p", "confirmed_by": "s"}] * 4, [2, 2, 2, 0]
    ),
]  # fmt: skip
