"""Makes a desk from settings and what the office has."""

from __future__ import annotations

import os

from sync.server.desk import attendance
from sync.server.desk.desk import Desk
from sync.server.desk.keys import DeskKeys, kept_in, read_keys
from sync.server.desk.providers.base import Channel, Provider
from sync.server.desk.providers.console import Console
from sync.server.desk.settings import DeskSettings
from sync.server.settings import Settings
from sync.server.surroundings import Surroundings


def keys_of(office: Settings) -> DeskKeys:
    """The desk's keys, from the environment or their file. Raises UnusableKeys, OSError."""
    if office.desk_secret is not None:
        return read_keys(office.desk_secret.get_secret_value())
    return kept_in(office.desk_keys_file, os.urandom)


def make_desk(settings: DeskSettings, surroundings: Surroundings, keys: DeskKeys) -> Desk:
    """A desk with a provider for each channel that has one, on a database that is prepared."""

    def console(channel: Channel) -> Console:
        return Console(
            channel=channel,
            database=surroundings.database,
            keys=keys,
            clock=surroundings.clock,
            randomness=surroundings.randomness,
        )

    providers: dict[str, Provider | None] = {
        "sms": console("sms") if settings.sms == "console" else settings.texts(),
        "voice": console("voice") if settings.voice == "console" else settings.calls(),
    }
    with surroundings.database.writing() as connection:
        attendance.begin(connection)
    return Desk(
        office=surroundings,
        keys=keys,
        providers={name: each for name, each in providers.items() if each is not None},
        limits=settings.limits,
    )
