"""Whoever carries messages for the desk, each behind the one interface of `base`."""
