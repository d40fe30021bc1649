"""Each safeguard by itself: with it the story ends well, without it somebody gets a message.

Every scenario is told twice, the second time with the safeguard taken away. A scenario that ends
well both times would prove nothing, and fails.
"""

import pytest

from at_the_desk.guarded import BEFORE_IT_LEAVES, Story
from at_the_desk.guarded_after import ONCE_IT_HAS_LEFT
from at_the_desk.safeguards import SAFEGUARDS, named_tests, taken_away
from sync.server.desk import rules

STORIES = BEFORE_IT_LEAVES | ONCE_IT_HAS_LEFT


@pytest.fixture
def story(at_desk, notify, database_url):
    return Story(at_desk, notify, database_url)


def test_every_safeguard_has_its_story():
    assert list(STORIES) == list(SAFEGUARDS)


@pytest.mark.parametrize("name", SAFEGUARDS)
def test_with_it_the_story_ends_well(story, name):
    assert STORIES[name](story)


@pytest.mark.parametrize("name", SAFEGUARDS)
def test_without_it_the_story_goes_wrong(story, name):
    with taken_away(name):
        assert not STORIES[name](story), f"the {name} safeguard is not what saves this story"


def test_the_desks_page_names_a_test_for_each():
    assert list(named_tests()) == list(SAFEGUARDS)
    assert all(named_tests().values())


def test_every_rule_is_among_them():
    """A rule that somebody adds is to be taken away here, too; that a provider is away is none."""
    asked = {name for name in rules.objection.__code__.co_names if callable(getattr(rules, name))}
    removed = {name for removals in SAFEGUARDS.values() for _, name, _ in removals}
    assert asked - removed == {"provider_unable"}
