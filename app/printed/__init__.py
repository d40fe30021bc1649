"""Documents on paper, made in memory on the device: a plan, a report, a chronology.

    blocks    what a document consists of, and nothing of how it looks
    scripts   every writing put into the order and the forms in which it is read
    typeset   blocks to the bytes of a PDF

Nothing here writes to a disk, knows a screen, or decides what may be disclosed.
"""
