"""The processes of a running city: the supervisor of ``denizen up``, and its children ``web`` and ``worker``."""
