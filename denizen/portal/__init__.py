"""Portal: pages that compose what rooms below offer: today, Me, the desk's home. Composition only, no tables."""
