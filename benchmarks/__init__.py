"""Measurements of the whole, run by `make bench`. Nothing of the project imports them."""
