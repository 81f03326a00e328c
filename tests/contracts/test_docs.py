"""The pages of the documentation are held to the program: words, settings, commands, examples and links."""

from __future__ import annotations

import json
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from django.test import Client

from denizen.config.cli.main import denizen
from denizen.config.settings import INSTALLED_APPS
from denizen.ground.chronicle.kinds import KINDS
from denizen.ground.chronicle.schemas import check_entry
from denizen.ground.chronicle.testing import make_key, make_source
from denizen.ground.identity.constants import Permission
from denizen.kit.clock import to_micros

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "denizen"
HOW_TO = ROOT / "docs" / "how-to"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if not {"tests", "migrations"} & set(path.parts))
CODE = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
VARIABLE = re.compile(r"\b(DENIZEN_[A-Z_]*[A-Z]|DATABASE_URL)\b")
EXAMPLE_TIME = to_micros(datetime(2026, 5, 5, tzinfo=UTC))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    documented = set(VARIABLE.findall((HOW_TO / "settings.md").read_text(encoding="utf-8")))

    assert documented == set(VARIABLE.findall(CODE))


def test_the_settings_page_tells_the_defaults_of_the_settings() -> None:
    page = (HOW_TO / "settings.md").read_text(encoding="utf-8")
    rows = {name: line for line in page.splitlines() if "|" in line for name in VARIABLE.findall(line.split("|")[1])}
    given = re.findall(r'environ\.get\(\s*"(DENIZEN_\w+)",\s*"([^"]+)"\)', CODE)
    told = {name: value for name, value in given if name not in TOLD_IN_WORDS}

    assert {name for name, value in told.items() if f"`{value}`" not in rows[name]} == set()


TOLD_IN_WORDS = {"DENIZEN_SECRET_KEY", "DENIZEN_HOSTS", "DENIZEN_EMAIL_BACKEND"}
"""Settings whose default is a sentence to a person: the fallback of the code is for tests and building."""


def glossary() -> dict[str, str]:
    """The words of the code, and the row each stands in."""
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.count("|") == 4 and "`" in line]
    return {word: row for row in rows for word in re.findall(r"`([^`]+)`", row.split("|")[3])}


@pytest.mark.parametrize("word", glossary())
def test_a_word_of_the_glossary_is_a_word_of_the_code(word: str) -> None:
    as_class = "".join(part.capitalize() for part in word.split("_"))

    assert re.search(rf"\b{word}s?\b|class {as_class}\b", CODE) or (PACKAGE / word).is_dir()


def test_the_glossary_speaks_both_languages() -> None:
    assert len(glossary()) > 60
    assert [row for row in glossary().values() if not re.search("[\u4e00-\u9fff]", row.split("|")[1])] == []


def test_a_word_of_the_glossary_means_one_thing() -> None:
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    meanings = [line.split("|")[2].partition(":")[0].strip() for line in page.splitlines() if line.count("|") == 4]
    said = [meaning for meaning in meanings if meaning not in {"English", "---"}]

    assert len(said) == len(set(said))


def test_every_room_stands_in_the_glossary_and_in_the_view_of_the_house() -> None:
    rooms = {app.rpartition(".")[2] for app in INSTALLED_APPS if app.count(".") == 2 and app.startswith("denizen.")}
    view = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")

    assert rooms <= glossary().keys()
    assert {room for room in rooms if not re.search(rf"\b{room}\b", view)} == set()


def test_every_district_and_every_door_stands_in_the_view_of_the_house() -> None:
    view = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    districts = {folder.parent.name for folder in PACKAGE.glob("*/__init__.py")}
    contract = (ROOT / ".importlinter").read_text(encoding="utf-8")
    layers = contract.partition("layers =")[2].partition("exhaustive")[0].split()

    assert set(layers) == districts
    assert [district for district in districts if f"  {district}/" not in view] == []
    assert [door for door in ("commands", "queries", "kinds", "testing") if f"`{door}`" not in view] == []
    assert all(folder in view for folder in layers)


