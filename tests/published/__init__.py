"""The four services' published figures, as records: what each has written down of its families."""
