"""The only writers of identity. All of them need an open transaction."""

from denizen.ground.identity.commands.facts import FoldedFacts, fold_facts
from denizen.ground.identity.commands.invitations import (
    UnableToAcceptInvitation,
    UnableToInvite,
    accept_invitation,
    issue_invite_code,
)
from denizen.ground.identity.commands.levels import UnableToPublish, publish_level, publish_reference_levels
from denizen.ground.identity.commands.residents import (
    Particulars,
    UnableToErase,
    UnableToRegister,
    erase,
    erase_by_staff,
    register,
)
from denizen.ground.identity.commands.staff import (
    Actor,
    PostTerms,
    UnableToAct,
    UnableToAssign,
    UnableToEnd,
    UnableToHire,
    UnableToPermit,
    assign,
    end_permit,
    end_post,
    found_department,
    hire,
    note_act,
    permit,
    require_permit,
)

__all__ = [
    "Actor",
    "FoldedFacts",
    "Particulars",
    "PostTerms",
    "UnableToAcceptInvitation",
    "UnableToAct",
    "UnableToAssign",
    "UnableToEnd",
    "UnableToErase",
    "UnableToHire",
    "UnableToInvite",
    "UnableToPermit",
    "UnableToPublish",
    "UnableToRegister",
    "accept_invitation",
    "assign",
    "end_permit",
    "end_post",
    "erase",
    "erase_by_staff",
    "fold_facts",
    "found_department",
    "hire",
    "issue_invite_code",
    "note_act",
    "permit",
    "publish_level",
    "publish_reference_levels",
    "register",
    "require_permit",
]
