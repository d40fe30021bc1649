"""Take every safeguard of the desk away, one after the other, and show which test fails.

`make safeguards`, or `python tests/at_the_desk stop "silence rule"` for some of them. The tests are
those that docs/desk.md names beside each; one that passes without its safeguard makes this fail.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from at_the_desk.safeguards import SAFEGUARDS, WITHOUT, named_tests  # noqa: E402

_SOME_FAILED = 1  # pytest's own: it ran, and tests failed


def fails_without(safeguard: str, test: str) -> bool:
    """Whether that test notices that this safeguard is not there."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test],
        env=os.environ | {WITHOUT: safeguard},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    return run.returncode == _SOME_FAILED


def main(wanted: Sequence[str]) -> int:
    """Gives 0 when every safeguard is missed by each of its tests."""
    missed, named = 0, named_tests()
    for safeguard in wanted or list(SAFEGUARDS):
        for test in named[safeguard]:
            fails = fails_without(safeguard, test)
            missed += not fails
            print(f"{'fails' if fails else 'PASSES':6} without {safeguard}: {test}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
