"""The command ``denizen``: words and options only. What is done in an open city stands in ``config.errands``."""
