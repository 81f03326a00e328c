"""Backtests at the desk: ask for one, watch it, and read what a rule book would have done."""
