"""One service's published records on a supervisor's laptop, for the browser.

python -m published.serve durham FOLDER
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from app.logs import begin_logging
from app.routes import SCREENS
from app.session import Furnishing, Session
from app.web import serve
from published import building_bonds, durham, rct, reconnect
from published.reading import on_a_device
from published.writing import Writing

EVENINGS: Mapping[str, tuple[datetime, Callable[[Writing], object]]] = {
    "rct": (datetime(2018, 8, 31, 18, 0, tzinfo=UTC), rct.write),
    "durham": (datetime(2019, 3, 31, 18, 0, tzinfo=UTC), durham.write),
    "reconnect": (datetime(2018, 3, 31, 18, 0, tzinfo=UTC), reconnect.write),
    "building-bonds": (datetime(2017, 5, 31, 18, 0, tzinfo=UTC), building_bonds.write),
}
"""On which evening each service's figures are read, and who writes its records."""


def main(service: str, folder: Path) -> None:
    """Write the records into an empty folder, and serve the screens over them until it is ended."""
    evening, write = EVENINGS[service]
    with on_a_device(folder, evening, service, write) as grace:
        session = Session(
            folder=folder,
            furnishing=Furnishing(casebook=lambda *_: grace.book, exchange=lambda _vault: None),
            vault=grace.vault,
        )
        serve(session, SCREENS, say=lambda address: print(f"Open {address}", flush=True))


if __name__ == "__main__":
    begin_logging()
    main(sys.argv[1], Path(sys.argv[2]))
