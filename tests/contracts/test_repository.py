"""What is committed is ours, speaks of the product only, and runs on any machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BINARY = {".png", ".jpg", ".webp", ".ico", ".woff2", ".parquet", ".mo"}
BYTES_MAX = 600_000
LINE_MAX = 2_000
VENDORED = {"vendor", "vendored", "third_party", "node_modules", "bower_components", "site-packages", "dist"}
FAULTS = {
    "a path of one machine": re.compile(r"(?<![\w.])/(?:work|root|Users|home/\w+)/\w"),
    "a host of packages": re.compile(
        r"pypi\.org|pythonhosted|files\.python|npmjs|unpkg|jsdelivr|cdnjs|googleapis|(?<!no-emit-)index-url|mirrors?\.",
        re.I,
    ),
    "how it was made": re.compile(
        r"\b(?:chat ?gpt|claude|copilot|anthropic|openai|llm|language model|ai[- ]generated|sub-?agents?"
        r"|(?:coding|my|your|this|other|parallel) (?:agent|helper|session|prompt)s?|as an ai|hackathon)\b",
        re.I,
    ),
    "a promise to do it later": re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b"),
}


def tracked() -> list[Path]:
    """Files under version control; from a plain copy of the source, everything that is not ignored by name."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        skipped = {".git", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}
        return [path for path in ROOT.rglob("*") if path.is_file() and not skipped & set(path.parts)]
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


TRACKED = tracked()
TEXTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in TRACKED
    if path.suffix not in BINARY and path != Path(__file__).resolve()
}


def test_there_is_something_to_watch() -> None:
    assert len(TEXTS) > 300
    assert {"README.md", "Makefile", "denizen/config/settings.py"} <= TEXTS.keys()


@pytest.mark.parametrize("fault", FAULTS)
def test_no_file_contains(fault: str) -> None:
    found = [f"{name}: {hit.group()}" for name, text in TEXTS.items() for hit in FAULTS[fault].finditer(text)]

    assert found == []


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("a path of one machine", "see /home/ada/denizen"),
        ("a host of packages", "--index-url https://packages.example"),
        ("how it was made", "written by another agent, this session"),
        ("a promise to do it later", "# TODO: later"),
    ],
)
def test_the_watch_itself_sees_each_fault(fault: str, text: str) -> None:
    assert FAULTS[fault].search(text)


def test_no_code_of_others_is_committed() -> None:
    paths = [path.relative_to(ROOT) for path in TRACKED]

    assert [str(path) for path in paths if VENDORED & set(path.parts)] == []
    assert [
        str(path) for path in paths if re.search(r"\.min\.(js|css)$|\.(whl|egg|jar|so|dll|exe|zip|gz)$", path.name)
    ] == []


def test_no_script_or_style_is_packed_together() -> None:
    packed = [
        name
        for name, text in TEXTS.items()
        if name.endswith((".js", ".css")) and any(len(line) > LINE_MAX for line in text.splitlines())
    ]

    assert packed == []


def test_no_file_is_heavy() -> None:
    assert [path.name for path in TRACKED if path.stat().st_size > BYTES_MAX] == []


def test_locks_hold_a_hash_for_everything_and_name_no_host() -> None:
    for name in ("requirements/run.txt", "requirements/dev.txt"):
        pinned = re.findall(r"^([\w.\[\]-]+)==\S+ \\\n    --hash=sha256:", TEXTS[name], re.M)
        named = re.findall(r"^([a-zA-Z][\w.\[\]-]*)==", TEXTS[name], re.M)

        assert pinned == named
        assert named
        assert not re.search(r"https?://|@ file", TEXTS[name])


def test_no_name_of_a_brand_is_in_the_code() -> None:
    brand = re.compile(r"\bNIO\b|\bNOMI\b|蔚来|海底捞")

    assert [name for name, text in TEXTS.items() if brand.search(text)] == []
