"""Reads one profile from the text of its file, or says everything that is wrong with it at once."""

from __future__ import annotations

import re
import tomllib

from app.casework.profile import read_flow as flow
from app.casework.profile import read_lists as lists
from app.casework.profile import read_tiles as figures
from app.casework.profile.known import Known
from app.casework.profile.positions import lines_of
from app.casework.profile.problems import BadProfile, Fault, Faults
from app.casework.profile.read_messages import lone_worker, reminders
from app.casework.profile.shapes import Profile
from app.casework.profile.tables import Table
from app.casework.profile.words import LANGUAGES

LONGEST_FILE = 400_000
"""Bytes; ten times what a large service needs, and small enough to travel in one change."""

SERVICE = re.compile(r"[a-z][a-z0-9-]{0,39}")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


def read_profile(said: bytes | str, file: str) -> Profile:
    """The profile that a file holds. `file` is its name, which must be the service's code.

    Raises BadProfile with every fault, in the order of the lines.
    """
    text = _text(said, file)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadProfile(file, [_not_toml(str(error), text)]) from None
    faults = Faults()
    profile = _profile(Table(document, (), faults, LANGUAGES), Known(document), file)
    found = faults.all(lambda: lines_of(text))
    if found:
        raise BadProfile(file, found)
    return profile


def _text(said: bytes | str, file: str) -> str:
    if len(said) > LONGEST_FILE:
        values = {"length": str(len(said)), "most": str(LONGEST_FILE)}
        raise BadProfile(file, [Fault(line=1, field="", code="file_too_long", values=values)])
    try:
        text = said.decode("utf-8-sig") if isinstance(said, bytes) else said
    except UnicodeDecodeError as error:
        line = bytes(error.object[: error.start]).count(b"\n") + 1
        raise BadProfile(file, [Fault(line=line, field="", code="not_text", values={})]) from None
    return text.replace("\r\n", "\n")


def _not_toml(message: str, text: str) -> Fault:
    """What TOML's reader says, which names a line except where the text just ends."""
    at = _AT_LINE.search(message)
    line = int(at.group(1)) if at else text.count("\n") + 1
    said = message.split(" (at ", maxsplit=1)[0]
    return Fault(line=line, field="", code="not_toml", values={"said": said})


def _profile(table: Table, known: Known, file: str) -> Profile:
    table.languages = table.choices("languages", LANGUAGES) or ("en",)
    if "en" not in table.languages:
        table.note("no_english", "languages")
    service = table.text("service")
    if service and not SERVICE.fullmatch(service):
        table.note("not_a_service", "service", said=service)
    elif service and file != f"{service}.toml":
        table.note("other_file", "service", said=service, file=file)
    name = table.words_at("name", needed=True)
    profile = Profile(
        service=service,
        name=name,
        version=table.whole("version", least=1, most=1_000_000),
        about=table.words_at("about"),
        calendar=table.choice("calendar", ("ENG", "WLS")),
        languages=table.languages,
        roles=lists.entries(table, "roles", lists.role, needed=True),
        teams=lists.entries(table, "teams", lists.plain()),
        functions=lists.entries(table, "functions", lists.function(known), needed=True),
        caseload=lists.caseload(table, known),
        capacity=lists.capacity(table, known),
        localities=lists.entries(table, "localities", lists.plain()),
        sources=lists.entries(table, "sources", lists.plain("source"), needed=True),
        via=lists.entries(table, "via", lists.plain()),
        eligibility=lists.entries(table, "eligibility", flow.check(known)),
        stages=flow.stages(table, known),
        clocks=lists.entries(table, "clocks", flow.clock(known)),
        decisions=lists.entries(table, "decisions", flow.decision(known)),
        panel=flow.panel(table, known),
        plans=lists.entries(table, "plans", flow.plan),
        agencies=lists.entries(table, "agencies", lists.plain()),
        appraisals=lists.entries(table, "appraisals", flow.appraisal(known)),
        closures=lists.entries(table, "closures", flow.closure, needed=True),
        destinations=lists.entries(table, "destinations", lists.plain()),
        legal=lists.entries(table, "legal", lists.plain("legal"), needed=True),
        placements=lists.entries(table, "placements", lists.placement, needed=True),
        indicators=lists.entries(table, "indicators", lists.indicator),
        consents=lists.entries(table, "consents", lists.plain("consent"), needed=True),
        contact_types=lists.entries(table, "contact_types", lists.contact_type(known), needed=True),
        venues=lists.entries(table, "venues", lists.venue, needed=True),
        headings=lists.entries(table, "headings", lists.plain("heading")),
        programmes=lists.entries(table, "programmes", lists.programme(known)),
        interventions=lists.entries(table, "interventions", lists.plain()),
        measures=lists.entries(table, "measures", lists.measure),
        reminders=reminders(table, known, name),
        lone_worker=lone_worker(table),
        stale_hours=table.whole("stale_hours", least=1, most=24 * 60),
        small_numbers=table.whole("small_numbers", least=1, most=100, default=5),
        sections=lists.entries(table, "sections", lists.plain()),
        tiles=lists.entries(table, "tiles", figures.tile(known)),
        funnels=lists.entries(table, "funnels", figures.funnel(known)),
    )
    table.end()
    return profile
