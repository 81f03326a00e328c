"""Where something about a person stands, and how he gets it or gets rid of it.

``docs/personal-data.md`` is written from here: ``python -m tests.contracts.personal_data > docs/personal-data.md``.
``test_personal_data.py`` compares this list with the tables, and erases a person to see what remains.
"""

from __future__ import annotations

import sys
from typing import NamedTuple


class Kept(NamedTuple):
    """A table with a person's key or with words. ``holds``: what. ``exported`` and ``erased``: the function that does
    it, as ``module:name``; empty where ``why`` says why there is none."""

    table: str
    holds: str
    exported: str = ""
    erased: str = ""
    why: str = ""


IDENTITY = "denizen.ground.identity"
EXPORT = f"{IDENTITY}.queries:export"
ERASE = f"{IDENTITY}.commands:erase"
ERASE_NAMES = "denizen.ground.chronicle.commands:forget_outside_names"
ERASE_WORDS = "denizen.ground.ledger.commands:erase_words"
SEALED = "hashes, which say nothing once the secret behind them is gone"
STATEMENT = "denizen.ground.ledger.queries:statement"
HISTORY = "denizen.people.growth.queries:history_for"
KEYS = "append-only: keys, numbers and moments, which name nobody once identity is erased"
DERIVED = "derived from entries; keys, codes and moments only"
REVIEWS = "denizen.people.risk.queries:reviews_of"
ERASE_REVIEWS = "denizen.people.risk.commands:erase_words"
STAFF = "about staff in their office, not about residents"

KEPT = (
    Kept("identity_profile", "name, city, birthday, words about oneself", EXPORT, ERASE),
    Kept("identity_residence", "cities lived in, by key", EXPORT, ERASE,
         "a city in which at least 20 residents have lived stays, so that decisions of pilots can be replayed; a "
         "replay of a pilot in a smaller one no longer finds the erased there"),
    Kept("identity_user", "e-mail address, password (hashed), language", EXPORT, ERASE),
    Kept("account_emailaddress", "e-mail address of the sign-in", EXPORT, ERASE),
    Kept("account_emailconfirmation", "key that was mailed", "", ERASE, "a secret, goes with the address"),
    Kept("identity_invitecode", "the code an owner gives away", EXPORT, ERASE),
    Kept("identity_invitation", "who invited whom, by key", EXPORT, "", KEYS),
    Kept("identity_fact", "facts of grades, by key; of reversals what the entry says", EXPORT, "", KEYS),
    Kept("identity_gradespan", "grades held", EXPORT, "", DERIVED),
    Kept("identity_planspan", "plans held", EXPORT, "", DERIVED),
    Kept("identity_firstorder", "moment of the first order", "", "", DERIVED + "; the orders are in the history"),
    Kept("identity_staff", "an employee's name; his link to a resident", "", ERASE, STAFF + "; the link goes"),
    Kept("identity_post", "position, region, field", "", "", STAFF),
    Kept("identity_staffact", "acts of staff, about a resident's key", "", "", KEYS),
    Kept("identity_staffactwords", "why staff acted, in words", "", f"{IDENTITY}.commands:erase_act_words", STAFF),
    Kept("chronicle_externalreference", "how a source calls a resident", "", ERASE_NAMES,
         "the source has handed it in"),
    Kept("chronicle_entry", "behaviour, as keys and numbers", HISTORY, "",
         "OPEN: a reversal names its original by the source's own name, and entries are append-only"),
    Kept("chronicle_entrykey", "a source's own name of an entry", "", ERASE_NAMES,
         "the source has handed it in; a keyed hash stays, so that nothing counts twice"),
    Kept("chronicle_undecided", "entries that wait", "", "", "gone as soon as they are decided"),
    Kept("chronicle_servicekey", "which colleague issued a key", "", "", STAFF),
    Kept("chronicle_admission", "which colleague admitted an entry", "", "", STAFF),
    Kept("rulebook_suspension", "why a rule is paused, in words for everybody", "", "",
         "about a rule, said in public by staff in their office; names nobody"),
    Kept("ledger_account", "balances, by key", STATEMENT, "", KEYS),
    Kept("ledger_posting", "movements, by key", STATEMENT, "", KEYS),
    Kept("ledger_lot", "what remains of a credit", STATEMENT, "", DERIVED),
    Kept("ledger_hold", "claims on a wallet", "", "", DERIVED + "; what came of them is in the statement"),
    Kept("ledger_correctionline", "what was given or taken, by key", STATEMENT, "", KEYS),
    Kept("ledger_postingreason", "why a colleague gave, in his words", "", ERASE_WORDS, STAFF),
    Kept("ledger_correction", "why a correction was made, in words", "", ERASE_WORDS,
         STAFF + "; a reason given to many at once stays"),
    Kept("ledger_entrysalt", "the secret behind what entries committed to", "", ERASE_WORDS, "a secret"),
    Kept("growth_decision", "what the rules said, as codes", HISTORY, "", KEYS),
    Kept("growth_backtest", "the ten who would gain or lose most, by key; which colleague asked", "", "", DERIVED),
    Kept("growth_capcounter", "use of limits", "", "", DERIVED),
    Kept("standing_standing", "contribution by class", "denizen.people.standing.queries:profile", "", DERIVED),
    Kept("standing_deed", "what counted towards a label", "", "", DERIVED),
    Kept("standing_label", "labels with their ground", "denizen.people.standing.queries:labels_for", "", DERIVED),
    Kept("standing_honour", "title, date, signature", "denizen.people.standing.queries:honours_for", "",
         "the honour stays, signed, without its words"),
    Kept("standing_honourreason", "for what an honour was given, in words",
         "denizen.people.standing.queries:honours_for", "denizen.people.standing.commands:erase_honour_reasons"),
    Kept("standing_frozenline", "place in a frozen yearly list, by key", "denizen.people.standing.queries:frozen_year",
         "", KEYS),
    Kept("rulebook_bookversion", "the note of who proposed a book", "", "", STAFF),
    Kept("rulebook_words", "what colleagues wrote about a change of the rules, and what residents told them of it", "",
         "denizen.people.rulebook.commands:empty_words", "written in an office, with no resident's key beside it"),
    Kept("rulebook_draft", "a working title and texts of rules, as colleagues wrote them", "", "",
         STAFF + "; rules speak of kinds and grades, never of a resident"),
    Kept("rulebook_trial", "figures of a trial of the rules, as whole numbers", "", "", STAFF),
    Kept("rulebook_resultcheck", "figures of a check of the rules, as whole numbers", "", "", STAFF),
    Kept("rulebook_feedback", "which rule a feedback is about, as a code", "", "", STAFF),
    Kept("ledger_contributionhold", "awards that do not count while a review is open", "", "", DERIVED),
    Kept("risk_signal", "what looked like abuse, as figures and keys", "", "", DERIVED),
    Kept("risk_signalparty", "whom a sign speaks of, by key", "", "", DERIVED),
    Kept("risk_caseparty", "whom a review concerns, by key", REVIEWS, "", KEYS),
    Kept("risk_quarantine", "what a review keeps apart, by key", REVIEWS, "", KEYS),
    Kept("risk_statement", "what a resident said to a review", REVIEWS, ERASE_REVIEWS),
    Kept("risk_verdict", "how a review ended and why, in a reviewer's words", REVIEWS, ERASE_REVIEWS,
         "words about several people stay until all are erased"),
    Kept("risk_sighting", "salted hash of a device or means of payment", "", ERASE_REVIEWS,
         "derived from entries; tells nobody anything but that two are the same"),
    Kept("central_bank_dayflow", "points moved on a day, in sums", "", "", DERIVED),
    Kept("central_bank_daycohort", "points of a month of issue moved on a day, in sums", "", "", DERIVED),
    Kept("central_bank_assumption", "why a colleague assumes what a point is worth", "", "", STAFF),
    Kept("central_bank_monthclose", "sums of a month", "", "", STAFF),
    Kept("central_bank_grantreview", "what colleagues learn from a grant, in their words", "", "", STAFF),
    Kept("django_session", "who is signed in, signed", "", "", "ends by itself; names a sign-in that no longer exists"),
)  # fmt: skip

