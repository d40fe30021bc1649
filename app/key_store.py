"""The platform's key store on desktops, through `keyring`; None where there is no real one.

A store that keeps its secrets in a plain file beside the data protects nothing and is not used:
then the passphrase has to be long. Phones use flet-secure-storage behind the same three calls.
"""

from __future__ import annotations

import base64

import keyring
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringError, PasswordDeleteError

from storage.errors import KeyStoreUnavailable
from storage.surroundings import KeyStore

_REAL_FROM = 1.0
"""keyring's own priority from which a backend is one of the platform's."""


def platform_key_store(vault: str) -> KeyStore | None:
    """The store for one vault's secrets, told apart by `vault`; None without a real one."""
    backend = keyring.get_keyring()
    if isinstance(backend, fail.Keyring | null.Keyring):
        return None
    if float(getattr(backend, "priority", 0)) < _REAL_FROM:
        return None
    return PlatformStore(backend, f"Doorstep {vault}")


class PlatformStore:
    """Secrets of one vault in the platform's store, as base64 text."""

    def __init__(self, backend: KeyringBackend, service: str) -> None:
        self._backend = backend
        self._service = service

    def get(self, name: str) -> bytes | None:
        try:
            kept = self._backend.get_password(self._service, name)
        except KeyringError as error:
            raise KeyStoreUnavailable("the key store did not answer") from error
        return None if kept is None else base64.b64decode(kept)

    def put(self, name: str, secret: bytes) -> None:
        try:
            self._backend.set_password(self._service, name, base64.b64encode(secret).decode())
        except KeyringError as error:
            raise KeyStoreUnavailable("the key store did not take a secret") from error

    def drop(self, name: str) -> None:
        try:
            self._backend.delete_password(self._service, name)
        except PasswordDeleteError:
            return
        except KeyringError as error:
            raise KeyStoreUnavailable("the key store did not answer") from error
