"""Ledger: two assets, points and contribution, and no path between them.

A *posting* is one transfer row (debit, credit, amount > 0), append-only. An account's id is arithmetic: a resident's
accounts are ``resident_id * 8 + slot``, so the database can check with plain CHECKs that a posting joins accounts of
its own asset and takes an allowed route. A *lot* is what a credit of points brought, with its expiry; consuming goes
by priority, expiry, age, and every consumption is a *lot use*, so that undoing walks back the recorded way. A *hold*
reserves lots; it is resolved once: posted, part-posted or voided. What a claw-back cannot take stands as debt, which
later earnings repay first.

Flow: a command locks the wallets of everybody concerned in ascending order, decides, then writes postings, lots, uses
and balances in one transaction. Balances change cost, never meaning: ``queries.verify`` re-proves all of them.

May touch: identity, chronicle, kit.
"""
