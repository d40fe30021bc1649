"""One wrong digit in an NHS number is somebody else's number, so it is not kept."""

from string import digits

import pytest

from app.casework.nhs_number import BadNhsNumber, check_digit, nhs_number


@pytest.mark.parametrize("typed", ["999 000 0018", "9990000018", "999-000-0018", " 9990 0000 18 "])
def test_it_is_kept_in_one_spelling_however_it_was_typed(typed):
    assert nhs_number(typed) == "999 000 0018"


def test_every_slip_of_one_digit_and_every_two_neighbours_swapped_are_noticed():
    right = f"999123457{check_digit('999123457')}"
    assert nhs_number(right)
    slips = {right[:i] + d + right[i + 1 :] for i in range(10) for d in digits} - {right}
    swaps = {right[:i] + right[i + 1] + right[i] + right[i + 2 :] for i in range(9)} - {right}
    for wrong in slips | swaps:
        with pytest.raises(BadNhsNumber):
            nhs_number(wrong)


@pytest.mark.parametrize("typed", ["999 000 001", "999 000 00188", "99900000I8", "٩٩٩٠٠٠٠٠١٨"])
def test_what_has_not_ten_plain_digits_is_none(typed):
    with pytest.raises(BadNhsNumber):
        nhs_number(typed)


def test_nothing_is_no_mistake():
    assert nhs_number("  ") == ""
