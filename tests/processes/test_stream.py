"""The live stream of a resident, as a browser meets it."""

from __future__ import annotations

import re

from tests.processes.conftest import Town, check_ins, until

COUNTED = rb"id: (\d+)\nevent: change\ndata: {}\n\n"


def heard_until(stream: object, wanted: bytes) -> re.Match[bytes]:
    """Read a stream until ``wanted`` (a pattern) has been said. A change without an id may come at any time."""
    lines = b""
    while not (found := re.search(wanted, lines)):
        lines += stream.readline()  # type: ignore[attr-defined]
    return found


def test_a_change_is_pushed_to_the_one_it_is_about_and_replayed_to_who_comes_back(town: Town) -> None:
    town.bring_up()
    ada, ben = town.stream("ada"), town.stream("ben")
    assert (ada.status, ada.headers["Content-Type"]) == (200, "text/event-stream")

    town.report(check_ins(1))

    last = int(heard_until(ada, COUNTED)[1])
    assert last > 0
    town.report(check_ins(1, resident="ben"))
    assert int(heard_until(ben, COUNTED)[1]) == last  # the same behaviour, counted for Ben alone

    town.report(check_ins(1, first=1))
    until(town.decided_all)
    back = town.stream("ada", **{"Last-Event-ID": str(last)})
    assert int(heard_until(back, COUNTED)[1]) == 2 * last
    level = town.stream("ada", **{"Last-Event-ID": str(2 * last)})
    assert heard_until(level, rb"^(.*\n)*\n")[0] == b"id: %d\n\n" % (2 * last)


def test_it_refuses_used_forged_and_missing_tickets(town: Town) -> None:
    town.bring_up()
    ticket = town.ticket("ada")

    assert town.stream_with(ticket).status == 200
    assert town.stream_with(ticket).status == 401
    assert town.stream_with(ticket[:-2] + "xx").status == 401
    assert town.stream_with("").status == 401
    assert town.call("POST", "/live/")[0] == 405
    assert town.call("POST", "/live/ticket/")[0] == 403  # no form of ours: CSRF
