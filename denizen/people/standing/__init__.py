"""Standing: what a resident has earned in the eyes of the city. Spending never lowers it.

Contribution by class and in total is a pure function of the ledger's journal; rank follows a published tie rule: more n
first, then who reached the total earlier, then the older resident. *Deeds* are entries that count towards a *label*,
which names its ground and date and is folded in order of occurring. *Honours* are signed records by people. The
*yearly list* is frozen once, with a digest over its lines and a note of what the journal held, so that anybody can
compute it again; what comes late shows beside it and never in it.

Flow: (growth) ``pipeline`` -> ``commands.recompute`` writes only on change -> ``commands.earn_labels`` -> pages.
``queries.verify`` proves all of it again from the journal, the deeds and the signatures.

May touch: ledger, identity, chronicle, kit.
"""
