"""Central bank: what becomes of the city's points, in figures that add up.

A *measure* has a name, a sentence in both languages and one definition: a relation of rows whose sum it is
(``ledger.queries.circulation``). A *cell* is a measure with its *scope* (days, purpose, envelope, cohort, grade); the
desk shows its amount and leads to its rows. Past days are kept in a *daily summary*, exact and proven by
``queries.verify``; what was recorded since is added from the journal.

Two times: every figure belongs to the day it happened on; only the *month close* counts what was recorded in a month,
so that a statement never changes: news that comes late stands in the next month as an adjustment.

*Assumptions* (what a point is worth, how much is redeemed) are versions set by staff with a reason; nothing of money is
worked out without them. *Grant reviews* look at unusual grants afterwards; they block nothing.

Flow: (sweep) ``commands.fill_days``; pages -> ``queries``; (staff) ``set_assumption``, ``review_grant``,
``close_month``.
May touch: rule book, standing, ledger, identity, chronicle, kit.
"""
