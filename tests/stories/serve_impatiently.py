"""A real device whose owner is thought away after a moment: `python serve_impatiently.py FOLDER`.

The product has no option for it, so that nobody can switch the rules off.
"""

import sys
from pathlib import Path

from app.device import on_this_machine
from app.lifecycle import Rules
from app.logs import begin_logging
from app.routes import SCREENS
from app.session import Session
from app.web import serve

AWAY_S = 1.0

if __name__ == "__main__":
    begin_logging()
    device = on_this_machine(Path(sys.argv[1]), key_store=False)
    session = Session(
        folder=device.folder,
        furnishing=device.furnishing(),
        vault=device.open(),
        device=device,
        clock=device.surroundings.clock,
        rules=Rules(away=AWAY_S),
    )
    serve(session, SCREENS, say=lambda address: print(address, flush=True))
