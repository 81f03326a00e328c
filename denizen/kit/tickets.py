"""Tickets: a signed permission to open one live stream once, within a minute."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.core import signing

SALT = "denizen.live"
SECONDS_MAX = 60


class UnableToAdmitTicket(Exception):
    """The ticket is forged, too old or for another topic."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """``resident`` may open the stream of ``topic``. ``number`` tells tickets apart, so that each is used once."""

    resident: int
    topic: str
    number: str


def issue_ticket(*, resident: int, topic: str) -> str:
    """The words of a fresh ticket; never to be logged."""
    return signing.dumps([resident, topic, secrets.token_urlsafe(9)], salt=SALT)


def read_ticket(words: str, *, topic: str) -> Ticket:
    """The ticket, if we signed these words for ``topic`` within the last minute. Raises UnableToAdmitTicket."""
    try:
        resident, for_topic, number = signing.loads(words, salt=SALT, max_age=SECONDS_MAX)
    except signing.BadSignature as refusal:
        raise UnableToAdmitTicket("forged or too old") from refusal
    if for_topic != topic:
        raise UnableToAdmitTicket("for another topic")
    return Ticket(resident, for_topic, number)
