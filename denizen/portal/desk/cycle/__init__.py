"""The board of changes: where every change of the rules stands, who waits for whom, and a page for each of them."""
