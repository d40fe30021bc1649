"""A screen change in Python: from the tap to the last byte for the client, no browser in it."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from pathlib import Path

from app.casework.forms import AddressForm, FamilyForm, PersonForm
from app.device import Device as AppDevice
from app.root import opener
from app.routes import SCREENS
from app.session import Session
from bench.ground import PASSPHRASE, founded, joined, office, process, surroundings, write_notes
from bench.table import RUNS, Table
from driver.inprocess import InProcessApp
from sync.client import HttpOffice


def measure(table: Table, folder: Path, many: int) -> None:
    """The slowest of the main places, with `many` notes of a colleague's in thirty named families,
    all waiting for this supervisor's review."""
    with process(office(folder / "office"), "/health") as (address, _office):
        device = founded(folder / "device", address)
        app = AppDevice(folder=device.path.parent, surroundings=surroundings(), reach=HttpOffice)
        book = app.furnishing().casebook(device.vault, device.exchange)
        book.team.start_team(_team(device.vault.me), name="Brackenfold")
        chance = random.Random(1)
        families = [
            book.families.register(
                FamilyForm(
                    name=f"Family {n:02}",
                    ref=f"BF{n:03}",
                    people=(
                        PersonForm(
                            given="Ada",
                            surname=f"Family {n:02}",
                            addresses=(AddressForm(lines=f"{chance.randrange(1, 90)} Tan Lane"),),
                        ),
                    ),
                )
            )
            for n in range(30)
        ]
        device.exchange.round()
        colleague = joined(folder / "colleague", address, device, colleague=True)
        colleague.exchange.round()
        write_notes(colleague.vault, families, many)
        colleague.exchange.round()
        colleague.vault.close()
        device.exchange.round()
        device.vault.lock()
        slowest = asyncio.run(_walk(app, device.vault, families[0]))
        table.add(f"screen change in Python, {many:,} notes", slowest * 1000, "ms", must=100.0)
        device.vault.close()


def _team(me: object) -> str:
    team = getattr(me, "team", None)
    if not isinstance(team, str):
        raise RuntimeError("the organisation has no team")
    return team


async def _walk(app: AppDevice, vault: object, family: str) -> float:
    session = Session(
        folder=app.folder,
        furnishing=app.furnishing(),
        vault=vault,  # type: ignore[arg-type]
        device=app,
        clock=app.surroundings.clock,
    )
    async with InProcessApp(opener(session, SCREENS)) as ui:
        ui.connection.page_url = "http://127.0.0.1"  # what a client would have said
        await session.unlock(PASSPHRASE)
        await ui.settle()
        routes = (
            "/families",
            f"/families/{family}",
            "/",
            "/week",
            "/team",
            "/team/review",
            "/sync",
        )
        taken: dict[str, list[float]] = {}
        for _run in range(RUNS):
            for route in routes:
                began = time.perf_counter()
                await ui.fire(ui.page, "route_change", {"route": route})
                taken.setdefault(route, []).append(time.perf_counter() - began)
        if ui.crashed():
            raise RuntimeError("the app gave up")
    return max(statistics.median(times) for times in taken.values())
