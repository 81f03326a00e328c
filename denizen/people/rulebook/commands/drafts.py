"""Working papers of the rule desk: started, saved by several hands, discarded, or handed over as a proposal."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from denizen.ground.chronicle.kinds import SHAPES
from denizen.ground.identity import commands as identity
from denizen.ground.identity import queries as identity_queries
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Staff
from denizen.kit import db
from denizen.people.rulebook.commands.publishing import propose_in_turn
from denizen.people.rulebook.commands.turns import one_at_a_time
from denizen.people.rulebook.models import BookVersion, Draft, DraftEnd
from denizen.people.rulebook.queries.drafts import read_draft
from denizen.people.rulebook.queries.versions import book_of
from denizen.people.rulebook.rules import Book, digest_of, dump_book, load_book

TEXT_BYTES_MAX = 1_000_000
TITLE_LENGTH_MAX = 200


class UnableToDraft(Exception):
    """The draft cannot be started, saved, discarded or handed over; the text says why and what to do."""


class DraftOvertaken(UnableToDraft):
    """Somebody saved the draft since it was read: nothing was written. ``revision`` is the present one."""

    def __init__(self, words: str, revision: int) -> None:
        super().__init__(words)
        self.revision = revision


def start_draft(
    *, actor: Staff, title: str, moment: datetime, based_on: int | None = None, text: str | None = None
) -> Draft:
    """A new draft: of a version (``based_on``, its number), of a text, or of the text with the version it changes.

    The text may have faults; they are shown with the draft until they are mended.
    """
    with db.opening():
        _permitted(actor, moment)
        version = BookVersion.objects.filter(number=based_on).first() if based_on is not None else None
        if based_on is not None and version is None:
            raise UnableToDraft(_("There is no version %(number)s.") % {"number": based_on})
        if text is None:
            if version is None:
                raise UnableToDraft(_("Begin with a version or with a text."))
            text = dump_book(book_of(version))
        kept, digest, faults = _kept(text)
        draft = Draft.objects.create(
            title=_titled(title), based_on=version, text=kept, digest=digest, faults=faults, author=actor,
            started_at=moment, saved_by=actor, saved_at=moment,
        )  # fmt: skip
        _note(actor, "rules.draft", draft, {"based_on": based_on}, moment)
        return draft


def save_draft(*, actor: Staff, draft: int, content: str | Book, revision: int, moment: datetime) -> Draft:
    """Write ``content`` (YAML, or a book that may still have problems) over the revision its writer has read.

    Raises DraftOvertaken when somebody saved a later one meanwhile. Saving what already stands there changes nothing.
    """
    with db.opening():
        _permitted(actor, moment)
        kept_draft = _open_draft(draft)
        text, digest, faults = _kept(dump_book(content) if isinstance(content, Book) else content)
        if text == kept_draft.text:
            return kept_draft
        if kept_draft.revision != revision:
            raise DraftOvertaken(
                _("%(name)s saved this draft meanwhile. Nothing of yours is lost: it stands here, not yet saved.")
                % {"name": kept_draft.saved_by.name},
                kept_draft.revision,
            )
        kept_draft.text, kept_draft.digest, kept_draft.faults = text, digest, faults
        kept_draft.revision = revision + 1
        kept_draft.saved_by, kept_draft.saved_at = actor, moment
        kept_draft.save(update_fields=["text", "digest", "faults", "revision", "saved_by", "saved_at"])
        _note(actor, "rules.draft_save", kept_draft, {"revision": kept_draft.revision, "digest": digest}, moment)
        return kept_draft


def discard_draft(*, actor: Staff, draft: int, moment: datetime) -> DraftEnd:
    """Put a draft away. It can still be read, and a new one can be started from its text."""
    with db.opening():
        _permitted(actor, moment)
        kept_draft = _open_draft(draft)
        end = DraftEnd.objects.create(draft=kept_draft, version=None, ended_by=actor, ended_at=moment)
        _note(actor, "rules.draft_discard", kept_draft, {}, moment)
        return end


def hand_over(*, actor: Staff, draft: int, revision: int, note: str, moment: datetime) -> BookVersion:
    """Propose a draft as the next version; another person approves it.

    Raises UnableToLoadBook with its problems, UnableToPropose with the reason, DraftOvertaken when what would be
    proposed is not what its proposer has read.
    """
    with db.opening():
        one_at_a_time()
        kept_draft = _open_draft(draft)
        if kept_draft.revision != revision:
            raise DraftOvertaken(
                _("%(name)s saved this draft meanwhile. Look at it once more before you hand it over.")
                % {"name": kept_draft.saved_by.name},
                kept_draft.revision,
            )
        version = propose_in_turn(actor, load_book(kept_draft.text, SHAPES), note, moment)
        DraftEnd.objects.create(draft=kept_draft, version=version, ended_by=actor, ended_at=moment)
        return version


def _open_draft(number: int) -> Draft:
    """The draft, locked until the transaction ends, so that two savings come one after the other.

    Locked without its saver beside it: a row that changed hands while we waited for it would drop out of a join.
    """
    draft = Draft.objects.select_for_update().filter(pk=number).first()
    if draft is None:
        raise UnableToDraft(_("There is no such draft."))
    if DraftEnd.objects.filter(draft=draft).exists():
        raise UnableToDraft(_("This draft is done with: start a new one from it."))
    return draft


def _kept(text: str) -> tuple[str, str, int]:
    """The text as it is kept (a readable book in its canonical form), the digest of its content, how many faults."""
    if len(text.encode("utf-8", "surrogatepass")) > TEXT_BYTES_MAX:
        raise UnableToDraft(_("The text is longer than a rule book may be."))
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise UnableToDraft(_("The text holds characters that are none. Save it as UTF-8 and try again."))
    book, problems = read_draft(text)
    if book is None:
        return text, "", len(problems)
    return dump_book(book), digest_of(book), len(problems)


def _titled(title: str) -> str:
    words = " ".join(title.split())
    if not words or len(words) > TITLE_LENGTH_MAX:
        raise UnableToDraft(_("Give the draft a title of at most 200 characters."))
    return words


def _permitted(actor: Staff, moment: datetime) -> None:
    if not identity_queries.may_staff(actor, Permission.RULES_PROPOSE, moment):
        raise UnableToDraft(_("You need the permission to propose rules."))


def _note(actor: Staff, act: str, draft: Draft, details: dict[str, object], moment: datetime) -> None:
    identity.note_act(
        actor=actor, act=act, subject_kind="rule_draft", subject_id=str(draft.pk), details=details, moment=moment
    )
