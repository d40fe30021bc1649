"""The reminder desk: it owns the clock, opens what is sealed to it, and speaks to the outside.

The office's calls reach it through `queue` alone.
"""
