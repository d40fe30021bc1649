"""A file with a slip in it: what is said, and on which line, all at once."""

from __future__ import annotations

import ast
import re

import pytest

from app.casework.profile import BadProfile, Fault, read_profile
from app.casework.profile import reading as reading_module
from app.places import ROOT
from app.wording.profile_faults import all_words
from profiles import HARBOUR
from slips import SLIPS


def faults_of(text: str | bytes, file: str = "harbour.toml") -> tuple[Fault, ...]:
    with pytest.raises(BadProfile) as caught:
        read_profile(text, file)
    return caught.value.faults


def line_with(text: str, said: str) -> int:
    return text.count("\n", 0, text.index(said)) + 1


def test_the_file_without_a_slip_is_good():
    profile = read_profile(HARBOUR, "harbour.toml")
    assert (profile.name.en, profile.first_stage.code) == ("Harbour House", "moored")


@pytest.mark.parametrize("slip", SLIPS, ids=str)
def test_a_slip_is_named_with_its_line_and_field(slip):
    assert HARBOUR.count(slip.old) >= 1
    text = HARBOUR.replace(slip.old, slip.new, 1)
    faults = faults_of(text)
    assert [(f.code, f.line) for f in faults if f.code == slip.code] == [
        (slip.code, line_with(text, slip.at))
    ]
    found = next(f for f in faults if f.code == slip.code)
    assert found.field == slip.field or found.field.endswith(f".{slip.field}")
    words = all_words(BadProfile("harbour.toml", faults))
    assert any(w.startswith(f"harbour.toml, line {found.line}") for w in words)
    assert not re.search(r"\{(said|what|near|options|list|perhaps)\}", " ".join(words))


def test_one_slip_is_not_told_as_many():
    """What follows from a slip is not a fault of its own, or the real one drowns."""
    alone = [slip for slip in SLIPS if len(faults_of(HARBOUR.replace(slip.old, slip.new, 1))) == 1]
    assert len(alone) > len(SLIPS) * 0.8


def test_all_faults_of_a_file_are_told_together_in_the_order_of_its_lines():
    text = HARBOUR
    for right, wrong in (
        ("stale_hours = 48", "stale_hours = 0"),
        ('cy = "Ar y dŵr nawr"\n', ""),
        ("keel + 2", "kel + 2"),
        ('"monday"', '"moonday"'),
        ('next = ["afloat", "ashore"]', 'next = ["aflot"]'),
    ):
        text = text.replace(right, wrong)
    faults = faults_of(text)
    assert len(faults) == 5
    assert [f.line for f in faults] == sorted(f.line for f in faults)


def test_what_was_probably_meant_is_offered():
    (fault,) = faults_of(HARBOUR.replace('next = ["afloat", "ashore"]', 'next = ["aflot"]'))
    (said,) = all_words(BadProfile("harbour.toml", [fault]))
    assert said.startswith(f"harbour.toml, line {fault.line}, stages[1].next: ")
    assert said.endswith("There is no “aflot” under “stages” in this file. Did you mean “afloat”?")


def test_the_files_own_troubles_are_told_too():
    assert faults_of(b"\xff\xfe")[0].code == "not_text"
    assert faults_of(b'name = "x"\n# caf\xe9')[0].line == 2
    assert faults_of("#" * (reading_module.LONGEST_FILE + 1))[0].code == "file_too_long"
    assert faults_of("a = [1,\n\n")[0].line == 3
    assert {f.code for f in faults_of("")} == {"missing"}


def test_windows_lines_and_a_byte_order_mark_are_read_all_the_same():
    profile = read_profile(b"\xef\xbb\xbf" + HARBOUR.replace("\n", "\r\n").encode(), "harbour.toml")
    assert profile.stage("moored").words.cy == "Wedi angori"


def test_every_fault_the_readers_can_note_is_tried_here():
    told = {slip.code for slip in SLIPS} | {"not_text", "file_too_long"}
    elsewhere = {"bad_file_name", "not_readable"}  # of the shelf
    noted = set()
    for file in (ROOT / "app" / "casework" / "profile").glob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call):
                noted |= codes_in(call)
    formula = {f"formula_{reason}" for reason in ("sign", "end", "bracket", "deep", "too_long")}
    assert noted | formula == told | elsewhere


def codes_in(call: ast.Call) -> set[str]:
    """Fault codes given to `note`, `_fault` or `Fault(code=…)`."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    # `note(path, code)` of the collector has the path first; the tables' own has the code.
    given = [a.value for a in call.args[:2] if isinstance(a, ast.Constant)]
    if name in ("note", "_fault") and given and not isinstance(call.args[0], ast.JoinedStr):
        return {str(given[0])}
    if name == "Fault":
        return {
            str(k.value.value)
            for k in call.keywords
            if k.arg == "code" and isinstance(k.value, ast.Constant)
        }
    return set()
