"""No code of the domain reaches a screen without words."""

from app.casework.codes import VOCABULARY
from app.wording.vocabulary import word, worded


def test_every_code_of_the_domain_has_words():
    missing = {
        vocabulary: sorted(set(codes) - worded(vocabulary))
        for vocabulary, codes in VOCABULARY.items()
        if set(codes) - worded(vocabulary)
    }
    assert missing == {}


def test_a_code_from_a_newer_app_is_shown_rather_than_hidden():
    assert word("venue_type", "village_hall") == "Village hall"
