"""What is hard to write: after a loss, and what somebody else told. All made up."""

from __future__ import annotations

OVERHEARD = (
    (
        "[third party: the neighbour] The neighbour stopped me on the stairs: she hears him shout "
        "most evenings."
    ),
    (
        "[third party: her aunt] Her aunt rang the office. She is afraid of him and does not want "
        "it known that she said so."
    ),
    (
        "[third party: the neighbour] The neighbour says that he was there again on Sunday, and "
        "went by the back."
    ),
)

LOSS_TO_KNOW = "The hospital rang us. {mum} wishes that nobody asks, and that nobody writes."
LOSS_CALL = "Ring {mum} after the loss. Read the family's page first."
LOSS_NOTES = (
    (
        "{mum} answered herself. She did not want to talk long, and that was all right. Her aunt "
        "stays with her until the weekend.\n\n"
        "The hospital's bereavement midwife has given her a number. Agreed that I ring again and "
        "that nothing is sent until then."
    ),
    (
        "Sat with {mum} and her aunt. She spoke of the name they had chosen. We did not fill in "
        "anything.\n\n"
        "She would like me to come again. Housing and the hospital clinic know, so that no letter "
        "comes."
    ),
    (
        "{mum} had been out to the shop by herself. We walked to the canal and back.\n\n"
        "Agreed to meet every other week for now, and that she says when it is enough."
    ),
)
