"""The simulated city's rules: plain tables for the oracle, and the same tables as YAML for the engine.

Two versions; the second takes force in the middle of the simulated months. Conditions and amounts stand here as texts
of the rule language only: the oracle says in Python what they mean.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

TIME_ZONE = "Europe/Berlin"
"""A city whose clocks change while the simulation runs."""


@dataclass(frozen=True)
class CapRow:
    """``code`` is the counter's lasting name; ``fans_only`` caps bind nobody else."""

    code: str
    limit: int
    unit: str
    per: str
    by: str = ""
    fans_only: bool = False


@dataclass(frozen=True)
class RuleRow:
    code: str
    kind: str
    amount: str
    slot: int = 0
    when: str = "true"
    beneficiary: str = "resident"
    caps: tuple[CapRow, ...] = ()
    shared: tuple[CapRow, ...] = ()
    lot_days: int | None = None
    priority: int = 0
    hold_days: int = 0
    reversal: str = ""
    valid_to: str = ""
    budget: str = "open"


CLASSES = {2: "interaction", 3: "development", 4: "efficiency", 5: "special"}
CAMPAIGN = 260
FANS = CapRow("fans", 60, "amount", "lifetime", fans_only=True)


def _cap(rule: str, limit: int, unit: str, per: str, by: str = "") -> CapRow:
    return CapRow(":".join(filter(None, (rule, per, unit, by))), limit, unit, per, by)


FIRST = (
    RuleRow("check_in", "checked_in", "10", caps=(_cap("check_in", 1, "times", "day"),
            _cap("check_in", 34, "amount", "week")), shared=(FANS,), lot_days=9, reversal="check_in_withdrawn"),
    RuleRow("check_in_n", "checked_in", "1", slot=2, caps=(_cap("check_in_n", 1, "times", "day"),),
            reversal="check_in_withdrawn"),
    RuleRow("repost", "reposted", "7", caps=(_cap("repost", 30, "amount", "month"),), shared=(FANS,), priority=1,
            lot_days=40, reversal="repost_deleted"),
    RuleRow("purchase", "purchase_made", "entry.amount / 100", caps=(_cap("purchase", 90, "amount", "day"),),
            lot_days=25, hold_days=3, reversal="purchase_refunded"),
    RuleRow("attend", "activity_attended", "3", slot=3, reversal="attendance_withdrawn"),
    RuleRow("message", "message_sent", "20", when="resident.contribution >= 8", caps=(_cap("message", 2, "times",
            "week"),), reversal="message_withdrawn", budget="campaign"),
    RuleRow("delivery", "vehicle_delivered", "200", when='resident.grade in ["owner", "founder_owner"]',
            reversal="delivery_cancelled"),
    RuleRow("delivery_inviter", "vehicle_delivered", "15", slot=5, beneficiary="inviter",
            caps=(_cap("delivery_inviter", 2, "times", "year"),), reversal="delivery_cancelled"),
    RuleRow("delivery_thanks", "vehicle_delivered", "50", beneficiary="inviter", when="resident.invited",
            lot_days=12, reversal="delivery_cancelled"),
    RuleRow("profile", "profile_item_completed", "5", caps=(_cap("profile", 1, "times", "lifetime", "item"),),
            valid_to="2026-04-02T12:00:00+00:00"),
    RuleRow("liked", "liked", "2", slot=2, beneficiary="author", when='resident.grade != "fan"',
            caps=(_cap("liked", 4, "amount", "day"),), reversal="like_taken_back"),
)  # fmt: skip

CHANGES = {
    "check_in": {"amount": "12", "caps": (_cap("check_in", 2, "times", "day"), _cap("check_in", 30, "amount", "week"))},
    "purchase": {"amount": "entry.amount / 120", "lot_days": 15, "hold_days": 0},
    "attend": {"reversal": ""},
    "message": {"amount": "25", "when": "resident.contribution >= 5"},
    "liked": {"beneficiary": "resident"},
}
SECOND = tuple(replace(row, **CHANGES.get(row.code, {})) for row in FIRST)


def as_yaml(rules: tuple[RuleRow, ...], code: str) -> str:
    """The book in the city's own notation. JSON is YAML, so a quoted word is a JSON string."""
    lines = [
        f"code: {code}", "title: {en: Simulated, zh: 模拟}", f"time_zone: {TIME_ZONE}", "notice_days: 0",
        "shared_caps:", f"  - {{code: {FANS.code}, title: {{en: Fans, zh: 粉丝}}, limit: {FANS.limit},"
        f" unit: {FANS.unit}, per: {FANS.per}, when: 'beneficiary.grade == \"fan\"'}}",
        "budgets:", "  - {code: open, title: {en: Open, zh: 开放}, benefit: {en: Life, zh: 活力}}",
        "  - {code: campaign, title: {en: Campaign, zh: 活动}, benefit: {en: Life, zh: 活力}, limited: true,"
        f" amount: {CAMPAIGN}}}",
        "rules:",
    ]  # fmt: skip
    for row in rules:
        lines += _rule(row)
    return "\n".join(lines) + "\n"


def _rule(row: RuleRow) -> list[str]:
    pairs: dict[str, object] = {
        "code": row.code, "title": "{en: A, zh: 甲}", "kind": row.kind, "amount": f"'{row.amount}'",
        "when": f"'{row.when}'", "beneficiary": row.beneficiary, "guideline": "Fair", "behaviour": "{en: B, zh: 乙}",
        "incentive": "{en: C, zh: 丙}", "feedback": "{en: D, zh: 丁}", "complaint_path": "{en: E, zh: 戊}",
    }  # fmt: skip
    if row.slot:
        pairs |= {"asset": "contribution", "contribution_class": CLASSES[row.slot]}
    else:
        pairs |= {
            "asset": "points", "system": "community", "budget": row.budget, "lot_priority": row.priority,
            "hold_days": row.hold_days,
        }  # fmt: skip
    if row.lot_days:
        pairs["lot_days"] = row.lot_days
    if row.reversal:
        pairs["reversal_kind"] = row.reversal
    if row.valid_to:
        pairs["valid_to"] = f"'{row.valid_to}'"
    if row.shared:
        pairs["shared_caps"] = "[" + ", ".join(cap.code for cap in row.shared) + "]"
    if row.caps:
        pairs["caps"] = "[" + ", ".join(_cap_text(cap) for cap in row.caps) + "]"
    first, *rest = [f"{name}: {value}" for name, value in pairs.items()]
    return [f"  - {first}", *(f"    {each}" for each in rest)]


def _cap_text(cap: CapRow) -> str:
    by = f", by: {cap.by}" if cap.by else ""
    return f"{{limit: {cap.limit}, unit: {cap.unit}, per: {cap.per}{by}}}"
