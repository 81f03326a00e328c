"""A review of one's own entries as its card tells it: why, since when, what waits, how to object, how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from denizen.people.risk.queries import Review, reviews_of
from denizen.portal.risk_words import signal_sentence


@dataclass(frozen=True, slots=True)
class ReviewTold:
    """A review with the sentences that say why."""

    review: Review
    sentences: tuple[str, ...]


def reviews_told(resident: int, moment: datetime, *, open_only: bool = False) -> list[ReviewTold]:
    """For the cards on Me and History."""
    return [
        ReviewTold(review, tuple(dict.fromkeys(signal_sentence(one) for one in review.signals)))
        for review in reviews_of(resident, moment)
        if review.state == "open" or not open_only
    ]
