"""Backtest: a rule book replayed over real history into a shadow. Nothing here writes a live row.

Flow, one way::

    history.chunks      decided entries in the order in which they were decided (``Decision.place``)
      -> replay         one pass; for each entry: what was learnt from it, then what each book says to it
           shadow       one book's caps, limited budgets, contribution, and what it paid for entries undone later
           tally        what one book's shadow paid: by rule and week, by resident, at limits, from budgets
      -> reckoning      figures: both tallies beside each other: frozen, whole numbers, canonical, with a digest
      -> proof          what the book really in force paid in its shadow equals the recorded postings, in their order

Two books run side by side: the *tried* one, and the *live* one, which for each entry is the version that really decided
it (so an entry that was held while a rule was paused is asked of the version that answered for it). The tried book is
asked about every entry of the span, also about those no version was in force for.

**Order.** Decisions are numbered as they are made; whoever decides about a person holds his wallet until he commits,
so decisions that can depend on one another have numbers in their order. It holds for late entries, reversals, and
originals that came after their reversals.

**Span.** Entries that *occurred* from ``begins`` to before ``ends`` are decided anew. All others that were decided by
then pass by as given: what was really paid for them uses the caps, budgets and contribution of both shadows. So a
span in the middle of history needs no stored counters, and late entries on either side of it count where they counted.

**Given.** Entries themselves, dismissed late ones, staff's own movements and what staff walk back (both
by their moment of recording), funds put into
limited budgets. A reversal is given as well: it takes back what *this shadow* paid for its original, if the shadow's
rule says that its kind undoes it. A limited budget of the tried book holds what its text gives it, or what the city
really put into it if that is more, less what was used before the span.

**Known then.** Contribution, grade, levels and inviters are those known when the entry was decided, as of the moment it
happened: contribution from the shadow itself, the others by folding facts in the order in which they were learnt.

**Bounds.** Memory grows with residents, counters and entries that were undone, never with the payloads of history:
chunks are read, used and dropped. Only the proof keeps four numbers for each payment of the live book.
"""
