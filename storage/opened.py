"""One change after opening, as folding wants it: what it says, and where it stands in the history.

Neither ciphertext nor keys come this far; whoever makes an `Opened` has already checked the chain.
"""

from __future__ import annotations

from typing import NamedTuple

from storage.kinds import Fields


class Opened(NamedTuple):  # a pull makes thousands, and a dataclass takes thrice as long
    """A readable change of one record.

    `id` and each of `parents` are 32 bytes; casefile, record, author (a person) and device are
    32-character hex. `hlc` is the device's hybrid clock, `n` its place in the device's chain of
    this casefile. `mine`: made on this very device, so that it is only here until the office has
    acknowledged that chain up to `n`.

    `redacted`: its text was destroyed on purpose. `fields` is then empty, and neither what it said
    nor anything it had replaced shows again; `parents` are as the redaction restates them.
    """

    id: bytes
    casefile: str
    record: str
    kind: str
    fields: Fields
    parents: tuple[bytes, ...]
    hlc: int
    author: str
    device: str
    n: int
    mine: bool
    redacted: bool = False
