"""Who works here: the team, its people with names and capacity, invites, and caseloads on loan.

The directory that the office keeps holds ids, roles and keys only; names live here, sealed. So
does the copy of the service's profile that its supervisors put in force.
"""

from __future__ import annotations

from storage.kinds import Field, Kind, Policy

TEAM = (
    Kind(
        name="team",
        fields=(
            Field(name="name", column="text"),
            Field(name="service"),
            Field(name="organisation"),
            Field(name="zone"),
            Field(name="duty_phone"),
            Field(name="capacity"),
        ),
    ),
    Kind(
        name="service_profile",
        fields=(
            Field(name="service", column="text"),
            Field(name="version"),
            Field(name="own"),
            Field(name="text"),
        ),
    ),
    Kind(
        name="worker",
        fields=(
            Field(name="person", column="text"),
            Field(name="name", column="text", searchable=True),
            Field(name="title"),
            Field(name="role", column="text"),
            Field(name="team"),
            Field(name="wte"),
            Field(name="capacity", column="integer"),
            Field(name="phone"),
            Field(name="active"),
            Field(name="works_days"),
            Field(name="works_from"),
            Field(name="works_to"),
        ),
    ),
    Kind(
        name="invite_record",
        fields=(
            Field(name="invite", column="text"),
            Field(name="name"),
            Field(name="role"),
            Field(name="made_by"),
            Field(name="made_at", column="text"),
            Field(name="expires_at"),
            Field(name="person", column="text"),
            Field(name="status", column="text"),
        ),
    ),
    Kind(
        name="cover",
        fields=(
            Field(name="away", column="text"),
            Field(name="covering", column="text"),
            Field(name="since", column="text"),
            Field(name="until", column="text"),
            Field(name="families", policy=Policy.ADD_ONLY),
            Field(name="returned_at", column="text"),
        ),
    ),
    # In the casefile of the whole service, never beside a family: numbers and a service's words.
    Kind(
        name="published",
        fields=(
            Field(name="team", column="text"),
            Field(name="team_name", column="text"),
            Field(name="service"),
            Field(name="first", column="text"),
            Field(name="last", column="text"),
            Field(name="below"),
            Field(name="figures"),
            Field(name="by"),
            Field(name="at", column="text"),
        ),
    ),
)
