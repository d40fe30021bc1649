"""Whether a referral fits: shown and explained, never refused."""

from app.casework.eligibility import UNBORN, Facts, Fits, check_all, flagged
from app.casework.profile import Shelf
from app.places import PROFILES

SHELF = Shelf(shipped=PROFILES)


def looked_at(service: str, **facts) -> dict[str, str]:
    profile = SHELF.find(service).profile
    return {c.code: c.fits.value for c in check_all(profile.eligibility, Facts(**facts))}


def test_a_pregnant_mother_at_twelve_weeks_who_lost_a_child_fits_durham():
    assert looked_at("durham", pregnant=True, previous_removal=True, gestation_days=84) == {
        "pregnant": "met",
        "previous_removal": "met",
        "twelve_weeks": "met",
    }


def test_a_day_before_twelve_weeks_is_flagged_and_said_with_its_reason():
    found = check_all(
        SHELF.find("durham").profile.eligibility,
        Facts(pregnant=True, previous_removal=True, gestation_days=83),
    )
    (too_early,) = flagged(found)
    assert (too_early.code, too_early.fits, too_early.seen) == ("twelve_weeks", Fits.NOT_MET, 83)
    assert "12+0" in too_early.check.why.en


def test_what_nobody_wrote_down_is_not_known_and_not_a_no():
    assert set(looked_at("durham").values()) == {"not_known"}
    assert set(looked_at("reconnect").values()) == {"not_known"}


def test_no_earlier_removal_is_a_no_and_not_unknown():
    assert looked_at("durham", previous_removal=False)["previous_removal"] == "not_met"


def test_a_child_fits_reconnect_until_the_day_of_its_second_birthday():
    assert looked_at("reconnect", youngest_months=23)["under_two"] == "met"
    assert looked_at("reconnect", youngest_months=24)["under_two"] == "not_met"
    assert looked_at("reconnect", youngest_months=UNBORN)["under_two"] == "met"


def test_care_proceedings_are_flagged_although_they_also_mean_known_to_social_care():
    found = looked_at("reconnect", legal=("care_proceedings",))
    assert found["known_to_social_care"] == "met"
    assert found["plan_or_pre_proceedings"] == "not_met"
    assert found["before_proceedings"] == "not_met"


def test_one_child_on_a_plan_is_enough_and_one_in_proceedings_is_too_many():
    found = looked_at("reconnect", legal=("child_protection_plan", "none"))
    assert found["plan_or_pre_proceedings"] == "met"
    found = looked_at("reconnect", legal=("child_protection_plan", "care_proceedings"))
    assert found["before_proceedings"] == "not_met"


def test_a_question_counts_as_answered_only_by_its_own_answer():
    assert looked_at("reconnect", asked={"other": True})["attachment_risk"] == "not_known"
    assert looked_at("reconnect", asked={"attachment_risk": True})["attachment_risk"] == "met"
    assert looked_at("reconnect", asked={"attachment_risk": False})["attachment_risk"] == "not_met"


def test_a_family_from_elsewhere_is_flagged_by_building_bonds():
    assert looked_at("building-bonds", locality="kirkby")["area"] == "met"
    assert looked_at("building-bonds", locality="Prescot")["area"] == "not_met"
    assert looked_at("building-bonds", locality="")["area"] == "not_known"
