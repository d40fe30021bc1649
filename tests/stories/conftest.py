"""The town, founded once in a run and copied for each story."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from driver.story_clock import StoryClock
from stories.town import Founding, Town


@pytest.fixture(scope="session")
def story_clock() -> StoryClock:
    """One for a whole run."""
    return StoryClock()


@pytest.fixture(autouse=True)
def morning(story_clock: StoryClock) -> Iterator[None]:
    """Every story happens by it, in all processes."""
    with story_clock.runs():
        yield


@pytest.fixture(scope="session")
def founding(
    story_clock: StoryClock, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Founding]:
    """Takes some seconds: three passphrases are stretched for real."""
    founding = Founding(tmp_path_factory.mktemp("town"))
    with story_clock.runs():
        founding.found()
    yield founding
    founding.close()


@pytest.fixture
def town(founding: Founding, tmp_path: Path) -> Iterator[Town]:
    """A town of this story's own, with its office open."""
    with founding.town(tmp_path) as town:
        yield town
