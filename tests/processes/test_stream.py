"""The live stream of a resident, as a browser meets it."""

from __future__ import annotations

from tests.processes.conftest import Town, check_ins, until


def heard_until(stream: object, wanted: bytes) -> bytes:
    lines = b""
    while wanted not in lines:
        lines += stream.readline()  # type: ignore[attr-defined]
    return lines


def test_a_change_is_pushed_to_the_one_it_is_about_and_replayed_to_who_comes_back(town: Town) -> None:
    town.bring_up()
    ada, ben = town.stream("ada"), town.stream("ben")
    assert (ada.status, ada.headers["Content-Type"]) == (200, "text/event-stream")

    town.report(check_ins(1))

    told = heard_until(ada, b"event: change\ndata: {}\n\n")
    last = int(told.rpartition(b"id: ")[2].split(b"\n")[0])
    assert last > 0
    town.report(check_ins(1, resident="ben"))
    assert heard_until(ben, b"event: change\ndata: {}\n\n").count(b"event: change") == 1

    town.report(check_ins(1, first=1))
    until(town.decided_all)
    back = town.stream("ada", **{"Last-Event-ID": str(last)})
    assert heard_until(back, b"\n\n").startswith(b"id: %d" % (last + 3))
    level = town.stream("ada", **{"Last-Event-ID": str(last + 3)})
    assert b"change" not in heard_until(level, b"\n\n")


def test_it_refuses_used_forged_and_missing_tickets(town: Town) -> None:
    town.bring_up()
    ticket = town.ticket("ada")

    assert town.stream_with(ticket).status == 200
    assert town.stream_with(ticket).status == 401
    assert town.stream_with(ticket[:-2] + "xx").status == 401
    assert town.stream_with("").status == 401
    assert town.call("POST", "/live/")[0] == 405
    assert town.call("POST", "/live/ticket/")[0] == 403  # no form of ours: CSRF
