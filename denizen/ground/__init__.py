"""Ground: the district every other room stands on: who lives here, what happened, what was moved."""
