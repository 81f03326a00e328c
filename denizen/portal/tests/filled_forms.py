"""What a browser would send of a form as the page has it: for tests that press Save without touching anything."""

from __future__ import annotations

from html.parser import HTMLParser


class _Form(HTMLParser):
    """Collects the fields of the form with one id."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.inside = False
        self.fields: list[tuple[str, str]] = []
        self.select: str | None = None
        self.option: str | None = None
        self.first: str | None = None
        self.area: str | None = None
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        if not self.inside:
            return
        name = given.get("name", "")
        if tag == "input" and given.get("type") in ("checkbox", "radio"):
            if "checked" in given:
                self.fields.append((name, given.get("value", "on")))
        elif tag == "input" and name:
            self.fields.append((name, given.get("value", "")))
        elif tag == "select":
            self.select, self.option, self.first = name, None, None
        elif tag == "option" and self.select is not None:
            value = given.get("value", "")
            self.first = value if self.first is None else self.first
            self.option = value if "selected" in given else self.option
        elif tag == "textarea":
            self.area, self.words = name, ""

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select" and self.select is not None:
            chosen = self.option if self.option is not None else self.first
            if chosen is not None:
                self.fields.append((self.select, chosen))
            self.select = None
        elif tag == "textarea" and self.area is not None:
            # A browser drops the line end the page writes first, and sends its own line ends.
            self.fields.append((self.area, self.words.removeprefix("\r\n").removeprefix("\n").replace("\n", "\r\n")))
            self.area = None


def fields_of(page: str, form_id: str) -> dict[str, list[str]]:
    """The fields of the form ``form_id`` by name, with the values a browser would send."""
    form = _Form(form_id)
    form.feed(page)
    found: dict[str, list[str]] = {}
    for name, value in form.fields:
        found.setdefault(name, []).append(value)
    return found
