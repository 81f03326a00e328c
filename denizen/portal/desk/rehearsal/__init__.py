"""The dry run at the desk: one entry for one resident at one moment, and what would happen."""
