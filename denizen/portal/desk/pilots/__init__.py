"""Pilots at the desk: what runs, what it brought against comparable cities, and the rows each number is the sum of."""
