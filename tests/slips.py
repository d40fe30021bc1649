"""Every slip there can be in a profile: one change to a good file, and what must be said of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Slip:
    """One change to a good file. `at` stands on the line that must be named."""

    code: str
    old: str
    new: str
    at: str
    field: str

    def __str__(self) -> str:
        return f"{self.code}: {self.new[:40]}"


SLIPS = (
    # keys and values
    Slip("unknown_key", "stale_hours = 48", "stale_hours = 48\nstales = 1", "stales", "stales"),
    Slip("unknown_key", "review_days = 42", "reviewdays = 42", "reviewdays", "plans[1].reviewdays"),
    Slip("unknown_key", "voice = false", "voise = false", "voise", "reminders.voise"),
    Slip("missing", 'anchor = "edd"\n', "", '[[clocks]]\ncode = "assessment"', "clocks[2].anchor"),
    Slip("missing", "[lone_worker]", "[lone_walker]", 'service = "harbour"', "lone_worker"),
    Slip("missing", 'met_by = "plan_agreed:chart"', "", "[[clocks]]", "clocks[1].met_by"),
    Slip("missing", "sessions = 8\n", "", "[[programmes]]", "programmes[1].sessions"),
    Slip("wrong_type", "families = 7", 'families = "7"', "families =", "capacity.families"),
    Slip("wrong_type", "families = 7", "families = true", "families =", "capacity.families"),
    Slip("wrong_type", "minutes = 45", "minutes = 45.5", "45.5", "contact_types[1].minutes"),
    Slip("wrong_type", "supervises = true", 'supervises = "yes"', "skipper", "roles[1].supervises"),
    Slip("wrong_type", 'consents = ["text", "call"]', 'consents = "text"', "consents", "consents"),
    Slip("wrong_type", '"midwife",', "7,", "  7,", "sources[2]"),
    Slip("wrong_type", '["worker", "duty"]', '["worker", 2]', "steps", "lone_worker.steps[2]"),
    Slip(
        "wrong_type",
        'code = "afloat"\nen = "Afloat now"',
        'code = 1979-05-27\nen = "Afloat now"',
        "1979-05-27",
        "tiles[1].code",
    ),
    Slip("empty", 'en = "Pilot"', 'en = " "', '"pilot"', "functions[1].en"),
    Slip("empty", 'days = ["monday", "wednesday"]', "days = []", "days = []", "days"),
    Slip("not_a_code", '"lighthouse"', '"Light house"', "Light house", "sources[1].code"),
    Slip("not_one_of", '"WLS"', '"WALES"', "WALES", "calendar"),
    Slip("not_one_of", 'standing = "waiting"', 'standing = "wait"', '"wait"', "stages[1].standing"),
    Slip("not_one_of", '"monday"', '"Monday"', '"Monday"', "reminders.sending_hours.days"),
    Slip("out_of_range", "stale_hours = 48", "stale_hours = 0", "stale_hours", "stale_hours"),
    Slip("out_of_range", "amount = -84", "amount = -400", "-400", "clocks[2].amount"),
    Slip("least_over_most", "least = 2", "least = 6", "least = 6", "caseload[1].least"),
    Slip(
        "least_over_most",
        "least = 0, most = 10 }",
        "least = 11, most = 10 }",
        "least = 11",
        "measures[1].domains[1].least",
    ),
    Slip("twice", '"cook", en', '"pilot", en', '"pilot", en = "Ship', "functions[2].code"),
    Slip(
        "twice",
        'consents = ["text", "call"]',
        'consents = ["text", "text"]',
        "consents",
        "consents[2].code",
    ),
    Slip(
        "twice",
        'code = "homeward"',
        'code = "afloat"',
        'code = "afloat"\nen = "Homeward',
        "stages[3].code",
    ),
    Slip(
        "unknown_code",
        'venue = "quay"\nminutes',
        'venue = "key"\nminutes',
        '"key"',
        "contact_types[1].venue",
    ),
    Slip("unknown_code", '"weather", "worries"', '"wether", "worries"', "wether", "headings"),
    Slip("unknown_code", 'section = "crew"', 'section = "screw"', "screw", "tiles[1].section"),
    Slip("unknown_code", 'allocates = ["cook"]', 'allocates = ["cock"]', "cock", "panel.allocates"),
    Slip("no_words", 'cy = "Ar y dŵr nawr"\n', "", '[[tiles]]\ncode = "afloat"', "tiles[1]"),
    Slip("no_words", ', cy = "Peilot"', "", '"pilot"', "functions[1]"),
    Slip("no_words", 'cy = "Diolch."\n', "", "voice_confirmed", "templates.voice_confirmed"),
    Slip("no_words", 'cy_easy = "Daw', 'easy = "Daw', "templates.bell", "reminders.templates.bell"),
    Slip("needs_one_of", "below = 60\n", "", "[[eligibility]]", "eligibility[1]"),
    Slip(
        "needs_list",
        'localities = [{ code = "old_dock", en = "St Elmo\'s Dock", cy = "Doc Sant Elmo" }]\n',
        "",
        "waiting_by",
        "capacity.waiting_by",
    ),
    # stages and clocks
    Slip(
        "stage_circle",
        'next = ["ashore"]\nback = ["afloat"]',
        'next = ["ashore", "afloat"]',
        "[[stages]]",
        "stages",
    ),
    Slip(
        "stage_unreachable",
        'next = ["homeward", "ashore"]',
        'next = ["ashore"]',
        '[[stages]]\ncode = "homeward"',
        "stages[3]",
    ),
    Slip(
        "stage_no_way_out",
        'next = ["ashore"]\nback = ["afloat"]',
        "",
        '[[stages]]\ncode = "homeward"',
        "stages[3]",
    ),
    Slip(
        "stage_after_closing",
        'standing = "closed"',
        'standing = "closed"\nback = ["afloat"]',
        '[[stages]]\ncode = "ashore"',
        "stages[4]",
    ),
    Slip("nothing_closes", 'standing = "closed"\n', "", "[[stages]]", "stages"),
    Slip("back_not_before", 'back = ["afloat"]', 'back = ["homeward"]', "back =", "stages[3].back"),
    Slip(
        "unknown_code", 'next = ["afloat", "ashore"]', 'next = ["aflot"]', "aflot", "stages[1].next"
    ),
    Slip(
        "no_milestone",
        '"referral_received"\namount',
        '"referal_received"\namount',
        "referal_re",
        "clocks[1].anchor",
    ),
    Slip("unknown_code", '"plan_agreed:chart"', '"plan_agreed:cart"', "agreed:cart", "met_by"),
    Slip(
        "milestone_about",
        'met_by = "stage:afloat"',
        'met_by = "stage"',
        'met_by = "stage"',
        "clocks[2].met_by",
    ),
    Slip("anchor_and_unit", 'unit = "edd_offset"\n', "", 'anchor = "edd"', "clocks[2].anchor"),
    # measures
    Slip("no_domain", "keel + 2", "kel + 2", "kel +", "measures[1].total"),
    Slip("formula_sign", "(keel + 2 * mast) / 3", "keel % 2", "keel %", "measures[1].total"),
    Slip("formula_end", "(keel + 2 * mast) / 3", "keel +", "keel +", "measures[1].total"),
    Slip("formula_bracket", "(keel + 2 * mast) / 3", "(keel", "(keel", "measures[1].total"),
    Slip("formula_deep", "(keel + 2", f"{'(' * 30}keel{')' * 30} + (2", "((", "measures[1].total"),
    Slip(
        "formula_too_long", "(keel + 2", f"{'keel + ' * 90}(2", "keel + keel", "measures[1].total"
    ),
    # messages
    Slip(
        "unknown_field",
        "{worker} will come aboard",
        "{surname} will come aboard {worker}",
        "{surname}",
        "reminders.templates.bell.en",
    ),
    Slip(
        "field_missing",
        "Bydd {worker} yn dod ar fwrdd {weekday} {date}, {time}.",
        "Bydd {worker} yn dod ar fwrdd {weekday} {date}.",
        "Bydd {worker} yn dod",
        "reminders.templates.bell.cy",
    ),
    Slip(
        "field_missing",
        'en = "{weekday} {date} at {time}."',
        'en = "{weekday} {date}."',
        'en = "{weekday} {date}."',
        "voice_details.en",
    ),
    Slip("bad_braces", 'en = "Thank you."', 'en = "Thank you {."', "you {.", "voice_confirmed.en"),
    Slip(
        "bad_braces",
        "{worker} will come",
        "{worker.phone} will come {worker}",
        "{worker.phone}",
        "bell.en",
    ),
    Slip(
        "too_long",
        "will come aboard",
        "will come aboard " + "and aboard " * 50,
        "and aboard",
        "bell.en",
    ),
    Slip("has_link", "will come aboard", "of www.boats.example comes", "www.", "bell.en"),
    Slip("names_service", "will come aboard", "of Harbour House comes", "of Harbour", "bell.en"),
    Slip(
        "days_or_hours",
        "days_before = 2",
        "days_before = 2\nhours_before = 3",
        "[[reminders.rules]]",
        "reminders.rules[1]",
    ),
    Slip("voice_not_on", 'channel = "text"', 'channel = "voice"', "[[reminders.rules]]", "rules"),
    Slip(
        "not_here",
        'when = "first_visit"',
        'when = "first_visit"\ntemplate = "bell"',
        'template = "bell"\n\n[reminders.templates.bell]',
        "rules[2].template",
    ),
    Slip("unknown_code", 'template = "bell"', 'template = "bel"', '"bel"', "rules[1].template"),
    Slip("hours_reversed", '"18:00"', '"08:00"', 'begin = "08:30"', "sending_hours.begin"),
    Slip(
        "not_a_date",
        'days = ["monday", "wednesday"]',
        'days = ["monday", "wednesday"]\nclosed = ["St David"]',
        "St David",
        "sending_hours.closed",
    ),
    Slip(
        "relative_day",
        'en = "{worker} will come aboard {weekday}',
        'en = "{worker} will come aboard tomorrow, {weekday}',
        "tomorrow",
        "bell.en",
    ),
    Slip("not_a_time", '"08:30"', '"half past"', "half past", "sending_hours.begin"),
    Slip("not_a_time", '"08:30"', '"25:10"', "25:10", "sending_hours.begin"),
    Slip("opt_out_word", '["CHANGE", "NEWID"]', '["CANCEL"]', "CANCEL", "replies.change"),
    Slip("two_meanings", '["AYE"]', '["newid"]', 'change = ["CHANGE"', "replies.change"),
    # figures
    Slip(
        "no_fact",
        'where = { stage = "afloat" }',
        'where = { stag = "afloat" }',
        "stag =",
        "tiles[1].numerator.where.stag",
    ),
    Slip(
        "no_key", 'show = "percentage"', 'show = "percentage"\nby = "tide"', "tide", "tiles[1].by"
    ),
    Slip(
        "by_and_parts",
        'show = "percentage"',
        'show = "percentage"\nby = "stage"\nparts = []',
        'by = "stage"',
        "tiles[1].by",
    ),
    Slip(
        "not_here",
        'show = "percentage"',
        'show = "percentage"\nper = "month"',
        "per =",
        "tiles[1].per",
    ),
    Slip(
        "month_without_during",
        'where = { stage = "afloat" }',
        'distinct = ["month"]',
        "distinct",
        "tiles[1].numerator.distinct",
    ),
    Slip(
        # What was held over several months is in no one of them.
        "month_without_during",
        'numerator = { count = "episodes", where = { stage = "afloat" }',
        'numerator = { count = "allocations", during = "held", distinct = ["month"]',
        "distinct",
        "tiles[1].numerator.distinct",
    ),
    Slip(
        "funnel_of",
        'start = { count = "episodes", during = "referral_received" }',
        'start = { count = "referrals" }',
        "start =",
        "funnels[1].start",
    ),
    Slip(
        "not_one_of",
        '{ count = "episodes", during = "closed" }',
        '{ count = "boats" }',
        '"boats"',
        "tiles[2].numerator.count",
    ),
    Slip("unknown_code", 'to = "landfall"', 'to = "lanfall"', "lanfall", "tiles[2].mean.to"),
    # the file
    Slip("not_toml", "families = 7", "families = 7 8", "families = 7 8", ""),
    Slip("no_english", 'languages = ["en", "cy"]', 'languages = ["cy"]', "languages", "languages"),
    Slip("other_file", 'service = "harbour"', 'service = "harbor"', "harbor", "service"),
    Slip("not_a_service", 'service = "harbour"', 'service = "Harbour!"', "Harbour!", "service"),
)
