"""Every failure is one sentence in both languages, and the words of PostgreSQL lead to the right one."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from denizen.kit.embedded import UnableToReachDatabase, UnableToRunDatabase
from denizen.kit.embedded.account import Account
from denizen.kit.embedded.cluster import explained

ACCOUNT = Account(name="ada", uid=1000, gid=1000, dropped=False)
ALL = [(kind, code) for kind in (UnableToRunDatabase, UnableToReachDatabase) for code in sorted(kind.sentences)]


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize(("kind", "code"), ALL)
def test_every_code_speaks_both_languages_about_the_same_facts(kind, code: str) -> None:
    english, chinese = kind.sentences[code]["en"], kind.sentences[code]["zh"]

    assert fields(english) == fields(chinese)
    refusal = kind(code, **dict.fromkeys(fields(english), "x"))
    assert refusal.message("en").endswith(".")
    assert refusal.message("zh_Hans").endswith("。")
    assert "\n" not in refusal.message("en") + refusal.message("zh")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ('FATAL:  could not write lock file "postmaster.pid": No space left on device', "disk_full"),
        ('initdb: error: could not create directory "/x": Permission denied', "not_permitted"),
        ('FATAL:  could not access "/x": Read-only file system', "not_permitted"),
        ('LOG:  could not bind Unix address "/x/.s.PGSQL.5432": Address already in use', "no_socket"),
        ("FATAL:  could not create any Unix-domain sockets", "no_socket"),
        ("FATAL:  could not map anonymous shared memory: Cannot allocate memory", "out_of_memory"),
        ("LOG:  starting\nFATAL:  something new\nLOG:  shut down", "did_not_start"),
        ("", "did_not_start"),
    ],
)
def test_the_words_of_postgresql_become_our_sentence(words: str, code: str) -> None:
    refusal = explained(words, path=Path("/x"), account=ACCOUNT, otherwise="did_not_start", log="/x/log")

    assert refusal.code == code


def test_the_cause_is_quoted_and_not_the_last_line() -> None:
    words = "LOG:  starting\nFATAL:  something new\nLOG:  database system is shut down"

    refusal = explained(words, path=Path("/x"), account=ACCOUNT, otherwise="did_not_start", log="/x/log")

    assert refusal.facts["reason"] == "something new"
