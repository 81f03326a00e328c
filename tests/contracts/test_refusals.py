"""Every refusal is a sentence in both languages, and every sentence can be met."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path
from string import Formatter
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "denizen"
SOURCES = {
    path: path.read_text(encoding="utf-8")
    for path in sorted(PACKAGE.rglob("*.py"))
    if not {"tests", "migrations"} & set(path.parts)
}
CHINESE = re.compile("[\u4e00-\u9fff]")


class Refusal(NamedTuple):
    """``says``: sentences by code and language; empty where the sentence is given where it is raised."""

    name: str
    path: Path
    says: dict[str, dict[str, str]]


def refusals() -> list[Refusal]:
    found = []
    for path, source in SOURCES.items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef) and node.name.startswith("UnableTo"):
                found.append(Refusal(node.name, path, sentences_of(node)))
    return found


def sentences_of(node: ast.ClassDef) -> dict[str, dict[str, str]]:
    for line in node.body:
        targets = line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "sentences" for target in targets):
            told: dict[str, dict[str, str]] = ast.literal_eval(line.value)  # type: ignore[attr-defined]
            return told
    return {}


REFUSALS = refusals()
EVERYTHING = "\n".join(SOURCES.values())
QUOTED = Counter(re.findall(r"[\"'](\w+)[\"']", EVERYTHING))
SAID = [(refusal, code, said) for refusal in REFUSALS for code, said in refusal.says.items()]
name_of = pytest.mark.parametrize(
    ("refusal", "code", "said"), SAID, ids=[f"{refusal.name}-{code}" for refusal, code, _ in SAID]
)


@name_of
def test_a_refusal_speaks_both_languages_of_the_same_things(refusal: Refusal, code: str, said: dict[str, str]) -> None:
    places = {language: {name for _, name, _, _ in Formatter().parse(text) if name} for language, text in said.items()}

    assert said.keys() == {"en", "zh"}
    assert CHINESE.search(said["zh"])
    assert not CHINESE.search(said["en"])
    assert places["en"] - {"en"} == places["zh"] - {"zh"}  # a fact that is itself told in two languages


@name_of
def test_a_refusal_can_be_met(refusal: Refusal, code: str, said: dict[str, str]) -> None:
    """The code stands somewhere beside its own sentence: where it is raised, or where an error is turned into it."""
    assert QUOTED[code] > sum(1 for other in REFUSALS if code in other.says)


def test_every_refusal_is_raised() -> None:
    met = set(re.findall(r"(?<!class )\b(UnableTo\w+)[(]|raise (UnableTo\w+)|class \w+[(](UnableTo\w+)", EVERYTHING))

    assert {refusal.name for refusal in REFUSALS} <= {name for names in met for name in names}


def test_a_refusal_says_when_it_is_met() -> None:
    """With sentences of its own it explains itself; else its docstring tells."""
    assert [refusal.name for refusal in REFUSALS if not refusal.says and not told_by(refusal)] == []


def told_by(refusal: Refusal) -> str:
    tree = ast.parse(SOURCES[refusal.path])
    node = next(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == refusal.name)
    return ast.get_docstring(node) or ""
