"""Risk: what looks like abuse, as signals with their evidence; effects wait for a person, and nobody is banned.

A *signal* is data: a pattern found in the chronicle (``rules/`` weighs it, ``queries/finders`` find it), with the
residents, the entries and the figures that make it up, in words anybody can check. Strong signals open a *case*. While
it is open, what the evidence brought is kept apart (``ledger.commands.set_apart``) and more entries of the same kinds
by these residents wait. A reviewer, never in his own matter, releases the case (all is as if nothing had been) or
voids it (the evidence is walked back). Whoever is concerned reads why, and is heard. A case nobody decides in time
releases itself.

Flow: worker's sweep -> ``commands.sweep`` -> signals -> cases -> (desk) ``growth.commands.decide_case``.

May touch: rulebook, standing, ledger, identity, chronicle, kit.
"""
