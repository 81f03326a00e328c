"""Ledger: two assets, points and contribution, and no path between them.

A *posting* is one transfer row (debit, credit, amount > 0), append-only. An account's id is arithmetic: a resident's
accounts are ``resident_id * 8 + slot``, so the database can check with plain CHECKs that a posting joins accounts of
its own asset and takes an allowed route. A *lot* is what a credit of points brought, with its expiry; consuming goes
by priority, expiry, age, and every consumption is a *lot use*, so that undoing walks back the recorded way. A *hold*
reserves lots; it is resolved once: posted, part-posted or voided. What a claw-back cannot take stands as debt, which
later earnings repay first.

Flow: a command locks the wallets of everybody concerned in ascending order, decides, then writes postings, lots, uses
and balances in one transaction; limited budgets are locked last. Whatever becomes free in a wallet (an award, a gift, a
refund, a released hold) repays its owner's debt first, so nobody owes who has free points. Reversals follow what was
recorded, never today's rules. Balances change cost, never meaning: ``queries.verify`` re-proves all of them.

Two ways of asking: ``queries.balance`` tells what can be done now; ``queries.balances_as_of`` tells what happening by a
moment left, from lots and uses, whether or not the sweep of ended lots (``commands.expire_due``) has run.

Staff give goodwill alone, with a human reason; corrections and bulk above a threshold need a second person.

May touch: identity, chronicle, kit.
"""
