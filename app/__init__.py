"""The top floor: what a person sees and does, and the domain in plain Python beneath it.

Knows no SQL, no HTTP and no cryptography.
"""
