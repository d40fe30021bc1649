"""Take every safeguard of the desk away, one after the other, and say which tests notice.

`make safeguards`, or `python tests/at_the_desk stop "silence rule"` for some of them. Fails when
one is missed by nobody, and goes on to the next once a few have noticed. Left out are
`test_safeguards`, which takes away by itself, pages, and what starts processes of its own, which
have every safeguard.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent)]

from at_the_desk.safeguards import SAFEGUARDS, WITHOUT  # noqa: E402

ENOUGH = 3
LEFT_OUT = re.compile("test_(safeguards|under_fire|settings|forking|pages.*)")


def noticed(safeguard: str) -> list[str]:
    """The first tests that fail without it."""
    files = [str(f) for f in sorted(HERE.glob("test_*.py")) if not LEFT_OUT.fullmatch(f.stem)]
    options = ["-q", "--tb=no", "-p", "no:cacheprovider", f"--maxfail={ENOUGH}"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *files],
        env=os.environ | {WITHOUT: safeguard},
        cwd=HERE.parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    failed = re.findall(r"^FAILED tests/at_the_desk/(\w+\.py::\w+)", run.stdout, re.MULTILINE)
    return list(dict.fromkeys(failed))


def lines(wanted: list[str]) -> Iterator[bool]:
    """One line for each, printed; gives whether it was noticed."""
    for safeguard in wanted:
        found = noticed(safeguard)
        print(f"{safeguard:22} {', '.join(found) or 'NOBODY NOTICES'}", flush=True)
        yield bool(found)


if __name__ == "__main__":
    sys.exit(0 if all(list(lines(sys.argv[1:] or list(SAFEGUARDS)))) else 1)
