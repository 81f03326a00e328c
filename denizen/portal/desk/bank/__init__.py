"""The central bank's desk: pages of figures, each of which leads to the rows it is the sum of."""
