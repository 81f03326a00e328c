"""Trials in the reference city: real backtests over what it has lived so far, run on the spot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from denizen.ground.identity.models import Staff
from denizen.people.growth.commands import backtest_here
from denizen.people.growth.models import Backtest
from denizen.people.rulebook.commands import save_draft, start_draft
from denizen.people.rulebook.models import BookVersion
from denizen.people.rulebook.queries import Book, Rule, Text, TriedBook, book_of, drafts, tried_text
from denizen.people.rulebook.rules import parse

DRAFT = "签到多给 2 分，邀请试驾改为 150 分"
PAYS = {"check_in_points": (5, 7), "friend_test_drive_points": (200, 150)}
"""What the open draft changes: some gain by it and some lose."""


def run_trial(*, actor: Staff, book: TriedBook, moment: datetime) -> Backtest:
    """A backtest of everything up to now, kept as this person's trial and finished before anything else happens."""
    return backtest_here(book=book, clock=lambda: moment, watch=lambda _done, _whole: None, actor=actor)


def draft_and_try(*, actor: Staff, version: BookVersion, moment: datetime) -> Backtest:
    """Write the draft that is still open when the city is looked at, and try it; a draft of that title is kept."""
    text = next((draft.text for draft in drafts() if draft.title == DRAFT), None)
    if text is None:
        begun = start_draft(actor=actor, title=DRAFT, based_on=version.number, moment=moment)
        changed = _paying(book_of(version), PAYS)
        text = save_draft(
            actor=actor, draft=begun.pk, content=changed, revision=begun.revision, moment=moment
        ).text  # fmt: skip
    return run_trial(actor=actor, book=tried_text(text), moment=moment)


def _paying(book: Book, pays: Mapping[str, tuple[int, int]]) -> Book:
    """The book with other amounts, and the sentences of their rules telling so."""
    return replace(
        book, rules=tuple(_worth(rule, *pays[rule.code]) if rule.code in pays else rule for rule in book.rules)
    )


def _worth(rule: Rule, before: int, after: int) -> Rule:
    told = Text(*(words.replace(str(before), str(after)) for words in (rule.incentive.en, rule.incentive.zh)))
    return replace(rule, amount=parse(str(after)), incentive=told)
