"""Every kind of record there is, in one place, as storage must know it.

Storage folds, merges, indexes and searches by what is declared here and understands none of it.
A family's record bears the id of its casefile, so "which family" is always the casefile a record
arrived in, never a field that its writer could have filled in with another family's.
"""

from __future__ import annotations

from app.casework.schema_details import DETAILS
from app.casework.schema_diary import DIARY
from app.casework.schema_family import FAMILY
from app.casework.schema_group import GROUP
from app.casework.schema_notes import NOTES
from app.casework.schema_paper import PAPER
from app.casework.schema_pathway import PATHWAY
from app.casework.schema_reminders import DUTY, REMINDERS
from app.casework.schema_team import TEAM
from app.casework.schema_work import WORK
from storage.kinds import Schema

SCHEMA = Schema(
    version=9,
    kinds=(
        *FAMILY,
        *DIARY,
        *NOTES,
        *TEAM,
        *DETAILS,
        *REMINDERS,
        DUTY,
        *PATHWAY,
        *WORK,
        *PAPER,
        *GROUP,
    ),
)
