"""Denizen: a brand runs its users' community like a city."""

__version__ = "0.1.0"
