"""One device's line to its office: logged in when need be, with the directory as last checked.

Everything that speaks with the office on behalf of an unlocked vault shares one `Line`, and its
lock: rounds and a supervisor's acts take turns. Must not know what is said over it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Concatenate, Final, ParamSpec, TypeVar

from storage.device_file import DeviceFile
from storage.errors import BadEnvelope, NotJoined
from storage.grants import read_grant
from storage.seal import joined
from storage.statements import Statement, read_statement
from storage.vault import Vault
from sync.ahead import Begin, when_wanted
from sync.directory import Directory
from sync.errors import (
    DeviceRevoked,
    DeviceUnknown,
    Nonsense,
    NotOurOffice,
    OfficeWithholds,
    SignedOut,
    Stale,
)
from sync.protocol import Login, Office
from sync.roster import DirectoryRoster

P = ParamSpec("P")
T = TypeVar("T")

_TRIES: Final = 5
"""How often an act is made anew because somebody else was first."""


class SignedIn:
    """An office, spoken to as the device behind a file; the file may be locked.

    `even_revoked`: go on after access has ended, for the few calls that are left then. `begin`:
    how a call is made ahead of its answer.
    """

    def __init__(
        self,
        office: Office,
        file: DeviceFile,
        *,
        even_revoked: bool = False,
        begin: Begin = when_wanted,
    ) -> None:
        self.office = office
        self.file = file
        self._begin = begin
        self._even_revoked = even_revoked
        self._token: bytes | None = None

    @property
    def org(self) -> bytes:
        """Raises NotJoined before there is an organisation."""
        if self.file.org is None:
            raise NotJoined("this device does not belong to an organisation yet")
        return self.file.org

    def login(self) -> Login:
        """Log in anew.

        Raises NotOurOffice when another organisation's office answers, DeviceUnknown when it is
        ours and does not know this device.
        """
        device = self.file.device_id
        try:
            challenge = self.office.challenge(device)
            answer = joined(b"doorstep/login/1", self.org, device, challenge)
            login = self.office.login(device, challenge, self.file.login_key().sign(answer))
        except DeviceUnknown:
            check_office(self.office, self.org)
            raise
        self._token = login.token
        return login

    def forget_token(self) -> None:
        """The next call logs in first."""
        self._token = None

    def ask(self, call: Callable[Concatenate[bytes, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Make a call that needs a token; logs in when there is none or it has run out.

        Raises DeviceRevoked when the login says so.
        """
        if self._token is not None:
            try:
                return call(self._token, *args, **kwargs)
            except SignedOut:
                self._token = None
        login = self.login()
        if login.standing == "revoked" and not self._even_revoked:
            raise DeviceRevoked("this device's access was ended")
        return call(login.token, *args, **kwargs)

    def ask_ahead(
        self, call: Callable[Concatenate[bytes, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Callable[[], T]:
        """`ask`, begun now if that can be; gives what waits for the answer."""
        return self._begin(lambda: self.ask(call, *args, **kwargs))


def check_office(office: Office, org: bytes) -> None:
    """Raises NotOurOffice unless the office that answers is this organisation's."""
    if office.health() != org.hex():
        raise NotOurOffice("the office at this address belongs to another organisation")


class Line(SignedIn):
    """An unlocked vault's line, with the directory this device has checked and kept."""

    def __init__(self, vault: Vault, office: Office, *, begin: Begin = when_wanted) -> None:
        super().__init__(office, vault.device_file, begin=begin)
        self.vault = vault
        self.lock = threading.RLock()
        self._directory: Directory | None = None
        self._roster: DirectoryRoster | None = None
        self.grants_version = 0
        """Goes up with every grant that is taken in or made."""
        self.settled: object = None
        """What the last `carry_out` that left nothing undone was based on."""
        self.desk_noted: bytes | None = None
        """The end of the directory that the vault's desk key was last taken from."""
        self.silenced_at: float | None = None
        """When the office was last told that it has every stop and withdrawal of this device, by
        the monotonic clock."""

    @property
    def directory(self) -> Directory:
        """What this device knows of the organisation; raises NotJoined before it has joined."""
        if self._directory is None:
            kept = self.vault.directory_statements()
            if not kept:
                raise NotJoined("this device does not belong to an organisation yet")
            self._directory = Directory.from_statements(self.org, kept)
        return self._directory

    @property
    def roster(self) -> DirectoryRoster:
        """Who may write what, by the directory and the grants known now."""
        if self._roster is None:
            self._roster = DirectoryRoster(self.directory, self.vault.grants)
        return self._roster

    def grants_changed(self) -> None:
        """What the roster remembers is out of date."""
        self._roster = None
        self.grants_version += 1

    def catch_up(self, length: int | None = None) -> int:
        """Take in what the directory has gained; gives how many statements.

        `length` is what the office says it has, when that is known already. Raises
        OfficeWithholds when the office hands out an older directory or another one.
        """
        directory, gained = self.directory, 0
        if length is not None and length < directory.length:
            raise OfficeWithholds("the office hands out an older directory than it did before")
        while length is None or directory.length < length:
            packed = self.ask(self.office.directory, directory.length)
            if not packed:
                if length is not None:
                    raise OfficeWithholds("the office keeps back a part of the directory")
                break
            taken: list[bytes] = []
            try:
                for each in packed:
                    directory.extend([read_statement(each)])
                    taken.append(each)
            except BadEnvelope as error:
                raise OfficeWithholds("the office hands out another directory") from error
            finally:
                if taken:
                    self.vault.keep_directory(taken)
                    self._roster = None
            gained += len(taken)
        return gained

    def publish(self, make: Callable[[Directory], Statement | None]) -> None:
        """Add to the directory. `make` may be asked again, after somebody else was first.

        It gives None when there is nothing left to say. Raises Stale after many vain tries.
        """
        for _ in range(_TRIES):
            self.catch_up()
            statement = make(self.directory)
            if statement is None:
                return
            try:
                self.ask(self.office.publish, statement.packed())
            except Stale:
                continue
            self.catch_up()
            if self.directory.tip == statement.id or make(self.directory) is None:
                return
            raise Nonsense("the office took a statement and does not show it")
        raise Stale("others keep adding to the directory")


def pending_casefiles(line: Line) -> set[str]:
    """Casefiles (hex) with a grant of this device's that the office has not accepted yet."""
    return {
        read_grant(read_statement(packed)).casefile.hex()
        for _, packed in line.file.grants_to_offer()
    }
