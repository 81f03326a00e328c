"""Identity: the person behind the key, staff and sign-in, and what a resident is to the city at a moment.

Grade (fan, depositor, owner, founder-edition owner, former owner) is never a flag: it is folded from recorded facts
(payments, deliveries, resales) into ranges of time, again and again the same. Levels are published, versioned data;
every check of a right uses the level held on that date, and *Me* can say which apply and why.
Staff hold positions and permissions from/until, and every staff act records the department it was done for.

Flow: (growth) ``pipeline`` -> ``commands.fold_facts`` -> grade ranges -> ``queries.facts_for`` -> rules, rights, pages.

Where a resident lived is kept too, from moment to moment (``commands.move``, ``queries.cities_of``): pilots ask for it.

What the brand's material leaves open is decided at the head of ``rules/folding.py`` (several vehicles, deposits of
owners, what is undone) and in ``commands/reference_levels.py`` (what each level allows), each marked assumed.

May touch: chronicle, shell (templates), kit.
"""
