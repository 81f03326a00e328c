"""Forgetting what sources call a resident and his entries, without letting anything count twice afterwards."""

from __future__ import annotations

import hmac
from hashlib import sha256

from django.conf import settings

from denizen.ground.chronicle.models import EntryKey, ExternalReference, Undecided
from denizen.kit import db

ERASED = "erased:"


def forget_outside_names(*, resident: int) -> int:
    """Drop the references of a resident, and put a keyed hash where sources named his entries; how many entries.

    Who repeats such an entry later is still known to repeat it: reception asks for the hash as well. Needs an open
    transaction.
    """
    db.required()
    ExternalReference.objects.filter(resident_id=resident).delete()
    keys = EntryKey.objects.filter(entry__resident_id=resident).exclude(external_id__startswith=ERASED)
    named = list(keys.values_list("entry_id", "source_id", "external_id"))
    db.execute(
        "UPDATE chronicle_entrykey AS key SET external_id = fresh.name, payload_hash = ''"
        " FROM unnest(%s::bigint[], %s::text[]) AS fresh(entry, name) WHERE key.entry_id = fresh.entry",
        ([entry for entry, _, _ in named], [erased_name(source, name) for _, source, name in named]),
    )
    for row in Undecided.objects.filter(entry__resident_id=resident).exclude(waits_for=""):
        source, _, name = row.waits_for.partition(":")
        row.waits_for = f"{source}:{erased_name(int(source), name)}"
        row.save(update_fields=["waits_for"])
    return len(named)


def erased_name(source: int, external_id: str) -> str:
    """What stands for an outside name that was erased. Only who has the city's secret key can test a guess."""
    told = f"erased entry\0{source}\0{external_id}".encode()
    return ERASED + hmac.new(settings.SECRET_KEY.encode(), told, sha256).hexdigest()
