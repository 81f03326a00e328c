"""Stop and repair at the desk: ask for a pause, confirm it, see whom it concerns, end it, make good."""
