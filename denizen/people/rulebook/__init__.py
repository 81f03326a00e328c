"""Rule book: every rule of the city, as versions that never change once proposed.

A rule says which behaviour is encouraged, what it earns, what the resident is told and where he turns with a complaint
(A-35). ``rules/`` is the pure part: a small typed language, its text and YAML forms, the static checks, and ``decide``.
A book version is proposed by one person and approved by another with a time from which it is in force; it names its
time zone and its review date, six months ahead (A-38). Only a city that never had a book may publish in one step.

A change walks round a cycle (A-36): tried (``commands.record_trial``), spoken about and decided (``state_position``,
``answer_position``), approved, in force, its result checked (``check_result``; no next version without it), supervised,
fed back. ``queries.changes(moment)`` tells where each one stands.

Flow: ``commands.start_draft`` (a working paper, edited as sentences) -> ``commands.hand_over`` or
``commands.propose`` -> ``commands.approve`` -> ``queries.book_in_force(source, moment)`` -> (growth) decide.

May touch: standing, ledger (purposes, budget accounts), identity, chronicle (kinds), kit.
"""
