"""The reference city: invented people of the reference brand, built through the same doors everybody uses.

``building.build_city`` draws a city from a seed and lives it day by day: what the engine grants is what the rule book
says. Interrupted, it goes on where it stopped; complete, it is left alone.
"""
