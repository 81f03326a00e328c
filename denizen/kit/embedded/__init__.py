"""The embedded database: our own manager of a PostgreSQL that lives in the home. This module is its door."""

from denizen.kit.embedded.address import Address
from denizen.kit.embedded.cluster import Settings
from denizen.kit.embedded.external import external, parse
from denizen.kit.embedded.failures import UnableToReachDatabase, UnableToRunDatabase
from denizen.kit.embedded.server import Embedded
from denizen.kit.embedded.tools import Tool

__all__ = [
    "Address",
    "Embedded",
    "Settings",
    "Tool",
    "UnableToReachDatabase",
    "UnableToRunDatabase",
    "external",
    "parse",
]
