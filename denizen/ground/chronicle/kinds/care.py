"""Care: what the city does for an owner on his days."""

from __future__ import annotations

from typing import Annotated

from .declare import Number, Reversal, kind


@kind(200, "Birthday", "生日", rows=("B-33",))
class BirthdayReached:
    """Recorded once a year on the birthday; who was born on 29 February has it on 28 February in common years.

    Only the year of the calendar is kept, never the date of birth.
    """

    year: Annotated[int, Number("Year", "年份", 2_200, minimum=1_970)]


@kind(201, "Birthday withdrawn", "生日撤销", rows=("B-33",), reverses=BirthdayReached)
class BirthdayWithdrawn(Reversal):
    pass
