"""How the office's tables came to be what they are: one revision a change, applied when it starts.

`tables` says what they are today; the revisions under `versions`, run in order, must end there,
and a test on both kinds of database sees that they do. README.md says how to add one.
"""
