"""Numbers and words of standing."""

from __future__ import annotations

CONTRIBUTION_CLASSES = ("interaction", "development", "efficiency", "special")
"""The four classes in the order of every profile and of every column (B-49)."""

RANKING_PAGE_MAX = 200
"""The most lines one page of the ranking gives."""
