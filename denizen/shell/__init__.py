"""Shell: the look. Base page, components, tokens and layers of CSS, behaviours in JavaScript; no domain.

Every room's templates extend downward to this room only. Drawings (rings, charts) are made here as text, so that the
city never looks empty and nothing is borrowed.
"""
