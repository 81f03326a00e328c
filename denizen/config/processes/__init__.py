"""The processes of a running city: the supervisor, and its children ``web``, ``worker`` and ``jobs``."""
