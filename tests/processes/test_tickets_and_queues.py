"""Who gets a ticket, and what becomes of a client that does not keep up."""

from __future__ import annotations

import asyncio

import pytest
from django.test import Client as Browser

from denizen.config.live import TOPIC
from denizen.config.stream import CLOSE, EVENTS_WAITING_MAX, RESYNC, Client, change
from denizen.ground.identity import testing as people
from denizen.kit.tickets import read_ticket


@pytest.mark.django_db
def test_a_resident_gets_a_ticket_for_the_own_stream() -> None:
    ada = people.ada()
    assert ada.user is not None
    browser = Browser()
    browser.force_login(ada.user)

    answer = browser.post("/live/ticket/")

    assert answer.status_code == 200
    assert read_ticket(answer.json()["ticket"], topic=TOPIC).resident == ada.resident_id
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_guests_and_staff_who_are_no_residents_get_none_and_forms_of_strangers_neither() -> None:
    odo = people.odo()
    assert odo.user is not None
    browser = Browser()

    assert browser.post("/live/ticket/").status_code == 401
    browser.force_login(odo.user)
    assert browser.post("/live/ticket/").status_code == 401
    assert browser.get("/live/ticket/").status_code == 405
    assert Browser(enforce_csrf_checks=True).post("/live/ticket/").status_code == 403


def drained(client: Client) -> list[bytes]:
    events = []
    while not client.waiting.empty():
        events.append(client.waiting.get_nowait())
    return events


def test_a_client_that_does_not_keep_up_is_told_to_open_a_new_stream() -> None:
    async def story() -> list[bytes]:
        client = Client(7)
        for number in range(EVENTS_WAITING_MAX + 1):
            client.push(change(number))
        return drained(client)

    assert asyncio.run(story()) == [RESYNC]


def test_an_ended_stream_hears_nothing_but_its_end() -> None:
    async def story() -> list[bytes]:
        client = Client(7)
        client.push(change(1))
        client.end()
        for number in range(2 * EVENTS_WAITING_MAX):
            client.push(change(number))
        return drained(client)

    assert asyncio.run(story()) == [CLOSE]
