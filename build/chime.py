"""Write assets/chime.wav, the two soft notes before a visit.

Run it by hand after changing the notes: .venv/bin/python build/chime.py
Short and plain: it may be heard in a waiting room and must not sound like an alarm.
"""

import math
import struct
import wave
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "assets" / "chime.wav"
RATE = 11_025
NOTES = ((587.33, 0.22), (880.0, 0.42))
"""Hertz and seconds: D and the A above it."""
LOUDEST = 0.5


def samples() -> list[int]:
    """The sound, each note fading out, as signed 16-bit numbers."""
    found = []
    for pitch, lasts in NOTES:
        count = int(RATE * lasts)
        for n in range(count):
            begins, fades = min(1.0, n / (0.01 * RATE)), math.exp(-5 * n / count)
            level = LOUDEST * begins * fades * math.sin(2 * math.pi * pitch * n / RATE)
            found.append(round(level * 32_767))
    return found


def main() -> None:
    """Write it anew."""
    with wave.open(str(TARGET), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        said = samples()
        file.writeframes(struct.pack(f"<{len(said)}h", *said))


if __name__ == "__main__":
    main()
