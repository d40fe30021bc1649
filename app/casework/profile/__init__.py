"""Service profiles: what differs from service to service, one TOML file each, as plain values.

    shelf = Shelf([Path("assets/profiles")])
    profile = shelf.profile_of("reconnect")     # a Profile, or BadProfile, or NoProfile
    profile.stages, profile.clocks, profile.tiles

Rules and screens ask the profile; nothing in the product asks which service it is. How to write a
file for another service stands in docs/profiles.md.
"""

from app.casework.profile.milestones import Milestone
from app.casework.profile.plain import plain_profile
from app.casework.profile.problems import BadProfile, Fault
from app.casework.profile.reading import read_profile
from app.casework.profile.shapes import ContactKind, Profile
from app.casework.profile.words import Coded, Words

__all__ = [
    "BadProfile",
    "Coded",
    "ContactKind",
    "Fault",
    "Milestone",
    "Profile",
    "Words",
    "plain_profile",
    "read_profile",
]
