"""Measured figures, each beside its floor from the same run: ``make bench``, or ``make bench NAME=engine``."""
