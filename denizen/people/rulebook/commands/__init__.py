"""The rule book's only writers: propose, approve, and the one-step first publication."""

from denizen.people.rulebook.commands.publishing import (
    UnableToApprove,
    UnableToPropose,
    UnableToPublish,
    approve_book,
    propose_book,
    propose_table_value,
    publish_first_book,
)

__all__ = [
    "UnableToApprove",
    "UnableToPropose",
    "UnableToPublish",
    "approve_book",
    "propose_book",
    "propose_table_value",
    "publish_first_book",
]
