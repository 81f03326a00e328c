"""The reference book, Ada and Ben known to the app, and a key for its service. Imported in an open city only."""

from __future__ import annotations

from datetime import UTC, datetime

from denizen.ground.chronicle.commands import declare_source, issue_service_key, resolve_references
from denizen.ground.chronicle.kinds import KINDS
from denizen.kit import db
from denizen.people.rulebook.commands import publish_first_book
from denizen.people.rulebook.queries import reference_book_text

START = datetime(2026, 1, 1, tzinfo=UTC)


def settle() -> dict[str, object]:
    publish_first_book(text=reference_book_text(), moment=START, effective_from=START)
    source = declare_source(code="app", lateness_seconds_max=None)
    issued = issue_service_key(
        actor="staff:odo", source=source, kinds=KINDS, may_create_residents=True, title="App", now=START
    )
    with db.opening():
        residents = resolve_references(source=source, refs=["ada", "ben"], create=True, now=START)
    return {"token": issued.token, "residents": residents}
