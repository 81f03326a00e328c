"""What commands do in an open city. They stand on the rooms' tables, so ``opening.errand`` loads them."""
