"""Numbers of the chronicle."""

from __future__ import annotations

RESIDENT_ID_MIN = 1_000
"""Residents' keys start here; the ledger uses the room below for system accounts."""

ENTRIES_PER_CALL_MAX = 10_000
PAYLOAD_BYTES_MAX = 4_000
EXTERNAL_ID_LENGTH_MAX = 200
REFERENCE_LENGTH_MAX = 200

BODY_BYTES_MAX = 16_000_000
"""The largest call: ten thousand entries of ordinary size several times over."""

KEY_PREFIX_LENGTH = 12
PAGE_SIZE_MAX = 100
