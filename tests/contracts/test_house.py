"""The house is in order: documents match, versions fit, and nothing private is kept here."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import web_lists
from driver.server import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONSTRAINTS = (ROOT / "build" / "constraints.txt").read_text(encoding="utf-8")
COMMANDS = {"demo", "test", "check", "bench"}


def tracked() -> dict[str, str]:
    """Every text file that git keeps, by path; but for this one, which names what is forbidden."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    texts = {}
    for name in filter(None, listed.split("\0")):
        file = ROOT / name
        if not file.exists() or file.samefile(__file__):
            continue
        try:
            texts[name] = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a font
    return texts


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    found = tracked()
    assert len(found) > 50
    return found


def offending(texts: dict[str, str], pattern: str) -> list[str]:
    return [
        f"{name}: {match.group()}"
        for name, text in texts.items()
        for match in re.finditer(pattern, text, re.IGNORECASE)
    ]


# -- documents ---------------------------------------------------------------------------


def test_the_readme_names_every_command_and_no_command_that_is_not_there():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)\b", readme))
    assert named >= COMMANDS - {"check"}
    assert named <= targets
    for script in PYPROJECT["project"]["scripts"]:
        assert re.search(rf"\b{script}\b", readme), f"README says nothing of {script}"


def test_every_picture_that_a_page_shows_is_there_and_is_made_by_a_test():
    stories = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "stories").glob("*.py")
    )
    made = set(re.findall(r'screenshot\("([\w-]+)"\)', stories))
    services = [path.stem for path in (ROOT / "assets" / "profiles").glob("*.toml")]
    # Walks take a picture of these too: see test_every_screen and test_service_dashboards.
    made |= {
        f"{size}-{name}"
        for size in ("phone", "tablet")
        for name in ("today", "family", *(f"figures-{service}" for service in services))
    }
    shown = set()
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for place in re.findall(r"!\[[^\]]*\]\(([^)]+\.png)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / place).is_file(), f"{page.name} shows {place}"
            shown.add((page.parent / place).stem)
    assert shown
    assert shown <= made


def test_continuous_integration_runs_what_a_person_runs():
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert [line for line in lines if "make" in line] == ["exec make test"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_every_script_leads_somewhere():
    for target in PYPROJECT["project"]["scripts"].values():
        module, function = target.split(":")
        file = ROOT / f"{module.replace('.', '/')}.py"
        assert re.search(rf"^def {function}\(", file.read_text(), re.MULTILINE), target


def test_setting_up_is_quiet_about_where_was_sought_and_not_about_what_is_missing(tmp_path):
    said = subprocess.run(
        ["make", "--always-make", "--dry-run", ".venv/.ready"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.replace("\\\n", "")
    (install,) = [line for line in said.splitlines() if "pip install" in line]
    options = re.findall(r"(?<=\s)-{1,2}q\w*", install)
    nowhere = ["--no-index", "--find-links", str(tmp_path / "gone")]

    def pip(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pip", "install", *nowhere, *more],
            capture_output=True,
            text=True,
            check=False,
        )

    assert "WARNING" in pip("doorstep-is-not-there").stderr
    missing = pip(*options, "doorstep-is-not-there")
    assert "WARNING" not in missing.stderr
    assert "No matching distribution found" in missing.stderr
    assert missing.returncode != 0


# -- what must not be in a public repository ----------------------------------------------


def test_no_file_tells_of_a_machine_it_was_made_on(texts):
    machine = r"(?<![\w.}])/(?:root|work|Users)/\w+|(?<![\w.])/home/\w+|/opt/(?:pypi|wheels)\S*"
    assert offending(texts, machine) == []


def test_no_file_names_a_package_registry(texts):
    registries = (
        r"\bpypi\.org|pythonhosted\.org|\bnpmjs\.|registry\.\w+\.\w+|\bghcr\.io|docker\.io|"
        r"proxy\.golang|crates\.io|index-url|trusted-host"
    )
    assert offending(texts, registries) == []


def test_every_telephone_number_is_one_that_rings_nowhere(texts):
    """Ofcom keeps 07700 900000 to 900999 free for drama."""
    number = re.compile(r"(?<![\w.:+/-])(?:\+44 ?(?:\(0\) ?)?|0)(?:[ -]?\d){9,10}(?![\w.:])")
    real = []
    for name, text in texts.items():
        for match in number.finditer(text):
            digits = re.sub(r"\D", "", match.group().replace("(0)", ""))
            national = "0" + digits[2:] if match.group().startswith("+44") else digits
            if not re.fullmatch(r"07700900\d{3}", national):
                real.append(f"{name}: {match.group()}")
    assert real == []


def test_every_mail_address_leads_nowhere(texts):
    nowhere = r"(?:[\w-]+\.)*(?:example(?:\.(?:org|com|net))?|test|invalid)\b"
    address = rf"[\w.+-]+@(?!{nowhere})[\w-]+\.[a-z]{{2,}}\b"
    assert offending(texts, address) == []


# -- versions ------------------------------------------------------------------------------


def pins() -> dict[str, Version]:
    lines = [line for line in CONSTRAINTS.splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.+]+", line) for line in lines), "name==version only"
    return {canonicalize_name(name): Version(v) for name, v in (x.split("==") for x in lines)}


def requirements() -> list[Requirement]:
    project = PYPROJECT["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    return [Requirement(line) for group in groups for line in group]


@pytest.mark.parametrize("requirement", requirements(), ids=str)
def test_what_is_asked_for_is_pinned_to_a_version_that_fits(requirement):
    assert pins()[canonicalize_name(requirement.name)] in requirement.specifier


def test_every_package_that_gets_installed_is_pinned():
    """Nothing may change from one set-up to the next but by a commit."""
    pinned = pins()
    seen: set[tuple[str, str]] = set()
    waiting = [(requirement, "") for requirement in requirements()]
    while waiting:
        requirement, extra = waiting.pop()
        name = canonicalize_name(requirement.name)
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        for wanted in ("", *requirement.extras):
            if (name, wanted) not in seen:
                seen.add((name, wanted))
                needs = metadata.requires(name) or []
                waiting += [(Requirement(line), wanted) for line in needs]
    unpinned = {name for name, _ in seen} - set(pinned) - {"pip"}
    assert unpinned == set()


def test_flet_and_its_extensions_move_together():
    flet = {name: str(v) for name, v in pins().items() if name.split("-")[0] == "flet"}
    assert set(flet.values()) == {"1.0.5"}


# -- folders -------------------------------------------------------------------------------


def test_the_lists_a_browser_reads_first_are_those_of_the_installed_client():
    for name, text in web_lists.lists().items():
        found = (ROOT / "assets" / name).read_text(encoding="utf-8")
        assert found == text, f"run build/web_lists.py: assets/{name} is of another version"


def test_packaging_sources_are_kept_by_git():
    ignored = subprocess.run(
        ["git", "check-ignore", "build/anything.py"], cwd=ROOT, capture_output=True, check=False
    )
    assert ignored.returncode == 1


def test_no_test_folder_hides_a_real_package():
    assert list((ROOT / "tests").rglob("__init__.py")) == []
