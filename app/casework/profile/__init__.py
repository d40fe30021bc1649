"""Service profiles: what differs from service to service, one TOML file each, as plain values.

    shelf = Shelf([Path("assets/profiles")])
    shelf.contents().profiles                   # every service there is a good file for
    profile = shelf.find("reconnect").profile   # or BadProfile with all its faults, or NoProfile
    profile.stages, profile.clocks, profile.tiles

Casework asks `ledger.profile` and screens `book.profile`, which is the profile in force for the
team: see `in_force`.

Rules and screens ask the profile; nothing in the product asks which service it is. How to write a
file for another service stands in docs/profiles.md.
"""

from app.casework.profile.in_force import InForce, Kept, in_force
from app.casework.profile.milestones import Milestone
from app.casework.profile.plain import plain_profile
from app.casework.profile.problems import BadProfile, Fault
from app.casework.profile.reading import read_profile
from app.casework.profile.shapes import ContactKind, JobRole, Profile
from app.casework.profile.shelf import Contents, Found, NoProfile, Shelf
from app.casework.profile.words import Coded, Words

__all__ = [
    "BadProfile",
    "Coded",
    "ContactKind",
    "Contents",
    "Fault",
    "Found",
    "InForce",
    "JobRole",
    "Kept",
    "Milestone",
    "NoProfile",
    "Profile",
    "Shelf",
    "Words",
    "in_force",
    "plain_profile",
    "read_profile",
]
