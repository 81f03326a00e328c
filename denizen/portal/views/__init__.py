"""Pages of the residents, and those everybody may read."""
