"""What a phone carries: the app and the floors below it, and nothing of the office or the demo."""

import subprocess
import sys
import tomllib

import pytest

import package
from driver.server import ROOT

# Served to a browser on a laptop; a phone has neither these modules' libraries nor a use for them.
FOR_BROWSERS = ("app.web", "app.index_page", "app.gate")
NOT_ON_PHONES = (
    "fastapi",
    "flet_web",
    "pydantic",
    "pydantic_settings",
    "sqlalchemy",
    "starlette",
    "sync.server",
    "uvicorn",
)


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    return package.stage(tmp_path_factory.mktemp("elsewhere") / "stage")


def test_the_stage_has_the_app_beside_a_main_of_three_lines(staged):
    assert (staged / "main.py").read_text().splitlines() == [
        "from app.__main__ import main",
        "",
        "main()",
    ]
    assert {path.name for path in staged.iterdir() if not path.name.startswith(".")} == {
        "LICENSE",
        "README.md",
        "app",
        "assets",
        "main.py",
        "pyproject.toml",
        "storage",
        "sync",
    }
    assert (staged / "assets" / "icon.png").exists()
    assert (staged / "assets" / "fonts" / "OFL.txt").exists()
    assert len(list((staged / "assets" / "profiles").glob("*.toml"))) == 4


def test_no_part_of_the_office_or_the_demo_is_on_a_device(staged):
    assert not (staged / "sync" / "server").exists()
    assert not (staged / "app" / "demo").exists()
    assert not list(staged.rglob("__pycache__"))


def test_every_module_on_a_device_imports_without_the_office_and_its_libraries(staged):
    # A process of its own, that finds the staged packages only and has no office libraries.
    asked = """
import importlib, pathlib, sys
here = pathlib.Path(sys.argv[1])
sys.path[:] = [str(here)] + [p for p in sys.path if p != sys.argv[2]]
browsers, absent = (names.split() for names in sys.argv[3:])
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name in absent:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
count = 0
for package in ("storage", "sync", "app"):
    for file in sorted((here / package).rglob("*.py")):
        parts = file.relative_to(here).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        if name not in browsers:
            module = importlib.import_module(name)
            assert str(here) in module.__file__, module
            count += 1
print(count)
"""
    given = (str(staged), str(ROOT), " ".join(FOR_BROWSERS), " ".join(NOT_ON_PHONES))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-P", "-c", asked, *given],
        capture_output=True,
        text=True,
        check=False,
        cwd=staged,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 20


def test_the_staged_project_asks_for_the_device_libraries_alone(staged):
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text())
    theirs = tomllib.loads((staged / "pyproject.toml").read_text())
    assert theirs["project"]["dependencies"] == ours["project"]["dependencies"]
    assert "optional-dependencies" not in theirs["project"]
    assert theirs["tool"] == {"flet": ours["tool"]["flet"]}
    assert theirs["tool"]["flet"]["android"]["manifest_application"]["allowBackup"] == "false"
    named = " ".join(theirs["project"]["dependencies"])
    for office_only in ("fastapi", "sqlalchemy", "pydantic", "uvicorn"):
        assert office_only not in named


def test_the_checkout_is_never_a_stage():
    for harmful in (ROOT, ROOT / "build", ROOT / "dist" / "stage", ROOT.parent):
        with pytest.raises(package.NotHere):
            package.stage(harmful)


def test_a_folder_with_somebodys_files_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(package.NotHere):
        package.stage(tmp_path)
    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_an_earlier_stage_is_replaced_whole(staged):
    (staged / "app" / "left_over.py").write_text("")
    package.stage(staged)
    assert not (staged / "app" / "left_over.py").exists()


def test_build_is_a_folder_of_sources_and_no_package():
    assert not (ROOT / "build" / "__init__.py").exists()
