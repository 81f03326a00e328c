"""Kit: tools without a domain. It imports nothing of the city; everything in the city may import it."""
