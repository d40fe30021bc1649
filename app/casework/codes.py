"""Every code the domain hands up to the screens, by vocabulary, so that none is left unworded."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import get_args

from app.casework.appointment import CancelledBy, Status
from app.casework.appraisal import AppraisalState
from app.casework.attendance import Code, Obstacle, outcome_word
from app.casework.caseload import AllocationCaution, Role
from app.casework.clocks import ClockState
from app.casework.corrections import RULE
from app.casework.disclosure import Why
from app.casework.discretion import Indiscretion
from app.casework.eligibility import Fits
from app.casework.engagement import Noticed
from app.casework.family import FamilyStatus, Overdue, RiskLevel
from app.casework.figures import Choice
from app.casework.intervention import Ending
from app.casework.life_event import What
from app.casework.lone_worker import Protection
from app.casework.note import NoteState, Seen
from app.casework.note_doubts import Against
from app.casework.paper import LISTS, MeantFor, Sheet
from app.casework.pathway import WAITING_REASONS
from app.casework.people import Answer, Ended, PersonKind, Relation
from app.casework.period import PeriodKind
from app.casework.phone_number import NumberProblem
from app.casework.plan import DONE
from app.casework.profile.facts import COLLECTIONS
from app.casework.profile.flow import Fact
from app.casework.profile.milestones import MILESTONES
from app.casework.profile.standard import STANDARD
from app.casework.receipt import State
from app.casework.reminder_rules import Means
from app.casework.reply import Meaning
from app.casework.review import Act, ReviewState
from app.casework.route_verdict import Reason, Sign
from app.casework.safe_contact import Allowed, Caution, Channel
from app.casework.timeline import Event


def _of(codes: type[StrEnum]) -> tuple[str, ...]:
    return tuple(c.value for c in codes)


VOCABULARY: Mapping[str, tuple[str, ...]] = {
    "outcome": (*(outcome_word(c) for c in Code), "was_not_brought"),
    "obstacle": _of(Obstacle),
    "noticed": _of(Noticed),
    "appointment_status": _of(Status),
    "cancelled_by": _of(CancelledBy),
    **STANDARD,
    "seen": _of(Seen),
    "note_state": _of(NoteState),
    "review_act": _of(Act),
    "review_state": _of(ReviewState),
    "person_kind": _of(PersonKind),
    "relation": _of(Relation),
    "answer": _of(Answer),
    "family_status": _of(FamilyStatus),
    "risk_level": _of(RiskLevel),
    "overdue": _of(Overdue),
    "told_apart": ("street", "adults", "children", "due", "born", "locality", "ref"),
    "due": (
        "obstacle",
        "action",
        "clock",
        "goal_review",
        "plan_review",
        "appraisal",
        "note",
        "outcome",
        "route_review",
    ),
    "plan": ("plan",),
    "appraisal_state": _of(AppraisalState),
    "ending": _of(Ending),
    "goal_status": ("open", *sorted(DONE)),
    "sheet": _of(Sheet),
    "meant_for": _of(MeantFor),
    "list": LISTS,
    "period_kind": _of(PeriodKind),
    "clock_state": _of(ClockState),
    "lacks": tuple(MILESTONES),
    "fits": _of(Fits),
    "ask": get_args(Fact),
    "waiting_reason": WAITING_REASONS,
    "allocation_caution": _of(AllocationCaution),
    "channel": _of(Channel),
    "allowed": _of(Allowed),
    "caution": _of(Caution),
    "event": _of(Event),
    "life_event": _of(What),
    "ended": _of(Ended),
    "left_out": _of(Why),
    "role": _of(Role),
    "span": get_args(Choice),
    "counted": tuple(COLLECTIONS),
    "ethnicity": tuple("ABCDEFGHJKLMNPRSZ"),
    "gender": ("woman", "man", "girl", "boy", "other"),
    "action_status": ("open", "done", "dropped"),
    "contact_outcome": ("spoke", "no_answer", "left_message", "unsafe", "wrong_number"),
    "direction": ("out", "in"),
    "reason": _of(Reason),
    "sign": _of(Sign),
    "receipt_state": _of(State),
    "rule": (RULE,),
    "means": _of(Means),
    "reply_meaning": _of(Meaning),
    "number_problem": _of(NumberProblem),
    "protection": _of(Protection),
    "indiscretion": _of(Indiscretion),
    "note_doubt": _of(Against),
    "bad_date": (
        "too_far_ahead",
        "too_long_ago",
        "in_the_future",
        "not_with_due_date",
        "before_birth",
    ),
}
