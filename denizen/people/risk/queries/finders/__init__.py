"""The finders: each looks for one pattern in what was recorded since a mark, over as long a window as it needs.

Set-based SQL brings the figures, ``rules`` weigh them. A finder changes nothing, so it can run twice, late or beside
another; what it hands back names its pattern by a lasting key.
"""

from collections.abc import Callable
from datetime import datetime

from denizen.people.risk.rules import Found, Parameters

from .bursts import bursts
from .devices import shared_devices
from .invitations import hollow_invitations, mutual_invitations, self_invitations
from .regularity import regularities
from .rings import rings

Finder = Callable[[int, datetime, Parameters], list[Found]]

FINDERS: dict[str, Finder] = {
    "burst": bursts,
    "regularity": regularities,
    "ring": rings,
    "shared_device": shared_devices,
    "self_invitation": self_invitations,
    "mutual_invitation": mutual_invitations,
    "hollow_invitations": hollow_invitations,
}

__all__ = ["FINDERS", "Finder"]
