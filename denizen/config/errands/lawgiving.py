"""``denizen rules``: publish, propose, approve, show, list and check rule books from a terminal."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from denizen.config.speech import language, tell
from denizen.ground.chronicle.kinds import SHAPES
from denizen.ground.identity.models import Staff, User
from denizen.ground.identity.queries import staff_of
from denizen.kit.clock import now
from denizen.kit.explained import Explained
from denizen.people.growth.queries import results_of
from denizen.people.rulebook.commands import (
    ResultUnchecked,
    Said,
    UnableToPublish,
    approve_book,
    check_result,
    propose_book,
    publish_first_book,
)
from denizen.people.rulebook.models import BookVersion
from denizen.people.rulebook.queries import (
    book_of,
    has_any_version,
    lawfulness,
    reference_book_text,
    version_in_force,
    versions,
)
from denizen.people.rulebook.rules import dump_book, load_book


class UnableToGiveRules(Explained):
    sentences = {
        "no_file": {"en": "The file {path} cannot be read ({reason}).", "zh": "无法读取文件 {path}（{reason}）。"},
        "not_first": {
            "en": "This city has had a rule book: propose the change (denizen rules propose FILE --as YOUR-EMAIL), and "
            "a second person approves it, at the desk or with denizen rules approve.",
            "zh": "这座城市已有规则书：请提出变更（denizen rules propose 文件 --as 您的邮箱），"
            "再由第二人在工作台或用 denizen rules approve 批准。",
        },
        "no_staff": {
            "en": "Nobody on the staff signs in as {email}; name the address of a colleague.",
            "zh": "没有员工使用 {email} 登录；请填写某位同事的邮箱。",
        },
        "not_you": {
            "en": "That is not the password of {email}. Nothing is approved; two persons sign, each for himself.",
            "zh": "{email} 的密码不正确。没有批准任何内容；须由两人各自签字。",
        },
        "unchecked": {
            "en": "Version {number} is in force and nobody has checked its result yet. Look at what came of it, say so "
            "(denizen rules checked {number} --as YOUR-EMAIL --verdict good --note '...'), then propose the next one.",
            "zh": "第 {number} 版正在生效，还没有人检查过它的结果。请先看结果并记录"
            "（denizen rules checked {number} --as 您的邮箱 --verdict good --note '……'），再提出下一版。",
        },
        "no_version": {
            "en": "There is no version {number} of the rule book; denizen rules list shows them.",
            "zh": "没有第 {number} 版规则书；可用 denizen rules list 查看。",
        },
        "no_book": {
            "en": "No rule book is in force; denizen rules publish FILE gives this city its first.",
            "zh": "目前没有生效的规则书；可用 denizen rules publish 文件 发布第一版。",
        },
    }


def publish(*, path: Path | None, effective_from: datetime | None) -> int:
    """Publish the first book: a file, or the reference book without one."""
    text = reference_book_text() if path is None else _read(path)
    try:
        version = publish_first_book(text=text, moment=now(), effective_from=effective_from)
    except UnableToPublish:
        if not has_any_version():
            raise
        raise UnableToGiveRules("not_first") from None
    tell(f"Version {version.number} of the rules is in force.", f"规则书第 {version.number} 版已生效。")
    return 0


def propose(*, path: Path, email: str, note: str) -> int:
    text = _read(path)
    try:
        version = propose_book(actor=colleague(email), text=text, note=note, moment=now())
    except ResultUnchecked as refusal:
        raise UnableToGiveRules("unchecked", number=refusal.number) from None
    tell(
        f"Version {version.number} is proposed; it takes force when a second person has approved it.",
        f"第 {version.number} 版已提出；待第二人批准后生效。",
    )
    return 0


def approve(
    *, number: int, email: str, password: str, effective_from: datetime | None, untried: str, unheard: str
) -> int:
    """Approve version ``number`` as the colleague whose password was given, from the earliest lawful moment or later.

    Raises UnableToGiveRules for a wrong password, UnableToApprove and UnableToTakeSoSoon as the desk does.
    """
    actor = colleague(email)
    if actor.user is None or not actor.user.is_active or not actor.user.check_password(password):
        raise UnableToGiveRules("not_you", email=email)
    version = BookVersion.objects.filter(number=number).first()
    if version is None:
        raise UnableToGiveRules("no_version", number=number)
    moment = now()
    earliest = lawfulness(book_of(version), effective_from=moment, moment=moment, number=number).lawful_from
    approval = approve_book(
        actor=actor, number=number, effective_from=effective_from or earliest, moment=moment,
        untried=_said(untried), unheard=_said(unheard),
    )  # fmt: skip
    since = approval.effective_from.isoformat(timespec="minutes")
    tell(
        f"Version {number} is approved and in force from {since}.",
        f"第 {number} 版已获批准，自 {since} 起生效。",
    )
    return 0


def _said(words: str) -> Said | None:
    return Said(words, "zh-hans" if language() == "zh" else "en") if words else None


def checked(*, number: int, email: str, verdict: str, note: str) -> int:
    """Put a check of the result of version ``number`` on record, with what is measured about it now (A-36)."""
    said = Said(note, "zh-hans" if language() == "zh" else "en")
    check = check_result(
        actor=colleague(email), number=number, verdict=verdict, said=said, figures=results_of(number), moment=now()
    )
    entries, paid = check.figures["entries"], check.figures["paid"]
    tell(
        f"The result of version {number} is on record: {entries} entries decided, {paid} paid. "
        f"It is looked at again by {check.review_on}.",
        f"第 {number} 版的结果已记录：共判定 {entries} 条，其中 {paid} 条有所得。下次检查不晚于 {check.review_on}。",
    )
    return 0


def colleague(email: str) -> Staff:
    """The member of the staff who signs in with this address."""
    user = User.objects.filter(email__iexact=email).first()
    staff = staff_of(user) if user is not None else None
    if staff is None:
        raise UnableToGiveRules("no_staff", email=email)
    return staff


def show(*, number: int | None) -> int:
    version = version_in_force(now()) if number is None else BookVersion.objects.filter(number=number).first()
    if version is None:
        raise UnableToGiveRules("no_book") if number is None else UnableToGiveRules("no_version", number=number)
    text = dump_book(book_of(version)).rstrip("\n")
    tell(text, text)
    return 0


def list_versions() -> int:
    """One line for each version, newest first."""
    for each in versions(now()):
        since = each.effective_from.isoformat() if each.effective_from else "-"
        line = f"{each.number:>5}  {each.state:<10}  {since:<26}  {each.digest[:12]}  {each.title}"
        tell(line, line)
    return 0


def check(*, path: Path) -> int:
    """Say whether a text is a sound book, with every fault where it is not. Raises UnableToLoadBook."""
    book = load_book(_read(path), SHAPES)
    tell(
        f"{path.name} is sound: {len(book.rules)} rules, {len(book.budgets)} budgets, time zone {book.time_zone}.",
        f"{path.name} 无误：{len(book.rules)} 条规则，{len(book.budgets)} 项预算，时区 {book.time_zone}。",
    )
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as refusal:
        raise UnableToGiveRules("no_file", path=path, reason=refusal) from refusal
