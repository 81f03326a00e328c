"""Issuing and revoking the keys services sign with."""

from __future__ import annotations

from hashlib import sha256

import pytest

from denizen.ground.chronicle import commands, queries
from denizen.ground.chronicle.commands import UnableToIssueKey, UnableToRevokeKey
from denizen.ground.chronicle.models import ServiceKey, Source
from denizen.ground.chronicle.testing import NOON, make_key, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Source:
    return make_source("shop")


def issue(source: Source, kinds: list[str], title: str = "Till") -> commands.Issued:
    return commands.issue_service_key(
        actor="staff:odo", source=source, kinds=kinds, may_create_residents=False, title=title, now=NOON
    )


def test_the_secret_is_told_once_and_only_its_hash_is_kept(shop: Source) -> None:
    issued = issue(shop, ["purchase_made", "purchase_refunded", "purchase_made"])

    key = ServiceKey.objects.get()
    head, prefix, secret = issued.token.split("_", 2)
    assert (head, prefix, key.kinds) == ("dz", key.prefix, ["purchase_made", "purchase_refunded"])
    assert bytes(key.secret_hash) == sha256(secret.encode()).digest()
    assert secret not in str(vars(key))
    assert (key.issued_by, key.created_at) == ("staff:odo", NOON)


def test_a_key_is_recognised_by_its_whole_token(shop: Source) -> None:
    issued, other = issue(shop, ["checked_in"]), issue(shop, ["checked_in"])
    mixed = issued.token.rsplit("_", 1)[0].split("_")[1]

    assert queries.recognised_key(token=issued.token).id == issued.key.pk
    assert queries.recognised_key(token=f"dz_{mixed}_{other.token.split('_', 2)[2]}") is None
    assert queries.recognised_key(token="x" + issued.token) is None
    assert queries.recognised_key(token=issued.token + "\x00") is None


@pytest.mark.parametrize(
    ("kinds", "title", "code"),
    [([], "Till", "no_kinds"), (["moonwalked"], "Till", "unknown_kind"), (["checked_in"], " ", "no_title")],
)
def test_it_refuses_a_key_that_nobody_could_answer_for(shop: Source, kinds: list[str], title: str, code: str) -> None:
    with pytest.raises(UnableToIssueKey) as refusal:
        issue(shop, kinds, title)

    assert refusal.value.code == code
    assert refusal.value.message("zh") != refusal.value.message("en")


def test_a_revoked_key_opens_nothing_and_is_revoked_once(shop: Source) -> None:
    issued = make_key(shop)

    revoked = commands.revoke_service_key(actor="staff:odo", key_id=issued.key.pk, now=NOON)

    assert (revoked.revoked_at, revoked.revoked_by) == (NOON, "staff:odo")
    assert queries.recognised_key(token=issued.token) is None
    with pytest.raises(UnableToRevokeKey) as refusal:
        commands.revoke_service_key(actor="staff:odo", key_id=issued.key.pk, now=NOON)
    assert refusal.value.code == "revoked"


def test_it_refuses_to_revoke_what_is_no_key() -> None:
    with pytest.raises(UnableToRevokeKey) as refusal:
        commands.revoke_service_key(actor="staff:odo", key_id=404, now=NOON)

    assert refusal.value.code == "unknown"
