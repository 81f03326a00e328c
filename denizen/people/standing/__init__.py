"""Standing: what a resident has earned in the eyes of the city. Spending never lowers it.

Contribution by class and in total is folded from the ledger's journal; rank follows a published tie rule: more n
first, then who reached the total earlier, then the older resident. Labels name their ground and date; honours are
signed records by people; the yearly list is frozen reproducibly, with a digest over its lines.

Flow: (growth) ``pipeline`` -> ``commands.recompute`` writes only on change -> (``reach`` of labels) -> pages.

May touch: ledger, identity, chronicle, kit.
"""
