"""Measuring WineBox against its budgets: `make bench`."""
