"""Where things stand: beside the packages in a checkout, a wheel and a phone build alike."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
"""Fonts, icons, service profiles and wording. Read only; nothing secret."""

PROFILES = ASSETS / "profiles"
"""The services that come with the app."""
