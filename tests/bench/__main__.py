"""`make bench`: every figure beside a floor measured in the same run, so that machines compare.

python tests/bench            all of it (some minutes)
python tests/bench --quick    a tenth of the records, to see that it runs
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import desk, figures, many_devices, memory, on_device, on_screen, on_wire, planning
from bench.ground import office, process
from bench.table import FILE, Table


def main() -> None:
    """Measure, print, and keep."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the records")
    parser.add_argument(
        "--only",
        choices=("device", "wire", "screen", "memory", "planning", "figures", "many", "desk"),
        help="one part of it",
    )
    asked = parser.parse_args()
    many, more = (1_000, 5_000) if asked.quick else (10_000, 50_000)
    table = Table()
    table.heading()
    with tempfile.TemporaryDirectory(prefix="doorstep-bench-") as name:
        folder = Path(name)
        if asked.only in (None, "planning"):
            planning.measure(table, many)
        if asked.only in (None, "device"):
            with process(office(folder / "office"), "/health") as (address, _process):
                on_device.measure(table, folder / "alone", address, many, more)
        if asked.only in (None, "wire"):
            on_wire.measure(table, folder / "wire", many)
        if asked.only in (None, "screen"):
            on_screen.measure(table, folder / "screen", many)
        if asked.only in (None, "memory"):
            memory.measure(table, folder / "memory", many)
        if asked.only in (None, "figures"):
            figures.measure(table, folder / "figures")
        if asked.only in (None, "many"):
            many_devices.measure(table, folder / "many", many // 10)
        if asked.only in (None, "desk"):
            desk.measure(table, many)
    table.write()
    print(f"\n{sum(row.met for row in table.rows)} of {len(table.rows)} met; {FILE.name} written.")


if __name__ == "__main__":
    main()
