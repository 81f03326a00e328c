"""Pilots: which rules are or were tried somewhere for a time, what was counted there, and what that shows.

``known`` finds them in the versions that ruled, ``counts`` counts cities before and during, ``estimate`` compares.
Reads only. Others go through ``growth.queries``.
"""
