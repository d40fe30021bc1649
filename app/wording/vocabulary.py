"""The domain's codes in words a person would use; the only place where a code becomes a word.

A service's profile offers codes of its own and may call standard ones by other names: its words
stand before these. A test walks `app.casework.codes.VOCABULARY`, so that no code can reach a screen
unworded.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.casework.profile import Profile
from app.wording.catalogue import N_, _, current_language
from app.wording.figure_words import FIGURE_WORDS
from app.wording.pathway_words import PATHWAY_WORDS
from app.wording.vocabulary_groups import WORDS as _GROUPS
from app.wording.vocabulary_reminders import WORDS as _REMINDERS

_WORDS: Mapping[str, Mapping[str, str]] = {
    **FIGURE_WORDS,
    **PATHWAY_WORDS,
    "outcome": {
        "on_time": N_("Seen, on time"),
        "late_seen": N_("Seen, came late"),
        "late_not_seen": N_("Came too late to be seen"),
        "did_not_attend": N_("Not there"),
        "was_not_brought": N_("Was not brought"),
        "cancelled_by_family": N_("Family cancelled"),
        "cancelled_by_service": N_("We cancelled"),
        "not_yet": N_("Not recorded yet"),
    },
    "obstacle": {
        "transport": N_("Getting there"),
        "money": N_("Money"),
        "ill": N_("Parent unwell"),
        "child_ill": N_("Child unwell"),
        "childcare": N_("Nobody to mind the children"),
        "work": N_("Work"),
        "forgot": N_("Slipped their mind"),
        "other_appointment": N_("Another appointment"),
        "partner": N_("Partner or family against it"),
        "afraid": N_("Afraid to come"),
        "low": N_("Too low or anxious"),
        "did_not_want": N_("Did not want to"),
        "no_answer": N_("No answer at the door"),
        "moved": N_("Has moved"),
        "bereavement": N_("A death or a loss"),
        "other": N_("Something else"),
    },
    "noticed": {
        "missed_twice": N_("Missed twice in a row: ask what stands in the way"),
        "cancels_often": N_("Cancels often of late"),
        "not_brought": N_("A child was not brought"),
    },
    "venue_type": {
        "home": N_("Home"),
        "childrens_centre": N_("Children's centre"),
        "clinic": N_("Clinic"),
        "office": N_("Our office"),
        "community": N_("In the community"),
        "telephone": N_("By telephone"),
        "video": N_("By video"),
    },
    "plan": {"plan": N_("Plan")},
    "appraisal_state": {
        "asked": N_("Asked for"),
        "due_today": N_("Due today"),
        "overdue": N_("Overdue"),
        "back": N_("Back in time"),
        "back_late": N_("Back late"),
        "withdrawn": N_("No longer wanted"),
    },
    "ending": {
        "completed": N_("Completed"),
        "parent_stopped": N_("The parent stopped"),
        "service_stopped": N_("The service stopped"),
        "moved_on": N_("The family moved on to something else"),
    },
    "goal_status": {
        "open": N_("Open"),
        "achieved": N_("Reached"),
        "done": N_("Done"),
        "closed": N_("No longer a goal"),
        "dropped": N_("Dropped"),
    },
    "sheet": {
        "plan": N_("Plan"),
        "chronology": N_("Chronology"),
        "conference": N_("Conference report"),
        "list": N_("List"),
    },
    "list": {
        "families": N_("Families"),
        "waiting-list": N_("Waiting list"),
        "time-limits": N_("Time limits passed"),
        "caseloads": N_("Caseloads"),
        "panel": N_("Agenda of the panel"),
        "appraisals": N_("Appraisals out"),
        "figures": N_("All figures"),
        "service-figures": N_("Figures of the whole service"),
    },
    "meant_for": {
        "family": N_("The family"),
        "conference": N_("A conference"),
        "court": N_("A court"),
        "service": N_("The service itself"),
    },
    "appointment_status": {"booked": N_("Booked"), "cancelled": N_("Cancelled")},
    "cancelled_by": {"family": N_("The family"), "service": N_("We did")},
    "contact_type": {
        "home_visit": N_("Home visit"),
        "centre_visit": N_("Visit at the children's centre"),
        "clinic_session": N_("Clinic session"),
        "therapy_session": N_("Therapy session"),
        "video_feedback": N_("Video feedback session"),
        "group_session": N_("Group session"),
        "telephone_support": N_("Telephone support"),
        "family_meeting": N_("Family meeting"),
        "professionals_meeting": N_("Meeting of professionals"),
        "supervision": N_("Supervision"),
        "other": N_("Something else"),
    },
    "heading": {
        "home_conditions": N_("How the home was"),
        "what_we_did": N_("What we did"),
        "parent_and_child": N_("Parent and child together"),
        "how_baby_is": N_("How the baby is"),
        "what_parent_said": N_("What the parent said"),
        "worries": N_("Worries"),
        "strengths": N_("Strengths"),
        "agreed_next": N_("Agreed next"),
        "how_parent_came": N_("How the parent came in"),
        "themes": N_("Themes"),
        "reflection": N_("Reflection"),
        "clip_watched": N_("The clip we watched"),
        "what_parent_noticed": N_("What the parent noticed"),
        "attunement": N_("Moments of attunement"),
        "theme_of_session": N_("Theme of the session"),
        "taking_part": N_("Taking part"),
        "reason_for_call": N_("Reason for the call"),
        "purpose": N_("Purpose"),
        "views_heard": N_("Views heard"),
        "decisions": N_("Decisions"),
        "information_shared": N_("Information shared"),
        "how_parent_is": N_("How the parent is"),
        "who_is_there": N_("Who is there for them"),
    },
    "seen": {
        "yes": N_("Yes"),
        "no": N_("No"),
        "not_applicable": N_("Does not apply"),
        "not_said": N_("Not said yet"),
    },
    "note_state": {
        "draft": N_("Draft on this device"),
        "unsigned": N_("Not signed yet"),
        "signed": N_("Signed"),
    },
    "review_act": {
        "read": N_("Read"),
        "commented": N_("Commented"),
        "returned": N_("Sent back with a question"),
        "approved": N_("Approved"),
    },
    "review_state": {
        "waiting": N_("Waiting for review"),
        "read": N_("Read"),
        "commented": N_("Commented"),
        "returned": N_("Sent back with a question"),
        "answered": N_("Answered, waiting again"),
        "approved": N_("Approved"),
    },
    "person_kind": {
        "adult": N_("Adult"),
        "child": N_("Child"),
        "unborn": N_("Unborn baby"),
    },
    "relation": {
        "mother": N_("Mother"),
        "father": N_("Father"),
        "partner": N_("Partner"),
        "child": N_("Child"),
        "unborn": N_("Unborn baby"),
        "sibling": N_("Brother or sister"),
        "half_sibling": N_("Half-brother or half-sister"),
        "grandparent": N_("Grandparent"),
        "aunt_or_uncle": N_("Aunt or uncle"),
        "carer": N_("Carer"),
        "other": N_("Somebody else"),
    },
    # NHS Data Dictionary, ETHNIC CATEGORY CODE; in the words of the census of 2001 it follows.
    "ethnicity": {
        "A": N_("White: British"),
        "B": N_("White: Irish"),
        "C": N_("White: another background"),
        "D": N_("Mixed: White and Black Caribbean"),
        "E": N_("Mixed: White and Black African"),
        "F": N_("Mixed: White and Asian"),
        "G": N_("Mixed: another background"),
        "H": N_("Asian: Indian"),
        "J": N_("Asian: Pakistani"),
        "K": N_("Asian: Bangladeshi"),
        "L": N_("Asian: another background"),
        "M": N_("Black: Caribbean"),
        "N": N_("Black: African"),
        "P": N_("Black: another background"),
        "R": N_("Chinese"),
        "S": N_("Another ethnic group"),
        "Z": N_("Asked, and not stated"),
    },
    "gender": {
        "woman": N_("Woman"),
        "man": N_("Man"),
        "girl": N_("Girl"),
        "boy": N_("Boy"),
        "other": N_("In another way"),
    },
    "answer": {"yes": N_("Yes"), "no": N_("No"), "unknown": N_("Not known")},
    "family_status": {
        "waiting": N_("Waiting"),
        "open": N_("Open"),
        "closed": N_("Closed"),
    },
    "risk_level": {
        "inform": N_("Good to know"),
        "care": N_("Take care"),
        "not_alone": N_("Never go alone"),
    },
    "overdue": {
        "note_unsigned": N_("A note is not signed"),
        "note_missing": N_("A note is missing"),
        "outcome_missing": N_("An outcome is missing"),
        "obstacle_due": N_("Obstacle conversation due"),
        "action_due": N_("An action is overdue"),
        "clock_due": N_("A time limit has passed"),
        "review_due": N_("A review is overdue"),
        "plan_review_due": N_("The plan should be looked at again"),
        "appraisal_due": N_("An appraisal is not back"),
        "not_seen": N_("Not seen for a while"),
    },
    "told_apart": {
        "street": N_("Lives at"),
        "adults": N_("Adults"),
        "children": N_("Children"),
        "due": N_("Baby due"),
        "born": N_("Born"),
        "locality": N_("Area"),
        "ref": N_("Reference"),
    },
    "due": {
        "obstacle": N_("Ask what stood in the way"),
        "action": N_("To do"),
        "clock": N_("Time limit"),
        "goal_review": N_("Review a goal"),
        "plan_review": N_("Review the plan"),
        "appraisal": N_("Appraisal should be back"),
        "note": N_("Finish the note"),
        "outcome": N_("Record what came of it"),
        "route_review": N_("Ask again which phone is safe"),
    },
    "period_kind": {
        "stage": N_("Stage"),
        "legal": N_("Legal status"),
        "placement": N_("Where the child lives"),
        "indicator": N_("Indicator"),
    },
    "stage": {
        "waiting": N_("Waiting"),
        "assessment": N_("Assessment"),
        "treatment": N_("Treatment"),
        "review": N_("Review"),
        "ending": N_("Ending"),
        "closed": N_("Closed"),
    },
    "legal": {
        "none": N_("None"),
        "child_in_need": N_("Child in need"),
        "child_protection_plan": N_("Child protection plan"),
        "pre_proceedings": N_("Pre-proceedings"),
        "care_proceedings": N_("Care proceedings"),
        "ended": N_("Ended"),
    },
    "placement": {
        "with_parent": N_("With parent"),
        "kinship": N_("With family or friends"),
        "foster": N_("Foster care"),
        "adopted": N_("Adopted"),
        "hospital": N_("In hospital"),
        "other": N_("Somewhere else"),
    },
    "closure": {
        "completed": N_("Work completed"),
        "moved_away": N_("Moved away"),
        "declined": N_("Declined"),
        "transferred": N_("Transferred"),
        "child_removed": N_("Child no longer lives with the parent"),
        "other": N_("Something else"),
    },
    "function": {
        "family_worker": N_("Family worker"),
        "therapist": N_("Therapist"),
        "care_coordinator": N_("Care coordinator"),
        "social_worker": N_("Social worker"),
    },
    "source": {
        "social_worker": N_("Social worker"),
        "midwife": N_("Midwife"),
        "health_visitor": N_("Health visitor"),
        "community_paediatrician": N_("Community paediatrician"),
        "childrens_centre": N_("Children's centre"),
        "mental_health": N_("Mental health professional"),
        "family_nurse_partnership": N_("Family Nurse Partnership"),
        "self": N_("The family itself"),
        "other": N_("Somebody else"),
    },
    "consent": {
        "text": N_("Text messages"),
        "call": N_("Telephone calls"),
        "share": N_("Sharing with other services"),
        "photo": N_("Photographs"),
        "video": N_("Video recording"),
        "research": N_("Research"),
        "feedback": N_("Being asked for feedback"),
    },
    "occasion": {
        "initial": N_("At the start"),
        "review": N_("At the review"),
        "evaluation": N_("At the end"),
        "follow_up": N_("Some time after"),
    },
    "channel": {
        "call": N_("Telephone"),
        "text": N_("Text message"),
        "email": N_("Email"),
        "letter": N_("Letter"),
    },
    "allowed": {
        "yes": N_("Safe to use"),
        "unknown": N_("Not agreed yet"),
        "no": N_("Not safe: do not use"),
    },
    "caution": {
        "not_allowed": N_("This number is not safe. Do not use it."),
        "not_agreed": N_("Not yet agreed that this number is safe."),
        "review_lapsed": N_("The agreement is out of date: ask again whether it is still safe."),
        "outside_hours": N_("Outside the hours that are safe."),
        "shared_phone": N_("The phone is shared: somebody else may answer or look."),
        "perhaps_shared": N_("The phone may be shared."),
        "no_voicemail": N_("Leave no message."),
        "withhold_number": N_("Withhold your number."),
        "neutral_wording": N_("Say nothing of the service until you know who it is."),
        "code_word": N_("Use the code word before you say more."),
    },
    "caution_short": {
        "not_allowed": N_("not safe"),
        "not_agreed": N_("not agreed yet"),
        "review_lapsed": N_("ask again if safe"),
        "outside_hours": N_("outside safe hours"),
        "shared_phone": N_("shared phone"),
        "perhaps_shared": N_("perhaps shared"),
        "no_voicemail": N_("no message"),
        "withhold_number": N_("withhold number"),
        "neutral_wording": N_("neutral words"),
        "code_word": N_("code word"),
    },
    "event": {
        "note": N_("Note"),
        "restricted_note": N_("Restricted note"),
        "addendum": N_("Addendum"),
        "review": N_("Review"),
        "appointment": N_("Appointment"),
        "cancelled": N_("Cancelled appointment"),
        "outcome": N_("Outcome"),
        "contact": N_("Contact"),
        "obstacle": N_("Obstacle conversation due"),
        "obstacle_closed": N_("Obstacle conversation held"),
        "referral": N_("Referral"),
        "period": N_("Status changed"),
        "decision": N_("Decision"),
        "closed": N_("Closed"),
        "allocation": N_("Allocation"),
        "plan": N_("Plan"),
        "plan_reviewed": N_("Plan looked at again"),
        "goal": N_("Goal"),
        "action": N_("Action"),
        "risk": N_("Risk"),
        "access": N_("Access"),
        "address": N_("Address"),
        "born": N_("Born"),
        "loss": N_("A loss"),
        "removed": N_("Lives elsewhere"),
        "taken_back": N_("Written down by mistake"),
        "joined": N_("Recorded twice: joined"),
        "parted": N_("Two families after all"),
        "safe_contact": N_("Safe contact"),
        "message": N_("Message"),
        "reply": N_("Answer to a message"),
        "alarm": N_("Going in alone"),
        "life_event": N_("A change in the family"),
        "pregnancy": N_("Due date"),
        "recorded_twice": N_("Entered twice"),
        "third_party": N_("Told by or about somebody else"),
    },
    "waiting": {
        "details": N_("Details of the family"),
        "visit_note": N_("Note"),
        "addendum": N_("Addendum"),
        "note_review": N_("Review"),
        "appointment": N_("Appointment"),
        "attendance": N_("Outcome"),
        "contact": N_("Contact"),
        "obstacle": N_("Obstacle conversation"),
        "goal": N_("Goal"),
        "action": N_("Action"),
        "plan": N_("Plan"),
        "plan_review": N_("Review of a plan"),
        "paper": N_("Paper for somebody else"),
        "intervention": N_("Something offered to the family"),
        "measurement": N_("Form filled in"),
        "group": N_("Group"),
        "group_session": N_("Group session"),
        "enrolment": N_("Name on a group's list"),
        "register_mark": N_("Register"),
        "published": N_("Figures for the whole service"),
        "risk_note": N_("Risk"),
        "access_note": N_("Access"),
        "life_event": N_("A change in the family"),
        "recorded_twice": N_("Entered twice"),
        "third_party": N_("Told by or about somebody else"),
        "wrong_family": N_("Note with the wrong family"),
        "opening": N_("A restricted note was opened"),
        "reminder": N_("Message to the family"),
        "call_task": N_("Call to make"),
        "check_in": N_("Going in alone"),
        "duty": N_("Duty"),
        "team": N_("About the team"),
        "service_profile": N_("The service"),
        "worker": N_("Somebody of the team"),
        "invite_record": N_("Invite"),
        "cover": N_("A caseload lent"),
        "receipt": N_("What became of a message"),
        "reply": N_("A parent's reply"),
        "alarm_log": N_("Check-in"),
        "decision": N_("Decision"),
        "clock_pause": N_("A clock that stands still"),
        "waiting_reason": N_("Why the family waits"),
    },
    "life_event": {
        "born": N_("Born"),
        "pregnancy_ended": N_("The pregnancy ended"),
        "stillborn": N_("Stillborn"),
        "died": N_("Died"),
        "removed": N_("Lives elsewhere"),
    },
    "ended": {
        "pregnancy_ended": N_("The pregnancy ended"),
        "stillborn": N_("Stillborn"),
        "died": N_("Died"),
    },
    "left_out": {
        "third_party": N_("Told by or about somebody else"),
        "secret_address": N_("A place that this reader must not learn"),
        "warning": N_("A warning for colleagues"),
        "restricted": N_("Restricted note"),
        "unsigned": N_("Not signed"),
        "wrong_family": N_("Written on the wrong family"),
    },
    "role": {
        "administrator": N_("Administrator"),
        "supervisor": N_("Supervisor"),
        "worker": N_("Worker"),
    },
    "contact_outcome": {
        "spoke": N_("We spoke"),
        "no_answer": N_("No answer"),
        "left_message": N_("Left a message"),
        "unsafe": N_("Unsafe to talk"),
        "wrong_number": N_("Wrong number"),
    },
    "direction": {"out": N_("I rang them"), "in": N_("They rang me")},
    "note_doubt": {
        "cancelled": N_("The appointment is down as cancelled."),
        "not_there": N_("The outcome says that {name} was not seen, and here they are present."),
        "not_ticked": N_("The outcome says that {name} came, and here they are not present."),
        "nobody": N_("Nobody is ticked as present."),
        "child_not_said": N_("It is not said whether the child was seen."),
        "long_ago": N_("This was more than a year ago. Is the date right?"),
    },
    "bad_date": {
        "too_far_ahead": N_("That is too far ahead. Please check the year."),
        "too_long_ago": N_("That is too long ago. Please check the year."),
        "in_the_future": N_("That lies in the future. Please check the date."),
        "not_with_due_date": N_("That does not fit the due date. Please check both."),
        "before_birth": N_("That lies before the birth. Please check the date."),
    },
    **_REMINDERS,
    **_GROUPS,
}


_service: Profile | None = None


def speak_as(profile: Profile | None) -> None:
    """Use a service's own codes and words from now on, for all tabs of this device; None: none.

    Called when a casebook is opened and when it is put away. A profile holds nothing of a family.
    """
    global _service  # noqa: PLW0603 - one team per device process, like the language
    _service = profile


def word(vocabulary: str, code: str | None) -> str:
    """The words for a code; a code nobody has worded yet (newer records) is shown as it stands."""
    if not code:
        return ""
    own = _service.word(vocabulary, code, current_language()) if _service else ""
    if own:
        return own
    known = _WORDS.get(vocabulary, {}).get(code)
    return _(known) if known else code.replace("_", " ").capitalize()


def word_in(vocabulary: str, code: str, language: str) -> str:
    """The service's own words for a code in that language, else as the screens have them."""
    own = _service.word(vocabulary, code, language) if _service else ""
    return own or word(vocabulary, code)


def words(vocabulary: str) -> dict[str, str]:
    """Every code of a vocabulary with its words, in the order they are offered.

    Of the vocabularies that are a service's own, such as stages, those of its profile.
    """
    offered = _service.codes(vocabulary) if _service else None
    codes = _WORDS.get(vocabulary, {}) if offered is None else offered
    return {code: word(vocabulary, code) for code in codes}


def own_word(vocabulary: str, said: str) -> str:
    """What to show for a field that holds one of the service's codes or a person's own words."""
    own = _service.word(vocabulary, said, current_language()) if _service else ""
    return own or said


def worded(vocabulary: str) -> frozenset[str]:
    """The codes that have words; for the test that none is missing."""
    return frozenset(_WORDS.get(vocabulary, {}))
