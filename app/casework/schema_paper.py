"""What was put on paper: which document, for whom, and what was left out of it or put back in.

The document itself is kept nowhere; `digest` tells whether a paper is the one that was made. The
record of a list of several families stands with the team.
"""

from __future__ import annotations

from storage.kinds import Field, Kind

PAPER = (
    Kind(
        name="paper",
        fields=(
            Field(name="what", column="text"),
            Field(name="of", column="text"),
            Field(name="meant_for"),
            Field(name="persons"),
            Field(name="to", searchable=True),
            Field(name="at", column="text"),
            Field(name="words"),
            Field(name="pages"),
            Field(name="rows"),
            Field(name="left_out"),
            Field(name="put_in"),
            Field(name="digest"),
        ),
    ),
)
