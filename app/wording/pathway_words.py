"""What the codes of a family's way through the service are called; see `vocabulary`."""

from __future__ import annotations

from collections.abc import Mapping

from app.wording.catalogue import N_

PATHWAY_WORDS: Mapping[str, Mapping[str, str]] = {
    "clock_state": {
        "awaited": N_("Not running yet"),
        "running": N_("Running"),
        "due_soon": N_("Due soon"),
        "overdue": N_("Overdue"),
        "paused": N_("Stands still"),
        "met_in_time": N_("Met in time"),
        "met_late": N_("Met late"),
        "ended": N_("Ended before it was met"),
    },
    "lacks": {
        "referral_received": N_("Runs from the referral, which has no day yet."),
        "referral_decided": N_("Runs from the decision on the referral."),
        "referral_accepted": N_("Runs from the day the referral is accepted."),
        "opened": N_("Runs from the opening."),
        "closed": N_("Runs from the closing."),
        "allocated": N_("Runs from the allocation."),
        "stage": N_("Runs from a stage that has not begun."),
        "stage_left": N_("Runs from the end of a stage."),
        "decision": N_("Runs from a decision that has not been taken."),
        "first_attended": N_("Runs from the first contact that takes place."),
        "last_attended": N_("Runs from the latest contact that took place."),
        "plan_agreed": N_("Runs from the day a plan is agreed."),
        "plan_reviewed": N_("Runs from the review of the plan."),
        "appraisal_requested": N_("Runs from the day an appraisal is asked for."),
        "appraisal_returned": N_("Runs from the day an appraisal is back."),
        "intervention_started": N_("Runs from the start of the intervention."),
        "intervention_ended": N_("Runs from the end of the intervention."),
        "joined": N_("Runs from the first group session."),
        "measured": N_("Runs from the day a form is filled in."),
        "edd": N_("The due date is not known. Please ask: it is never guessed."),
        "birth": N_("Runs from the birth."),
        "legal": N_("Runs from a legal status."),
        "placement": N_("Runs from the day the child lives there."),
    },
    "fits": {
        "met": N_("Met"),
        "not_met": N_("Not met"),
        "not_known": N_("Not known"),
    },
    "ask": {
        "asked": N_("Nobody has answered this yet."),
        "pregnant": N_("No baby on the way and no child is written down."),
        "gestation_days": N_("The due date is not written down. Please ask: it is never guessed."),
        "youngest_months": N_("No child's date of birth is written down, and no baby on the way."),
        "previous_removal": N_("Nobody has asked yet."),
        "legal": N_("No legal status of a child is written down."),
        "locality": N_("The area is not written down."),
        "source": N_("Who referred is not written down."),
        "via": N_("Through whom it came is not written down."),
    },
    "waiting_reason": {
        "no_room": N_("No room in the service"),
        "no_worker": N_("Nobody free in this area"),
        "language": N_("Nobody who speaks their language yet"),
        "more_to_know": N_("We have asked for more information"),
        "not_reached": N_("The family could not be reached yet"),
        "family_asked": N_("The family asked to wait"),
        "other": N_("Something else"),
    },
    "allocation_caution": {
        "service_full": N_("The service works with as many families as it can."),
        "held_already": N_("Somebody else already works with the family as this."),
        "hers_already": N_("She already works with the family as this."),
        "not_decided": N_("Nothing has been decided on the referral yet."),
    },
    "outcome:referral": {"accepted": N_("Accepted"), "not_accepted": N_("Not accepted")},
}
