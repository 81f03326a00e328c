"""Two versions of the rule book side by side, for the staff."""
