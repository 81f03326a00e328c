"""People: the district of residents' standing, the rule book and growth."""
