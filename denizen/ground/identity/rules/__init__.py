"""Pure decisions of identity: folding facts, and what the published levels give."""

from denizen.ground.identity.rules.folding import Folded, OccurredFact, Order, Span, fold, may_bind
from denizen.ground.identity.rules.levels import Level, LevelBook, LevelDraft, problems_of

__all__ = [
    "Folded",
    "Level",
    "LevelBook",
    "LevelDraft",
    "OccurredFact",
    "Order",
    "Span",
    "fold",
    "may_bind",
    "problems_of",
]
