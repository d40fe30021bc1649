import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from app.places import ASSETS, ROOT
from app.wording import LANGUAGES, _, current_language, ngettext, plain, speak
from app.wording.catalogue import catalogue_file
from storage.errors import DiskFull, TooManyTries, WrongPassphrase
from sync.errors import InviteRefused

# Words that say nothing to somebody on a doorstep, or put the blame on her.
JARGON = re.compile(
    r"\b(error|exception|invalid|failed|failure|database|sqlite|server|http|null|token|certificate"
    r"|envelope|casefile|epoch|you did|illegal|abort|fatal)\b",
    re.IGNORECASE,
)
FLOORS = ("storage.errors", "sync.errors", "app.casework.errors")


@pytest.fixture(autouse=True)
def english():
    yield
    speak("en_GB")


def kinds_of_error() -> Iterator[type[Exception]]:
    for floor in FLOORS:
        module = importlib.import_module(floor)
        for _name, cls in inspect.getmembers(module, inspect.isclass):
            if issubclass(cls, Exception) and cls.__module__ == floor:
                yield cls


def made(cls):
    """One of that kind, filled with words that must not show."""
    parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return cls("Mrs Orchid, SQL error 5")
    return cls.__new__(cls)


@pytest.mark.parametrize("cls", sorted(kinds_of_error(), key=str))
def test_every_error_of_the_floors_has_a_kind_sentence_of_its_own(cls):
    said = plain(made(cls))
    above = cls.__mro__[1]
    if above.__mro__[1] in (Exception, object):  # not one of several fine differences of one thing
        assert said.says != plain(made(above)).says
    assert not JARGON.search(str(said)), said
    assert "Orchid" not in str(said)
    assert str(said).endswith(".")


def test_an_unknown_error_is_not_blamed_on_the_person_and_says_what_is_safe():
    said = plain(KeyError("Mrs Orchid"))
    assert "Orchid" not in str(said)
    assert "Nothing already saved is lost." in str(said)


def test_what_is_safe_and_what_to_do_stand_beside_what_happened():
    said = plain(DiskFull("x"))
    assert said.says == "Not saved: this device has no room left."
    assert "still on the screen" in said.safe
    assert "Free some space" in said.then
    assert plain(WrongPassphrase("x")).then == "Please try again."


def test_waits_are_said_in_seconds_then_minutes():
    assert "Wait 5 seconds" in str(plain(TooManyTries(4.2)))
    assert "Wait 1 second," in str(plain(TooManyTries(0.5)))
    assert "Wait 5 minutes" in str(plain(TooManyTries(300)))


@pytest.mark.parametrize(
    ("reason", "word"), [("mangled", "character"), ("used", "used"), ("expired", "run out")]
)
def test_each_refused_invite_says_why(reason, word):
    assert word in plain(InviteRefused(reason)).says


def test_every_sentence_of_the_app_stands_in_the_catalogue():
    run = subprocess.run(
        [sys.executable, "build/wording.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_every_sentence_with_the_same_placeholders(language):
    with catalogue_file(language).open("rb") as opened:
        catalogue = read_po(opened)
    for message in catalogue:
        if not message.id:
            continue
        asked = message.id if isinstance(message.id, tuple) else (message.id,)
        given = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(given), f"not translated: {asked}"
        fields = {frozenset(re.findall(r"{(\w*)}", text)) for text in (*asked, *given)}
        assert len(fields) == 1, f"placeholders differ: {asked}"


def test_words_come_from_the_text_catalogue_of_the_language(tmp_path, monkeypatch):
    folder = tmp_path / "wording" / "cy_GB"
    folder.mkdir(parents=True)
    (folder / "doorstep.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n'
        'Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "today"\nmsgstr "heddiw"\n\n'
        'msgid "{n} day"\nmsgid_plural "{n} days"\n'
        'msgstr[0] "{n} diwrnod"\nmsgstr[1] "{n} o ddyddiau"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr("app.wording.catalogue.ASSETS", tmp_path)
    monkeypatch.setitem(LANGUAGES, "cy_GB", "Cymraeg")
    speak("cy_GB")
    assert _("today") == "heddiw"
    assert ngettext("{n} day", "{n} days", 3).format(n=3) == "3 o ddyddiau"
    assert current_language() == "cy_GB"


def test_a_language_nobody_wrote_is_refused_and_the_old_one_goes_on():
    with pytest.raises(KeyError):
        speak("xx_XX")
    assert current_language() == "en_GB"


def test_no_compiled_catalogue_is_kept():
    assert not list(Path(ASSETS / "wording").rglob("*.mo"))
