"""The shape of what comes in: checked entries and payloads, and what can be wrong with them. Pure; saves nothing."""

from __future__ import annotations

from .entries import CheckedEntry, Verdict, canonical, check_entry, check_parts, content_hash
from .payloads import check_payload, payload_of
from .problems import Problem, UnableToAccept

__all__ = [
    "CheckedEntry",
    "Problem",
    "UnableToAccept",
    "Verdict",
    "canonical",
    "check_entry",
    "check_parts",
    "check_payload",
    "content_hash",
    "payload_of",
]
