"""Tickets for live streams: ours, fresh and for this topic, or refused."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.core import signing

from denizen.kit.tickets import SECONDS_MAX, UnableToAdmitTicket, issue_ticket, read_ticket


def test_a_ticket_says_for_whom_and_what_and_no_two_are_alike() -> None:
    words = issue_ticket(resident=7, topic="resident")

    ticket = read_ticket(words, topic="resident")

    assert (ticket.resident, ticket.topic) == (7, "resident")
    assert words != issue_ticket(resident=7, topic="resident")


def test_it_refuses_another_topic_and_forged_words() -> None:
    words = issue_ticket(resident=7, topic="resident")

    for wrong, topic in ((words, "desk"), (words[:-1], "resident"), ("", "resident"), ("x:y:z", "resident")):
        with pytest.raises(UnableToAdmitTicket):
            read_ticket(wrong, topic=topic)


def test_it_refuses_words_signed_for_something_else() -> None:
    with pytest.raises(UnableToAdmitTicket):
        read_ticket(signing.dumps([7, "resident", "n"], salt="another"), topic="resident")


def test_it_refuses_a_ticket_older_than_a_minute() -> None:
    words = issue_ticket(resident=7, topic="resident")

    with patch("django.core.signing.time.time", return_value=_later(words)), pytest.raises(UnableToAdmitTicket):
        read_ticket(words, topic="resident")


def _later(words: str) -> float:
    signed_at = signing.b62_decode(words.split(":")[1])
    return float(signed_at + SECONDS_MAX + 1)
