"""The only writers of the chronicle."""

from __future__ import annotations

from ..rules import CallBudget
from .checkpoints import finish_checkpoint, move_checkpoint, open_checkpoint
from .erasure import forget_outside_names
from .kind_codes import UnableToSyncKinds, sync_kinds
from .own import new_entry, record_one
from .reception import Answer, people_of, receive_entries, record_checked
from .record import Fresh, NewEntry, Recorded, record
from .references import introduce, resolve_references
from .review import UnableToAdmit, admit_entry, admit_reviewed
from .service_keys import (
    Issued,
    UnableToIssueKey,
    UnableToRevokeKey,
    issue_service_key,
    revoke_service_key,
)
from .sources import APP, UnableToDeclareSource, app_source, declare_source
from .undecided import (
    hold_back,
    let_wait,
    release_held,
    release_waiting,
    set_aside,
    take_held,
    take_ready,
    take_reviewed,
    take_waiting,
)

__all__ = [
    "APP",
    "Answer",
    "CallBudget",
    "Fresh",
    "Issued",
    "NewEntry",
    "Recorded",
    "UnableToAdmit",
    "UnableToDeclareSource",
    "UnableToIssueKey",
    "UnableToRevokeKey",
    "UnableToSyncKinds",
    "admit_entry",
    "admit_reviewed",
    "app_source",
    "declare_source",
    "finish_checkpoint",
    "forget_outside_names",
    "hold_back",
    "introduce",
    "issue_service_key",
    "let_wait",
    "move_checkpoint",
    "new_entry",
    "open_checkpoint",
    "people_of",
    "receive_entries",
    "record",
    "record_checked",
    "record_one",
    "release_held",
    "release_waiting",
    "resolve_references",
    "revoke_service_key",
    "set_aside",
    "sync_kinds",
    "take_held",
    "take_ready",
    "take_reviewed",
    "take_waiting",
]
