"""What is wrong with a service's profile, in words for whoever wrote the file.

Such a file is written by somebody who knows the service, seldom a programmer: each sentence says
what is there, what should be, and where it can what was probably meant.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.casework.profile import BadProfile, Fault
from app.wording.catalogue import N_, _, ngettext
from app.wording.kindly import Kind

_SAYS: Mapping[str, str] = {
    # The file itself.
    "not_readable": N_("The file cannot be read."),
    "bad_file_name": N_(
        "The file's name must be the service's code in small letters, digits and dashes, "
        "followed by .toml."
    ),
    "file_too_long": N_("The file is longer than {most} bytes."),
    "not_text": N_("The file is not text in UTF-8. Save it as UTF-8 in your editor."),
    "not_toml": N_("This cannot be read as TOML: {said}."),
    "other_file": N_("The service is called “{said}”, so the file must be called {said}.toml."),
    "not_a_service": N_(
        "“{said}” cannot be a service's code: use small letters, digits and dashes."
    ),
    "no_english": N_("The languages must include “en”."),
    # Keys and values.
    "missing": N_("“{what}” is missing."),
    "unknown_key": N_("“{what}” is not known here.{perhaps}"),
    "not_here": N_("“{what}” has no meaning beside what was chosen here. Take it out."),
    "empty": N_("This is empty."),
    "wrong_type": N_("This must be {wanted_words}, and is {found_words}."),
    "not_a_code": N_(
        "“{said}” cannot be a code: use small letters, digits and underlines, a letter first."
    ),
    "not_one_of": N_("“{said}” is not one of: {options}.{perhaps}"),
    "out_of_range": N_("{said} is not between {least} and {most}."),
    "relative_day": N_(
        "A text must not say “{said}”: it may leave on an earlier day. Name the day instead."
    ),
    "not_a_date": N_("“{said}” is not a day such as 2027-03-01."),
    "not_a_time": N_("“{said}” is not a time of day such as 09:00."),
    "least_over_most": N_("The least, {least}, is not below the most, {most}."),
    "twice": N_("“{said}” stands here a second time."),
    "unknown_code": N_("There is no “{said}” under “{list}” in this file.{perhaps}"),
    "needs_one_of": N_("One of these is needed here: {options}."),
    "needs_list": N_("This needs entries under “{list}”, and there are none."),
    "no_words": N_("The text “{language}” is missing: every text needs all languages of the file."),
    # Stages, clocks.
    "nothing_closes": N_("No stage has standing = “closed”, so nothing could ever end."),
    "stage_circle": N_(
        "These stages lead round in a circle: {stages}. A way back belongs under “back”."
    ),
    "stage_unreachable": N_("No way leads from “{first}” to the stage “{said}”."),
    "stage_after_closing": N_("The stage “{said}” closes, so nothing may follow it."),
    "stage_no_way_out": N_("No way leads from the stage “{said}” to one that closes."),
    "back_not_before": N_("“{said}” does not come before “{stage}”, so nothing can go back to it."),
    "anchor_and_unit": N_(
        "The unit “{unit}” and the anchor “{said}” do not go together: gestation_days and "
        "edd_offset count from “edd”, the others from something that has happened."
    ),
    "no_milestone": N_("There is no event called “{said}”.{perhaps}"),
    "milestone_about": N_(
        "“{said}” needs {least} to {most} codes behind its name, with colons between."
    ),
    # Measures.
    "formula_empty": N_("The formula is empty."),
    "formula_too_long": N_("The formula is too long."),
    "formula_sign": N_("The formula has “{said}” where it cannot stand."),
    "formula_end": N_("The formula stops in the middle."),
    "formula_bracket": N_("A bracket in the formula has no partner."),
    "formula_deep": N_("The formula has too many brackets inside one another."),
    "no_domain": N_("The formula names “{said}”, which is no domain of this measure.{perhaps}"),
    # Messages.
    "unknown_field": N_("A message cannot say {{{said}}}. It may say: {options}.{perhaps}"),
    "field_missing": N_("This text does not say {{{said}}}, which it must."),
    "bad_braces": N_("The curly brackets of this text cannot be read."),
    "too_long": N_("This text has {length} characters; {most} are the most."),
    "has_link": N_("A message to a parent must not carry a link."),
    "names_service": N_(
        "A message to a parent must not name the service: somebody else may read it."
    ),
    "days_or_hours": N_("Give either days_before or hours_before, and not both."),
    "voice_not_on": N_("A rule rings by voice, and voice is not switched on."),
    "hours_reversed": N_("The sending hours begin at {begin} and end at {end}."),
    "opt_out_word": N_(
        "“{said}” means “never again” to those who carry texts: a parent who answers it to change "
        "a visit would get no more messages. Choose another word."
    ),
    "two_meanings": N_("“{said}” already means “{other}”."),
    # Figures.
    "no_fact": N_("Nothing called “{said}” can be asked of {of}.{perhaps}"),
    "no_key": N_("{of} cannot be told apart by “{said}”. Possible are: {options}.{perhaps}"),
    "by_and_parts": N_("Give either “by” or “parts”, and not both."),
    "month_without_during": N_("To count months, say with “during” which date is meant."),
    "funnel_of": N_("A funnel counts episodes or babies, not {said}."),
}

_KINDS: Mapping[str, str] = {
    "text": N_("text in quotation marks"),
    "yes_or_no": N_("true or false"),
    "whole": N_("a whole number"),
    "number": N_("a number"),
    "list": N_("a list in square brackets"),
    "table": N_("a table"),
    "date": N_("a date or time"),
}


def fault_words(fault: Fault, file: str) -> str:
    """`rct.toml, line 12, stages[2].next: There is no “asessment” under “stages” in this file.`"""
    values = dict(fault.values)
    near = values.get("near", "")
    values["perhaps"] = " " + _("Did you mean “{near}”?").format(near=near) if near else ""
    for name in ("wanted", "found"):
        if name in values:
            values[f"{name}_words"] = _(_KINDS[values[name]])
    said = _(_SAYS[fault.code]).format(**values)
    where = _("{file}, line {line}").format(file=file, line=fault.line)
    return f"{where}, {fault.field}: {said}" if fault.field else f"{where}: {said}"


def all_words(bad: BadProfile) -> list[str]:
    """Every fault of a file as a sentence, in the order of the lines."""
    return [fault_words(fault, bad.file) for fault in bad.faults]


def bad_profile_words(bad: BadProfile) -> Kind:
    """What to say to somebody who only wants to work."""
    return Kind(
        says=ngettext(
            "The file {file} describes a service and has {n} fault, so it is not used.",
            "The file {file} describes a service and has {n} faults, so it is not used.",
            len(bad.faults),
        ).format(file=bad.file, n=len(bad.faults)),
        safe=_("This device goes on with the last good description, and everything is here."),
        then=_("Settings, under Service, says what to put right."),
    )
