"""Other families for other services: who they are and where they live, in four sets of names.

What happened to them is told once, in `households`; whoever tries two services side by side must
not take one for the other. Everybody here is made up.
"""

from __future__ import annotations

import zlib
from dataclasses import replace

from app.demo.households import HOUSEHOLDS, Household

_SETS = 4
_BITS = 4
"""How far the name of a service is shifted before it picks a set: the four that come with the app
pick four."""
_STAY = frozenset({1, 2, 13, 27})
"""Places in the table whose addresses are part of their story: two that are nearly the same, and
one written down twice."""
_STRIDE = 7

# surname | mother (known as) | partner | baby | sibling | who lives elsewhere
_OTHERS: tuple[str, ...] = (
    """
    Mensah | Akosua (Kosi) | Kofi Grant | | | Esi
    Parry | Stacey | Liam Parry | Alun | |
    Parry | Stacey | Lee Parry | Alan | |
    Gwilym | Nerys | | Macsen | |
    Nowicki | Agnieszka | Piotr Nowicki | Maja | |
    Trần | Ngọc Lan (Lan) | | Thảo | |
    Dobson | Keeley | Ryan Stubbs | Riley | |
    Chowdhury | Rehana | Kamal Chowdhury | Ayesha | |
    Doherty | Gráinne | | Fionn | |
    Dhillon | Manpreet | Jaspal Dhillon | Jasleen | |
    Llewelyn | Seren | | | |
    Okafor | Ngozi | | Zion | Emeka |
    Garbutt | Donna | Shaun Peel | Daisy | | Corey
    Berhane | Almaz | | Samuel | |
    Ionescu | Elena | Mihai Ionescu | | |
    Stainton | Laura | Mark Stainton | Freya | |
    Ortega | Lucía | Javier Ortega | Nicolás | |
    Wardle | Beth | | | |
    Kamara | Mariama | | Adama | Isatu |
    Thorne | Jess | Craig Dunn | Finley | |
    Rahimi | Shirin | | Roxana | |
    Blakey | Chelsea | Kyle Hobbs | | |
    Donnelly | Natalie | | Ruby | Ava |
    Raine | Judith | Philip Raine | Edith | |
    Warsame | Sahra | | | |
    Tindale | Paige | Connor Wray | Ollie | |
    Coulson | Vicky | | | |
    Berhan | Almaz | | Samuel | |
    Maddock | Cerys | Gareth Maddock | Iolo | |
    Pattinson | Amelia | | Lily | |
    """,
    """
    Asante | Abena (Abbie) | Yaw Mills | | | Efua
    Bowen | Kirsty | Rhys Bowen | Ieuan | |
    Bowen | Kirsty | Ross Bowen | Evan | |
    Morgans | Eleri | | Gruff | |
    Wójcik | Magdalena | Tomasz Wójcik | Lena | |
    Phạm | Thu Hà (Hà) | | Mai Anh | |
    Hollis | Tanya | Darren Voss | Mason | |
    Ahmed | Shireen | Rafiq Ahmed | Sumaiya | |
    Kinsella | Aoife | | Rory | |
    Sandhu | Harleen | Balraj Sandhu | Kiran | |
    Jenkins | Lowri | | | |
    Balogun | Folake | | Daniel | Tobi |
    Meredith | Joanne | Wayne Tudor | Millie | | Ashton
    Gebre | Hiwet | | Yonas | |
    Marin | Raluca | Cristian Marin | | |
    Vaughan | Sian | Huw Vaughan | Elin | |
    Romero | Carmen | Diego Romero | Bruno | |
    Treharne | Nia | | | |
    Conteh | Aminata | | Kadie | Binta |
    Beddoes | Gemma | Steve Rudge | Harri | |
    Karimi | Nasim | | Parisa | |
    Probert | Leah | Jamie Cole | | |
    Gallagher | Kerry | | Erin | Carla |
    Cadwallader | Ruth | Owen Cadwallader | Mared | |
    Abdi | Ifrah | | | |
    Rees | Carly | Nathan Bright | Jac | |
    Hopkin | Rhian | | | |
    Gebreh | Hiwet | | Yonas | |
    Griffith | Bethan | Dylan Griffith | Steffan | |
    Winstone | Holly | | Ellie | |
    """,
    """
    Eze | Ifeoma (Ify) | Tunde Cross | | | Kamsi
    Barlow | Natasha | Scott Barlow | Archie | |
    Barlow | Natasha | Sean Barlow | Albert | |
    Teifion | Mali | | Idris | |
    Zieliński | Katarzyna | Paweł Zieliński | Zuzia | |
    Lê | Bích Ngọc (Ngọc) | | Vy | |
    Sugden | Hayley | Jason Firth | Kayden | |
    Miah | Taslima | Shahin Miah | Nusrat | |
    Brennan | Niamh | | Oisín | |
    Gill | Jasmeet | Amrit Gill | Harpreet | |
    Eynon | Cadi | | | |
    Afolabi | Yemi | | Joshua | Segun |
    Ackroyd | Michelle | Gary Booth | Evie | | Jake
    Haile | Rahel | | Nahom | |
    Stoica | Mirela | Bogdan Stoica | | |
    Holroyd | Claire | Simon Holroyd | Nell | |
    Navarro | Inés | Pablo Navarro | Hugo | |
    Shaw | Megan | | | |
    Bangura | Hawa | | Mabinty | Salamatu |
    Crowther | Sophie | Matt Lister | Toby | |
    Hosseini | Parvin | | Nava | |
    Hirst | Jade | Luke Naylor | | |
    Kearney | Sinead | | Maisie | Cara |
    Lockwood | Harriet | Giles Lockwood | Clara | |
    Farah | Ayaan | | | |
    Brook | Kelsey | Reece Haigh | Leo | |
    Earnshaw | Sally | | | |
    Hayle | Rahel | | Nahom | |
    Mostyn | Angharad | Ifan Mostyn | Gwion | |
    Sykes | Abigail | | Bonnie | |
    """,
)


def households_of(service: str) -> tuple[Household, ...]:
    """The thirty families under the names and addresses that the demo of that service uses."""
    chosen = (zlib.crc32(service.encode()) >> _BITS) % _SETS
    if not chosen:
        return HOUSEHOLDS
    rows = [
        [cell.strip() for cell in row.split("|")]
        for row in _OTHERS[chosen - 1].strip().splitlines()
    ]
    homes = _moved(chosen * _STRIDE)
    return tuple(
        _renamed(household, row, homes[n])
        for n, (household, row) in enumerate(zip(HOUSEHOLDS, rows, strict=True))
    )


def _moved(by: int) -> list[Household]:
    """For each place in the table the household whose address it takes over."""
    movers = [n for n in range(len(HOUSEHOLDS)) if n not in _STAY]
    into = dict(zip(movers, [*movers[by:], *movers[:by]], strict=True))
    return [HOUSEHOLDS[into.get(n, n)] for n in range(len(HOUSEHOLDS))]


def _renamed(household: Household, row: list[str], home: Household) -> Household:
    surname, mother, partner, baby, sibling, away = row
    given, _, known = mother.rstrip(")").partition(" (")
    return replace(
        household,
        surname=surname,
        mother=given,
        known_as=known,
        partner=partner,
        baby=baby,
        sibling=sibling,
        away=away,
        locality=home.locality,
        street=home.street,
        postcode=home.postcode,
    )
