"""Vaults on a real disk, closed again after each story."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from relay import Relay, device
from storage.vault import Vault


@pytest.fixture
def relay() -> Relay:
    return Relay()


@pytest.fixture
def amina(tmp_path: Path, relay: Relay) -> Iterator[Vault]:
    vault = device(tmp_path, "amina", relay)
    yield vault
    vault.close()


@pytest.fixture
def grace(tmp_path: Path, relay: Relay) -> Iterator[Vault]:
    vault = device(tmp_path, "grace", relay, role="supervisor")
    yield vault
    vault.close()
