"""What services sign their calls with: ``dz_<prefix>_<secret>``. The secret is told once; only its hash is kept."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from denizen.ground.chronicle.constants import KEY_PREFIX_LENGTH
from denizen.ground.chronicle.kinds import KINDS
from denizen.ground.chronicle.models import ServiceKey, Source
from denizen.ground.chronicle.rules import secret_hash
from denizen.kit import db
from denizen.kit.explained import Explained

PREFIX_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
SECRET_BYTES = 32
TITLE_LENGTH_MAX = 120


class UnableToIssueKey(Explained):
    sentences = {
        "no_kinds": {
            "en": "A key names at least one kind that it may report.",
            "zh": "密钥至少要列出一个允许上报的种类。",
        },
        "unknown_kind": {
            "en": "{kind} is not a kind of the vocabulary (docs/kinds.md).",
            "zh": "{kind} 不是词汇表中的种类（docs/kinds.md）。",
        },
        "no_title": {
            "en": "A key has a title of 1 to 120 characters, so that it can be recognised when it is to be revoked.",
            "zh": "密钥需要 1 至 120 字的名称，以便撤销时辨认。",
        },
    }


class UnableToRevokeKey(Explained):
    sentences = {
        "revoked": {"en": "This key was revoked before.", "zh": "该密钥此前已撤销。"},
        "unknown": {"en": "There is no such key.", "zh": "没有这个密钥。"},
    }


class Issued(NamedTuple):
    """A fresh key and the words the service signs with; nobody can read them again."""

    key: ServiceKey
    token: str


def issue_service_key(
    *, actor: str, source: Source, kinds: Iterable[str], may_create_residents: bool, title: str, now: datetime
) -> Issued:
    """Issue a key for ``source`` and these kinds. ``actor``: who did it, such as ``staff:12``."""
    codes = sorted(set(kinds))
    if not codes:
        raise UnableToIssueKey("no_kinds")
    if unknown := [code for code in codes if code not in KINDS]:
        raise UnableToIssueKey("unknown_kind", kind=unknown[0][:60])
    if not 0 < len(title.strip()) <= TITLE_LENGTH_MAX:
        raise UnableToIssueKey("no_title")
    prefix = "".join(secrets.choice(PREFIX_ALPHABET) for _ in range(KEY_PREFIX_LENGTH))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with db.opening():
        key = ServiceKey.objects.create(
            source=source,
            title=title.strip(),
            prefix=prefix,
            secret_hash=secret_hash(secret),
            kinds=codes,
            may_create_residents=may_create_residents,
            created_at=now,
            issued_by=actor,
        )
    return Issued(key, f"dz_{prefix}_{secret}")


def revoke_service_key(*, actor: str, key_id: int, now: datetime) -> ServiceKey:
    """Revoke a key at once; refused for one revoked before."""
    with db.opening():
        key = ServiceKey.objects.select_for_update().filter(id=key_id).first()
        if key is None:
            raise UnableToRevokeKey("unknown")
        if key.revoked_at is not None:
            raise UnableToRevokeKey("revoked")
        key.revoked_at, key.revoked_by = now, actor
        key.save(update_fields=["revoked_at", "revoked_by"])
    return key
