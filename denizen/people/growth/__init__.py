"""Growth: from a behaviour to points, contribution and standing. ``pipeline.py`` is the one page of the flow.

    know    identity folds facts into grade ranges, in order of occurring
    decide  the rule book in force when it happened says yes or no, with the reason, for every rule of the kind
    grant   awards become postings and lots; a reversing kind walks back exactly what was recorded
    rank    standing is recomputed, written only on change
    tell    whoever is concerned is pushed the change when the transaction commits

One entry or ten thousand run through the same set-based code in one transaction. One *decision* is stored per entry
with a compact trace; receipts are rendered from it, including the "no".

``pilots`` compares what residents did in the cities of a pilot with others, before and during, from the same records.

May touch: rulebook, standing, ledger, identity, chronicle, kit.
"""
