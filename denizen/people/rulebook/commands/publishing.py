"""From a draft to a book in force: proposed by one person, approved by another, or published once in a new city."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from denizen.ground.chronicle import queries as chronicle
from denizen.ground.chronicle.kinds import SHAPES
from denizen.ground.identity import commands as identity
from denizen.ground.identity import queries as identity_queries
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.kit import db
from denizen.kit.clock import MOMENT_MAX, MOMENT_MIN
from denizen.people.rulebook.commands.cycle.office import Said, in_office, keep_words
from denizen.people.rulebook.commands.cycle.readiness import unchecked_version, unready_to_approve
from denizen.people.rulebook.commands.liftings import foresee_liftings
from denizen.people.rulebook.commands.notice import UnableToApprove, require_notice
from denizen.people.rulebook.commands.staging import open_what_deciding_needs
from denizen.people.rulebook.commands.turns import one_at_a_time
from denizen.people.rulebook.models import Approval, BookVersion, DraftEnd, Force, Waiver
from denizen.people.rulebook.queries.lacking import missing_for_approval
from denizen.people.rulebook.queries.versions import book_of, has_any_version
from denizen.people.rulebook.rules import Book, digest_of, dump_book, load_book, to_json
from denizen.people.rulebook.rules.review import review_day


class UnableToPublish(Exception):
    """The city has had a rule book before: a change needs a proposal and another person's approval."""


class UnableToPropose(Exception):
    """The proposal is not allowed, or changes nothing."""