def links() -> list[tuple[Path, str]]:
    """Links inside the project; the page of coverage is written by a full run, and read by a test of its own."""
    found = []
    for page in PAGES:
        text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
        found += [(page, target) for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    return [(page, target) for page, target in found if not re.match(r"https?:|mailto:|#|docs/coverage", target)]


@pytest.mark.parametrize(("page", "target"), links(), ids=lambda value: value if isinstance(value, str) else value.name)
def test_a_link_leads_somewhere(page: Path, target: str) -> None:
    assert (page.parent / target.partition("#")[0]).exists()


def command_lines() -> list[tuple[str, str]]:
    """Every ``denizen …`` of a shell block, with its page."""
    found = []
    for page in PAGES:
        for block in re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.S):
            for line in block.replace("\\\n", " ").splitlines():
                words = shlex.split(line, comments=True)
                while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
                    words = words[1:]
                if words and words[0].rpartition("/")[2] == "denizen":
                    found.append((name_of(page), shlex.join(words[1:]).partition("'>'")[0]))
    return found


@pytest.mark.parametrize(("page", "line"), command_lines())
def test_a_command_of_the_docs_can_be_given(page: str, line: str) -> None:
    """Command, arguments and options are parsed by the command itself; nothing is run."""
    command: click.Command = denizen
    context = click.Context(denizen)
    words = shlex.split(line)
    while isinstance(command, click.Group):
        name, found, words = command.resolve_command(context, words)
        assert found is not None
        command, context = found, click.Context(found, info_name=name, parent=context)

    command.parse_args(context, words)


def examples() -> list[dict[str, object]]:
    text = (HOW_TO / "report-behaviour.md").read_text(encoding="utf-8")
    blocks = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.S)]
    return [entry for block in blocks for entry in block.get("entries", [block])]


@pytest.mark.parametrize("entry", examples(), ids=lambda entry: str(entry["kind"]))
def test_an_example_of_the_api_keeps_to_the_schema(entry: dict[str, object]) -> None:
    assert check_entry(entry, now=EXAMPLE_TIME, allowed=None).problems == ()


@pytest.mark.django_db
def test_the_examples_are_accepted_at_the_door(client: Client) -> None:
    key = make_key(make_source(), may_create_residents=True)

    answer = client.post(
        "/api/v1/chronicle/entries",
        json.dumps({"entries": examples()}),
        content_type="application/json",
        headers={"authorization": f"Bearer {key.token}"},
    )

    assert [told["status"] for told in answer.json()["entries"]] == ["accepted"] * len(examples())


def test_every_kind_and_permit_the_docs_name_exists() -> None:
    known = KINDS.keys()
    named = {str(entry["kind"]) for entry in examples()}
    permits = re.findall(r"permit `([a-z.]+)`", "".join(page.read_text(encoding="utf-8") for page in PAGES))

    assert named <= known
    assert set(permits) <= set(Permission)
    assert permits


def test_both_readmes_offer_the_same() -> None:
    """The two are written apart; their commands and their links are one."""
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))
    offered = [set(re.findall(r"^(?:make|denizen|\.venv/bin/denizen) \S+", text, re.M)) for text in (english, chinese)]
    linked = [set(re.findall(r"\]\(((?!README)[^)\s]+)\)", text)) for text in (english, chinese)]

    assert offered[0] == offered[1]
    assert linked[0] == linked[1]
    assert {"make run", "make test"} <= offered[0]


def test_every_word_of_make_is_documented_and_every_documented_one_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(makefile.partition(".PHONY:")[2].splitlines()[0].split()) - {"help"}

    assert set(re.findall(r"^make (\w+)", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.M)) == targets
    assert {word for page in PAGES for word in re.findall(r"`make (\w+)", page.read_text(encoding="utf-8"))} <= targets


def test_decisions_are_numbered_and_say_what_why_and_what_follows() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    assert [path.name[:4] for path in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    for path in decisions:
        text = path.read_text(encoding="utf-8")
        assert [part for part in ("**Decision.**", "**Why.**", "**Consequence.**") if part not in text] == []
        assert text.startswith(f"# {path.name[:4]} ")
