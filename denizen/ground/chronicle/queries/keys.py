"""Who signs a call."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from denizen.ground.chronicle.constants import KEY_PREFIX_LENGTH
from denizen.ground.chronicle.models import ServiceKey, Source
from denizen.ground.chronicle.rules import secret_hash

_NOBODY = bytes(32)


@dataclass(frozen=True, slots=True)
class RecognisedKey:
    """A valid service key, and what its holder may do."""

    id: int
    source: Source
    kinds: frozenset[str]
    may_create_residents: bool


def recognised_key(*, token: str) -> RecognisedKey | None:
    """The valid key of this token; None for a wrong, unknown or revoked one, in about equal time. One query."""
    head, _, rest = token.partition("_")
    prefix, _, secret = rest.partition("_")
    readable = head == "dz" and len(prefix) == KEY_PREFIX_LENGTH and token.isascii() and token.isprintable()
    key = ServiceKey.objects.select_related("source").filter(prefix=prefix).first() if readable else None
    genuine = hmac.compare_digest(secret_hash(secret), bytes(key.secret_hash) if key else _NOBODY)
    if key is None or not genuine or key.revoked_at is not None:
        return None
    return RecognisedKey(key.pk, key.source, frozenset(key.kinds), key.may_create_residents)
