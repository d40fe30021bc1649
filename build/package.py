"""Stage what a phone or a desktop program carries, and hand it to `flet build`.

    .venv/bin/python build/package.py --stage /tmp/doorstep           only the copy
    .venv/bin/python build/package.py apk --stage /tmp/doorstep       and the build, with Flutter

`flet build` works in a folder called build/ beside the app and `flet clean` deletes it, so it must
never run in this checkout: a copy without the office, the demo and the tests is made elsewhere.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("app", "storage", "sync")
# Never on a device: the office, and the made-up families of the demo.
LEFT_OUT = (Path("sync/server"), Path("app/demo"))
TARGETS = ("apk", "aab", "ipa", "linux", "macos", "windows")
MAIN = """from app.__main__ import main

main()
"""


class NotHere(Exception):
    """The staging folder lies in the checkout, around it, or holds something else already."""


def stage(target: Path, root: Path = ROOT) -> Path:
    """Copy the app into `target`, which must be empty, new, or an earlier stage. Returns it.

    Raises NotHere when the place could harm the checkout or somebody's files.
    """
    target = target.resolve()
    if target.is_relative_to(root) or root.is_relative_to(target):
        raise NotHere(f"{target} is part of the checkout: stage outside of it")
    mark = target / ".doorstep-stage"
    if target.exists():
        if any(target.iterdir()) and not mark.exists():
            raise NotHere(f"{target} holds other files: choose an empty folder")
        shutil.rmtree(target)
    target.mkdir(parents=True)
    mark.touch()
    for package in PACKAGES:
        shutil.copytree(root / package, target / package, ignore=_left_out(root))
    shutil.copytree(root / "assets", target / "assets")
    for name in ("LICENSE", "README.md"):
        shutil.copy2(root / name, target / name)
    (target / "main.py").write_text(MAIN, encoding="utf-8")
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    (target / "pyproject.toml").write_text(staged_project(project), encoding="utf-8")
    return target


def _left_out(root: Path) -> Callable[[str, list[str]], set[str]]:
    def ignored(folder: str, names: list[str]) -> set[str]:
        here = Path(folder).relative_to(root)
        return {
            name
            for name in names
            if name == "__pycache__" or name.startswith(".") or here / name in LEFT_OUT
        }

    return ignored


def staged_project(project: Mapping[str, Mapping[str, object]]) -> str:
    """The part of pyproject.toml that concerns a device: no extras, no tools but Flet's."""
    kept = ("name", "version", "description", "requires-python", "dependencies")
    staged = {
        "project": {key: project["project"][key] for key in kept},
        "tool": {"flet": project["tool"]["flet"]},
    }
    return "\n".join(_toml(staged)) + "\n"


def _toml(table: Mapping[str, object], path: tuple[str, ...] = ()) -> list[str]:
    """TOML lines. JSON's strings, numbers, booleans and lists are TOML's too."""
    plain = {key: value for key, value in table.items() if not isinstance(value, dict)}
    lines = [f"[{'.'.join(path)}]"] if plain else []
    lines += [f"{_key(key)} = {json.dumps(value)}" for key, value in plain.items()]
    for key, value in table.items():
        if isinstance(value, dict):
            lines += _toml(value, (*path, _key(key)))
    return lines


def _key(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() else json.dumps(name)


def main() -> int:
    """Stage; with a target, build too. Needs flet-cli and, for a build, Flutter."""
    asked = argparse.ArgumentParser(description="Stage the app and build it for a device.")
    asked.add_argument("target", nargs="?", choices=TARGETS, help="what to build; nothing: stage")
    asked.add_argument("--stage", type=Path, required=True, help="an empty folder outside of here")
    asked.add_argument("--output", type=Path, default=ROOT / "dist", help="where the build goes")
    wanted = asked.parse_args()
    try:
        staged = stage(wanted.stage)
    except NotHere as problem:
        print(problem, file=sys.stderr)
        return 2
    print(f"staged in {staged}")
    if not wanted.target:
        return 0
    flet = shutil.which("flet", path=str(Path(sys.executable).parent)) or shutil.which("flet")
    if not flet:
        print("Install flet-cli first: .venv/bin/pip install 'flet-cli==1.0.5'", file=sys.stderr)
        return 2
    output = wanted.output / wanted.target
    return subprocess.run(
        [flet, "build", wanted.target, str(staged), "--output", str(output)], check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