class ResultUnchecked(UnableToPropose):
    """Nobody has checked the result of version ``number``, which is in force (A-36)."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(_(
            "Version %(number)s is in force and nobody has checked its result yet: record a result check of version"
            " %(number)s first, then propose the next one."
        ) % {"number": number})  # fmt: skip


def publish_first_book(*, text: str, moment: datetime, effective_from: datetime | None = None) -> BookVersion:
    """Publish ``text`` (YAML) in one step. Only for a city that never had a book.

    Without ``effective_from`` it is in force from the earliest ``valid_from`` of its rules, or from now.
    Raises UnableToLoadBook with every fault of the text, UnableToPublish otherwise.
    """
    book = load_book(text, SHAPES)
    with db.opening():
        one_at_a_time()
        if has_any_version():
            raise UnableToPublish(
                _("This city already has a rule book. Propose the change and let a second person approve it.")
            )
        starts = [rule.valid_from for rule in book.rules]
        earliest = min((start for start in starts if start is not None), default=moment)
        begins_at = effective_from or min(earliest, moment)
        if refusal := _impossible(begins_at):
            raise UnableToPublish(refusal)
        version = _store(book, note="", proposed_by=None, moment=moment)
        _put_in_force(version, book, None, moment, begins_at)
        return version


def propose_book(*, actor: Staff, text: str, note: str, moment: datetime) -> BookVersion:
    """Propose ``text`` (YAML) as the next version.

    Refused when it equals the latest version, and while nobody has checked the result of the one in force (A-36).
    """
    return _propose(actor, load_book(text, SHAPES), note, moment)


def propose_table_value(*, actor: Staff, table: str, key: str, value: int, note: str, moment: datetime) -> BookVersion:
    """Propose the latest version with one value of one table added or changed (B-61), without touching code."""
    latest = BookVersion.objects.order_by("-number").first()
    if latest is None:
        raise UnableToPropose(_("There is no rule book yet to change."))
    book = book_of(latest)
    if table not in book.tables:
        raise UnableToPropose(_("The rule book has no table “%(table)s”.") % {"table": table})
    tables = {**book.tables, table: {**book.tables[table], key: value}}
    changed = load_book(dump_book(replace(book, tables=tables)), SHAPES)
    return _propose(actor, changed, note, moment)


def _propose(actor: Staff, book: Book, note: str, moment: datetime) -> BookVersion:
    with db.opening():
        one_at_a_time()
        return propose_in_turn(actor, book, note, moment)


def propose_in_turn(actor: Staff, book: Book, note: str, moment: datetime) -> BookVersion:
    """Like ``propose_book``, within the open transaction of a command that has waited for its turn."""
    db.required()
    if not identity_queries.may_staff(actor, Permission.RULES_PROPOSE, moment):
        raise UnableToPropose(_("You need the permission to propose rules."))
    latest = BookVersion.objects.order_by("-number").first()
    if latest is not None and latest.digest == digest_of(book):
        raise UnableToPropose(_("This proposal changes nothing in version %(number)s.") % {"number": latest.number})
    unchecked = unchecked_version(moment)
    if unchecked is not None:
        raise ResultUnchecked(unchecked)
    version = _store(book, note=note, proposed_by=actor, moment=moment)
    identity.note_act(
        actor=actor, act="rules.propose", subject_kind="rule_book", subject_id=str(version.number),
        details={"digest": version.digest}, moment=moment,
    )  # fmt: skip
    return version


def approve_book(
    *,
    actor: Staff,
    number: int,
    effective_from: datetime,
    moment: datetime,
    untried: Said | None = None,
    unheard: Said | None = None,
) -> Approval:
    """Approve version ``number`` as a second person, in force from ``effective_from``.

    Its content was tried and the users' spokesperson was heard (A-40), or the approver says why not (``untried``,
    ``unheard``); an objection of the spokesperson is decided first. What takes value away from what was promised is
    announced as many days ahead as the promise says, else refused with ``UnableToTakeSoSoon``. A moment in the past
    holds only for sources none of whose entries was decided; the others follow from ``moment``.
    """
    with db.opening():
        one_at_a_time()
        version = BookVersion.objects.select_related("proposed_by").filter(number=number).first()
        if version is None:
            raise UnableToApprove(_("There is no version %(number)s.") % {"number": number})
        if actor.pk in _writers(version):
            raise UnableToApprove(_("Somebody else has to approve what you proposed."))
        if not identity_queries.may_staff(actor, Permission.RULES_APPROVE, moment):
            raise UnableToApprove(_("You need the permission to approve rules."))
        if Approval.objects.filter(book=version).exists():
            raise UnableToApprove(_("Version %(number)s is already approved.") % {"number": number})
        waived = _reasons(version, untried, unheard)
        if refusal := (
            _impossible(effective_from)
            or _unchecked_meanwhile(moment)
            or unready_to_approve(version, frozenset(waived))
        ):
            raise UnableToApprove(refusal)
        require_notice(version, effective_from=effective_from, moment=moment)
        for missing, said in waived.items():
            office = in_office(actor, f"rules.waive_{missing}", number, moment)
            Waiver.objects.create(book=version, missing=missing, words=keep_words(said), **office)
        approval = _put_in_force(version, book_of(version), actor, moment, effective_from)
        identity.note_act(
            actor=actor, act="rules.approve", subject_kind="rule_book", subject_id=str(version.number),
            details={"effective_from": effective_from.isoformat()}, moment=moment,
        )  # fmt: skip
        return approval


def _reasons(version: BookVersion, untried: Said | None, unheard: Said | None) -> dict[str, Said]:
    """The reasons given for what is really missing; a reason for what is on record is left aside."""
    given = {Waiver.Missing.TRIAL.value: untried, Waiver.Missing.POSITION.value: unheard}
    missing = missing_for_approval(version.number)
    return {what: said for what, said in given.items() if what in missing and said is not None and said.text.strip()}


def _writers(version: BookVersion) -> set[int | None]:
    """Who proposed the version, and who began or last saved its draft, whoever handed that over."""
    drafts = DraftEnd.objects.filter(version=version).values_list("draft__author", "draft__saved_by")
    return {version.proposed_by_id, *(writer for each in drafts for writer in each)}


def _impossible(effective_from: datetime) -> str:
    """Why nothing can be in force from then on, empty when it can: what is in force is read with every entry."""
    if MOMENT_MIN <= effective_from < MOMENT_MAX:
        return ""
    return _("Rules are in force from a moment between 1970 and 2199.")


def _unchecked_meanwhile(moment: datetime) -> str:
    """Why nothing can be approved now, empty when it can: a proposal that waited skips no result check (A-36)."""
    number = unchecked_version(moment)
    if number is None:
        return ""
    return _("Nobody has checked the result of version %(number)s, which took force meanwhile: check it first.") % {
        "number": number
    }


def _store(book: Book, *, note: str, proposed_by: Staff | None, moment: datetime) -> BookVersion:
    return BookVersion.objects.create(
        title=book.title.en, time_zone=book.time_zone, document=json.loads(to_json(book)), digest=digest_of(book),
        note=note, proposed_by=proposed_by, proposed_at=moment,
    )  # fmt: skip


def _put_in_force(
    version: BookVersion, book: Book, approved_by: Staff | None, moment: datetime, effective_from: datetime
) -> Approval:
    """Write the approval and the spans in force, and open what deciding will need: counters, purposes, budgets."""
    backdated = effective_from < moment and chronicle.anything_decided()
    default_from = moment if backdated else effective_from
    Force.objects.create(book=version, source=None, effective_from=default_from)
    if backdated:
        for source in chronicle.sources_without_decisions():
            Force.objects.create(book=version, source=source, effective_from=effective_from, until=default_from)
    open_what_deciding_needs(book, number=version.number, moment=moment)
    foresee_liftings(version=version, book=book, lifts_at=default_from)
    return Approval.objects.create(
        book=version, approved_by=approved_by, approved_at=moment, effective_from=effective_from,
        review_on=review_day(max(default_from, moment), book),
    )  # fmt: skip