CODES_ONLY = frozenset({
    "auth_group", "auth_permission", "chronicle_kindcode", "chronicle_source", "django_content_type",
    "identity_department", "identity_levelversion", "identity_permit", "ledger_purpose", "rulebook_capcode",
    "procrastinate_events", "procrastinate_jobs", "procrastinate_periodic_defers", "procrastinate_workers",
    "standing_frozenyear",
})  # fmt: skip
"""Tables with codes and titles of the city itself: nobody's key, nobody's words."""

HEAD = """\
# Personal data · 个人信息

Every table that holds a resident's key or somebody's words: what it holds, which function hands it out, which erases
it, and why not where there is none. Generated from `tests/contracts/personal_data.py`; do not edit this page.

Everything that says *who* somebody is stands in identity and can be erased there. Entries, postings and decisions keep
a bare key: the books stay provable, and the key names nobody. A line that begins with OPEN is a gap that we know of.

| table | holds | handed out by | erased by | why not |
|---|---|---|---|---|
"""


def personal_data_page() -> str:
    """The whole page."""
    lines = (
        f"| `{kept.table}` | {kept.holds} | {_shown(kept.exported)} | {_shown(kept.erased)} | {kept.why or '-'} |\n"
        for kept in KEPT
    )
    return HEAD + "".join(lines)


def _shown(function: str) -> str:
    module, _, name = function.partition(":")
    return f"`{'.'.join(module.split('.')[2:])}.{name}`" if function else "-"


if __name__ == "__main__":
    sys.stdout.write(personal_data_page())
