"""The thirty families of the demo, as a table. Everybody in it is made up.

Weeks count back from today: `referred` 40 is forty weeks ago; a baby `born` -6 is due in six
weeks. Places, streets and postcodes do not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Temper = Literal["steady", "patchy", "cancels", "slow_start", "drifting"]
Who = Literal["A", "R", "AR", "AG", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """One family as it is to be told. `who` are the workers: Amina, Rhian, Grace.

    `partner` is a given name and surname, or empty. `apart`: lives elsewhere; `secret`: must not
    learn the mother's address. `legal` are statuses in order, the last one current. `away` is an
    older child who lives with others, `twins` are expected, `lost` is how many weeks ago the
    pregnancy ended, `overheard`: a neighbour told something, `same_as`: the place in this table of
    the family that this one is, entered a second time.
    """

    surname: str
    mother: str
    age: int
    locality: str
    street: str
    postcode: str
    referred: int
    born: int
    baby: str = ""
    girl: bool = False
    partner: str = ""
    apart: bool = False
    secret: bool = False
    sibling: str = ""
    themes: tuple[str, ...] = ("low_mood", "hope")
    legal: tuple[str, ...] = ("child_in_need",)
    who: Who = "A"
    temper: Temper = "steady"
    status: Literal["waiting", "open", "closed"] = "open"
    language: str = ""
    format: str = "plain"
    known_as: str = ""
    away: str = ""
    twins: bool = False
    lost: int = 0
    overheard: bool = False
    same_as: int | None = None


def _h(
    surname: str,
    mother: str,
    age: int,
    place: tuple[str, str, str],
    weeks: tuple[int, int],
    **more: object,
) -> Household:
    locality, street, postcode = place
    referred, born = weeks
    return Household(
        surname=surname,
        mother=mother,
        age=age,
        locality=locality,
        street=street,
        postcode=postcode,
        referred=referred,
        born=born,
        **more,  # type: ignore[arg-type]
    )


_IN_NEED = ("child_in_need",)
_PLAN = ("child_in_need", "child_protection_plan")
_STEPPED_DOWN = ("child_in_need", "child_protection_plan", "child_in_need")
_PRE = ("child_protection_plan", "pre_proceedings")
_COURT = ("child_protection_plan", "pre_proceedings", "care_proceedings")
_ENDED = ("child_protection_plan", "pre_proceedings", "ended")
_NONE = ("none",)

HOUSEHOLDS: tuple[Household, ...] = (
    _h(
        "Okoro", "Chidinma", 28, ("Northmere", "4 Larch Row", "ZX1 4AA"), (20, -12),
        known_as="Chi", themes=("past_removal", "low_mood", "hope"), legal=_PRE, who="AR",
        partner="Dayo Bell", apart=True, away="Ada",
    ),
    _h(
        "Hughes", "Kayleigh", 24, ("Brackenfold", "17 Sorrel Way", "ZX2 7DN"), (44, 30),
        baby="Alfie", partner="Dean Hughes", themes=("anxious", "partner", "hope"), who="A",
        legal=_IN_NEED,
    ),
    _h(
        "Hughes", "Kayleigh", 26, ("Brackenfold", "71 Sorrel Way", "ZX2 7DP"), (30, 16),
        baby="Albie", partner="Dan Hughes", themes=("low_mood", "feeding", "hope"), who="A",
        temper="patchy", legal=_PLAN,
    ),
    _h(
        "Pugh", "Carys", 31, ("Southmere", "12 Weir Lane", "ZX8 2BB"), (52, 38), baby="Osian",
        themes=("low_mood", "alone", "hope"), who="A", legal=_STEPPED_DOWN, language="Welsh",
    ),
    _h(
        "Łukasik", "Zofia", 33, ("Northmere", "Flat 6, Tanner House", "ZX1 9TH"), (38, 26),
        baby="Hania", girl=True, partner="Marek Łukasik", themes=("anxious", "feeding", "hope"),
        who="AR", legal=_IN_NEED, language="Polish",
    ),
    _h(
        "Nguyễn", "Thị Mai", 29, ("Wickleigh", "3 Saddler Court", "ZX4 1RD"), (26, 14),
        baby="Linh", girl=True, themes=("alone", "low_mood", "hope"), who="A", legal=_IN_NEED,
        language="Vietnamese", known_as="Mai",
    ),
    _h(
        "Marsh", "Jodie", 21, ("Brackenfold", "40 Fuller's Rise", "ZX2 3KK"), (22, 8),
        baby="Tyler", partner="Kane Doyle", apart=True, secret=True,
        themes=("partner", "housing", "anxious"), who="AR", temper="patchy", legal=_PLAN,
        overheard=True,
    ),
    _h(
        "Begum", "Nasrin", 30, ("Northmere", "22 Quarry View", "ZX1 6QQ"), (34, 22), baby="Yusra",
        girl=True, partner="Imran Begum", themes=("trauma", "hope"), who="R", legal=_NONE,
        language="Bengali",
    ),
    _h(
        "O'Brien", "Siobhán", 35, ("Tarn Cross", "The Old Forge, Mill Street", "ZX6 5OB"),
        (60, 46), baby="Cillian", themes=("trauma", "low_mood", "hope"), who="R", legal=_IN_NEED,
    ),
    _h(
        "Kaur", "Gurpreet", 27, ("Wickleigh", "9 Damson Close", "ZX4 8GK"), (46, 34),
        baby="Simran", girl=True, partner="Harjit Singh", themes=("low_mood", "alone", "hope"),
        who="AR", legal=_NONE, language="Panjabi",
    ),
    _h(
        "Bevan", "Ffion", 19, ("Southmere", "5 Chapel Steps", "ZX8 9FB"), (16, -4),
        themes=("young", "money", "hope"), who="A", legal=_IN_NEED, temper="cancels",
    ),
    _h(
        "Adebayo", "Temi", 32, ("Northmere", "Flat 2, 15 Anvil Road", "ZX1 2TA"), (28, 18),
        baby="Ezra", themes=("housing", "anxious", "hope"), who="A", legal=_IN_NEED,
        sibling="Ife",
    ),
    _h(
        "Whitcombe", "Leanne", 36, ("Oldmoor", "8 Peat Cottages", "ZX9 4LW"), (56, 42),
        baby="Rosie", girl=True, themes=("past_removal", "hope"), who="AR", legal=_STEPPED_DOWN,
        partner="Gavin Tull", away="Kian",
    ),
    _h(
        "Tesfaye", "Selam", 25, ("Brackenfold", "Flat 11, Hopwood Court", "ZX2 1ST"), (18, 6),
        baby="Noah", themes=("alone", "housing", "anxious"), who="A", legal=_IN_NEED,
        language="Tigrinya",
    ),
    _h(
        "Popescu", "Ioana", 23, ("Wickleigh", "33 Cooper Street", "ZX4 3IP"), (14, -8),
        themes=("money", "alone", "hope"), who="A", legal=_IN_NEED, language="Romanian",
        partner="Andrei Popescu", twins=True,
    ),
    _h(
        "Fairhurst", "Gemma", 34, ("Tarn Cross", "1 Bell Lane", "ZX6 2GF"), (62, 50),
        baby="Isla", girl=True, themes=("trauma", "hope"), who="R", legal=_ENDED,
        partner="Tom Fairhurst",
    ),
    _h(
        "Delgado", "Marisol", 31, ("Northmere", "27 Glover Terrace", "ZX1 8MD"), (24, 12),
        baby="Mateo", partner="Luis Delgado", themes=("low_mood", "feeding", "hope"), who="R",
        legal=_NONE, language="Spanish",
    ),
    _h(
        "Rowntree", "Amy", 18, ("Brackenfold", "Room 4, Hazel Lodge", "ZX2 9AR"), (12, -6),
        themes=("young", "past_removal", "hope"), who="AR", legal=_PLAN, temper="slow_start",
    ),
    _h(
        "Sesay", "Fatmata", 28, ("Southmere", "14 Ropewalk", "ZX8 5FS"), (40, 28), baby="Isata",
        girl=True, themes=("low_mood", "money", "hope"), who="A", legal=_IN_NEED,
        sibling="Hawa",
    ),
    _h(
        "Holloway", "Becca", 29, ("Oldmoor", "2 Station Cottages", "ZX9 1BH"), (36, 24),
        baby="Jude", partner="Chris Lane", themes=("anxious", "partner", "hope"), who="R",
        legal=_IN_NEED, temper="cancels",
    ),
    _h(
        "Ahmadi", "Laleh", 26, ("Wickleigh", "Flat 8, Dyer's Yard", "ZX4 6LA"), (20, 10),
        baby="Darya", girl=True, themes=("trauma", "alone", "hope"), who="R", legal=_NONE,
        language="Farsi",
    ),
    _h(
        "Thistlewood", "Zoe", 22, ("Northmere", "50 Carding Street", "ZX1 5ZT"), (10, -14),
        themes=("low_mood", "money"), who="A", legal=_IN_NEED, temper="drifting",
        partner="Ryan Cobb",
    ),
    _h(
        "McAllister", "Shannon", 25, ("Brackenfold", "6 Hopwood Court", "ZX2 1SM"), (32, 20),
        baby="Lexi", girl=True, themes=("learning", "hope"), who="A", legal=_PLAN,
        format="easy_read", sibling="Jade",
    ),
    _h(
        "Quill", "Hannah", 38, ("Tarn Cross", "Gate House, Tarn Road", "ZX6 8HQ"), (50, 36),
        baby="Martha", girl=True, themes=("anxious", "hope"), who="R", legal=_NONE,
        partner="Edward Quill",
    ),
    _h(
        "Ibrahim", "Hodan", 27, ("Southmere", "21 Barge Walk", "ZX8 7HI"), (8, -20),
        themes=("alone", "hope"), who="AG", legal=_NONE, language="Somali", lost=3,
    ),
    _h(
        "Vance", "Tia", 20, ("Brackenfold", "88 Fuller's Rise", "ZX2 3KP"), (15, 3),
        baby="Arlo", themes=("past_removal", "housing"), who="AG", legal=_COURT,
        partner="Jordan Petts", apart=True, secret=True, temper="patchy",
    ),
    _h(
        "Lockyer", "Danielle", 30, ("Oldmoor", "19 Heather Bank", "ZX9 6DL"), (2, -24),
        themes=("anxious",), who="", legal=_IN_NEED, status="waiting",
    ),
    _h(
        "Tesfay", "Selam", 25, ("Brackenfold", "Hopwood Court, Flat 11", "ZX2 1ST"), (1, 6),
        baby="Noah", themes=("alone",), who="", legal=_NONE, status="waiting",
        language="Tigrinya", same_as=13,
    ),
    _h(
        "Prosser", "Megan", 29, ("Southmere", "3 Ferry Hill", "ZX8 3MP"), (64, 52),
        baby="Gethin", themes=("low_mood", "hope"), who="A", legal=_STEPPED_DOWN, status="closed",
        partner="Rhodri Prosser",
    ),
    _h(
        "Castellan", "Chloe", 24, ("Tarn Cross", "36 Mill Street", "ZX6 5CC"), (63, 54),
        baby="Poppy", girl=True, themes=("anxious", "hope"), who="R", legal=_ENDED,
        status="closed",
    ),
)  # fmt: skip

NETWORK: tuple[tuple[str, str, str], ...] = (
    ("Joanne Tidy", "Community midwife", "Northmere Maternity"),
    ("Priti Shah", "Safeguarding midwife", "Northmere Maternity"),
    ("Alison Crewe", "Health visitor", "Brackenfold Health Centre"),
    ("Mairead Fox", "Health visitor", "Southmere Surgery"),
    ("Colin Attwater", "Social worker", "Children's Services"),
    ("Bisi Lawal", "Social worker", "Children's Services"),
    ("Helen Strand", "Conference chair", "Children's Services"),
    ("Dr Owen Tate", "General practitioner", "Tarn Cross Practice"),
    ("Dr Meera Pillai", "Perinatal psychiatrist", "Perinatal Mental Health Team"),
    ("Sandra Novak", "Housing officer", "Brackenfold Homes"),
    ("Lucy Haigh", "Children's centre worker", "Weir Children's Centre"),
    ("Fergus Dunn", "Family Nurse", "Family Nurse Partnership"),
    ("Yasmin Reid", "Domestic abuse advocate", "Harbour Advice"),
    ("Peter Lomas", "Solicitor", "Lomas and Kerr"),
)

CENTRES: tuple[tuple[str, str, str], ...] = (
    ("Weir Children's Centre", "1 Weir Lane, Southmere", "ZX8 1WC"),
    ("Hopwood Children's Centre", "Hopwood Green, Brackenfold", "ZX2 1HC"),
    ("Saddler Street Centre", "10 Saddler Street, Wickleigh", "ZX4 2SS"),
)
CLINIC = ("Brackenfold Clinic", "Infirmary Road, Brackenfold", "ZX2 5CL")
