"""House rules for every test: nothing leaves this machine, nothing touches the person's own
files or key store, and tests that need the machine to themselves take turns."""

import os
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from databases import cluster, database, database_url, prepared

__all__ = ["cluster", "database", "database_url", "prepared"]

_LOOPBACK = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "::", ""}


def _stay_at_home(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse to look up or reach another machine. Not an OSError: code must not take it for
    being offline."""
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else ""
    elif event == "socket.getaddrinfo":
        host = arguments[0] or ""
    else:
        return
    if isinstance(host, bytes):
        host = host.decode(errors="replace")
    if host not in _LOOPBACK:
        raise RuntimeError(f"a test tried to reach {host!r}")


def pytest_configure(config: pytest.Config) -> None:
    sys.addaudithook(_stay_at_home)
    home = Path(tempfile.mkdtemp(prefix="doorstep-home-"))
    config.add_cleanup(lambda: _remove(home))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        os.environ[name] = str(home / name)
    # No key store, as on a continuous integration machine: a passphrase alone must do.
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    os.environ["TZ"] = "Europe/London"


def _remove(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


# The same examples in every run, so that a failure is the change's and not the day's.
# HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile("doorstep", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=5_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "doorstep"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stopwatches take turns on one worker (pytest-xdist's "loadgroup"), browsers on another: two
    of either at once would have too little of a machine with two cores."""
    for item in items:
        for group in ("alone", "browser"):
            if item.get_closest_marker(group):
                item.add_marker(pytest.mark.xdist_group(group))
                break


def pytest_collection_finish(session: pytest.Session) -> None:
    """Fail rather than run them side by side: pytest-xdist writes the group into the id."""
    if not getattr(session.config.option, "loadgroup", False):
        return
    for item in session.items:
        group = item.get_closest_marker("xdist_group")
        if group is not None and not item.nodeid.endswith(f"@{group.args[0]}"):
            raise pytest.UsageError("this pytest-xdist does not group tests with this pytest")
