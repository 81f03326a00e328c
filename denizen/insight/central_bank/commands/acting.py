"""For which department a colleague acts."""

from __future__ import annotations

from datetime import datetime

from denizen.ground.identity.commands import UnableToAct, require_permit
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import Department, Staff
from denizen.ground.identity.queries import department_of


def acting_for(actor: Staff, permission: Permission, moment: datetime) -> Department:
    """The department of the post ``actor`` holds, if he may. Raises ``UnableToAct``."""
    require_permit(actor=actor, permission=permission, moment=moment)
    department = department_of(actor, moment)
    if department is None:
        raise UnableToAct("no_post", name=actor.name)
    return department
