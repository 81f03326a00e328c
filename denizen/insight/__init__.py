"""Insight: the district of what the city can learn about itself. It reads ground and people; it changes neither."""
