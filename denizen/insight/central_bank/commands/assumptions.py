"""Setting what the city assumes about its points."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from denizen.ground.identity.commands import note_act
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.insight.central_bank.commands.acting import acting_for
from denizen.insight.central_bank.models import Assumption
from denizen.kit import db
from denizen.kit.explained import Explained

REASON_LENGTH_MIN = 10


class UnableToAssume(Explained):
    """A value that cannot be, or no reason."""

    sentences = {
        "value": {
            "en": "A thousand points are worth at least one minor unit, and a sale costs nothing less than nothing.",
            "zh": "一千积分至少值一个最小货币单位，售价不能为负。",
        },
        "redeemed": {
            "en": "Of a thousand points between 1 and 1,000 are redeemed in the end.",
            "zh": "每一千积分中最终兑换的应在 1 到 1,000 之间。",
        },
        "times": {
            "en": "Months, times and limits are at least 1.",
            "zh": "月数、倍数与上限至少为 1。",
        },
        "currency": {
            "en": "A currency is three capital letters, such as CNY.",
            "zh": "货币为三个大写字母，例如 CNY。",
        },
        "reason": {
            "en": "Say why, in your own words: others will work with this number.",
            "zh": "请用自己的话说明理由：别人会据此计算。",
        },
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """All values of one version, as ``models.Assumption`` has them."""

    currency: str
    value_per_thousand: int
    sold_per_thousand: int
    redeemed_permille: int
    month_points_max: int | None
    quiet_months: int
    outlier_times: int


def set_assumption(*, actor: Staff, values: Values, reason: str, moment: datetime) -> Assumption:
    """A new version of everything assumed, in force from now on; earlier month closes keep theirs.

    Needs the permit ``bank.close`` and an open transaction. Raises ``UnableToAssume``, ``UnableToAct``.
    """
    db.required()
    department = acting_for(actor, Permission.BANK_CLOSE, moment)
    _check(values, reason)
    made = Assumption.objects.create(
        **asdict(values), reason=reason.strip(), staff=actor, department=department, set_at=moment
    )
    note_act(
        actor=actor, act="bank.assumed", subject_kind="assumption", subject_id=str(made.pk), details=asdict(values),
        moment=moment,
    )  # fmt: skip
    return made


def _check(values: Values, reason: str) -> None:
    if values.value_per_thousand < 1 or values.sold_per_thousand < 0:
        raise UnableToAssume("value")
    if not 1 <= values.redeemed_permille <= 1000:
        raise UnableToAssume("redeemed")
    if min(values.quiet_months, values.outlier_times, values.month_points_max or 1) < 1 or values.month_points_max == 0:
        raise UnableToAssume("times")
    if len(values.currency) != 3 or not (values.currency.isascii() and values.currency.isupper()):
        raise UnableToAssume("currency")
    if len(reason.strip()) < REASON_LENGTH_MIN:
        raise UnableToAssume("reason")
