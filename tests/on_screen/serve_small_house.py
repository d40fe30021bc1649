"""The small house as a program of its own, for the browser: `python serve_small_house.py`."""

import os

from app.lifecycle import Rules
from app.logs import begin_logging
from app.web import serve
from on_screen.small_house import SCREENS, Door, house

if __name__ == "__main__":
    begin_logging()
    rules = Rules(
        **{k: float(v) for k, v in (p.split("=") for p in os.environ.get("RULES", "").split())}
    )
    session, _main = house(Door(), rules=rules)
    serve(session, SCREENS, say=lambda address: print(f"Open {address}", flush=True))
