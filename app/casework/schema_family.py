"""Who a family is: people, addresses, routes to reach them, history, network, and warnings.

`since` and `until` are days; an open `until` means now. Addresses belong to persons, because
parents live apart, and an address once kept secret from somebody stays so: lifting the secret
means ending that address and writing it anew.
"""

from __future__ import annotations

from storage.kinds import Field, Kind, Policy


def _searchable(name: str, *, column: bool = False) -> Field:
    return Field(name=name, searchable=True, column="text" if column else None)


def _column(name: str) -> Field:
    return Field(name=name, column="text")


def _restrictive(name: str, *loosest_first: str) -> Field:
    return Field(name=name, policy=Policy.MOST_RESTRICTIVE, loosest_first=loosest_first)


_SINCE, _UNTIL = _column("since"), _column("until")

FAMILY = (
    Kind(
        name="family",
        fields=(
            _searchable("name", column=True),
            _searchable("ref", column=True),
            _searchable("known_as"),
            _column("locality"),
            _column("status"),
            Field(name="service"),
        ),
    ),
    Kind(
        name="person",
        fields=(
            _column("kind"),
            _searchable("given"),
            _searchable("surname"),
            _searchable("known_as"),
            _column("dob"),
            _column("edd"),
            Field(name="edd_source"),
            Field(name="nhs_no", searchable=True),
            Field(name="gender"),
            Field(name="ethnicity"),
            Field(name="language"),
            Field(name="interpreter"),
            Field(name="format"),
            _column("pregnancy"),
            Field(name="born_time"),
            _column("ended_on"),
            Field(name="ended_as"),
        ),
    ),
    Kind(
        name="membership",
        fields=(
            _column("person"),
            Field(name="relation"),
            Field(name="parental_responsibility"),
            _searchable("carers"),
            _searchable("contact_arrangements"),
            _SINCE,
            _UNTIL,
            Field(name="by_mistake"),
        ),
    ),
    Kind(
        name="address",
        fields=(
            _column("person"),
            _searchable("lines"),
            _searchable("postcode"),
            Field(name="secret_from", policy=Policy.ADD_ONLY),
            _SINCE,
            _UNTIL,
        ),
    ),
    Kind(
        name="safe_contact",
        fields=(
            _column("person"),
            _column("channel"),
            _searchable("number"),
            _restrictive("allowed", "yes", "unknown", "no"),
            Field(name="days"),
            Field(name="from_time"),
            Field(name="to_time"),
            _restrictive("shared_phone", "no", "unknown", "yes"),
            _restrictive("voicemail", "yes", "unknown", "no"),
            Field(name="withheld_id"),
            Field(name="neutral_wording"),
            Field(name="code_word"),
            Field(name="agreed_at"),
            Field(name="review_by"),
            Field(name="remark"),
            Field(name="versions", policy=Policy.ADD_ONLY),
        ),
    ),
    Kind(
        name="consent",
        fields=(
            _column("person"),
            _column("purpose"),
            _restrictive("state", "given", "withdrawn"),
            Field(name="at"),
            Field(name="evidence"),
        ),
    ),
    Kind(
        name="referral",
        fields=(
            _column("received_at"),
            Field(name="source"),
            _searchable("referrer"),
            Field(name="via"),
            _searchable("reason"),
            Field(name="previous_removal"),
            Field(name="decision"),
            Field(name="decided_at"),
            Field(name="decided_by"),
            Field(name="eligibility"),
        ),
    ),
    Kind(
        name="episode",
        fields=(
            Field(name="service"),
            Field(name="referral"),
            Field(name="focus_person"),
            _column("opened_at"),
            # Two people who close a family differently have to agree on one.
            Field(name="closed_at", policy=Policy.KEEP_BOTH, column="text"),
            Field(name="closure_reason", policy=Policy.KEEP_BOTH),
            Field(name="destination", policy=Policy.KEEP_BOTH),
            Field(name="remark", searchable=True),
        ),
    ),
    Kind(
        name="period",
        fields=(
            _column("subject"),
            _column("kind"),
            _column("code"),
            _SINCE,
            _UNTIL,
            Field(name="answer"),
            Field(name="by", searchable=True),
            Field(name="reason", searchable=True),
        ),
    ),
    Kind(
        name="allocation",
        fields=(
            Field(name="episode"),
            _column("worker"),
            _column("function"),
            Field(name="team"),
            _SINCE,
            _UNTIL,
            _column("cover"),
            Field(name="beside", policy=Policy.ADD_ONLY),
        ),
    ),
    Kind(
        name="professional",
        fields=(
            _searchable("name"),
            _searchable("role"),
            _searchable("agency"),
            _searchable("phone"),
            _searchable("email"),
            Field(name="person"),
            Field(name="remark", searchable=True),
            _SINCE,
            _UNTIL,
        ),
    ),
    Kind(
        name="risk_note",
        fields=(_searchable("text"), Field(name="level"), _SINCE, _UNTIL),
    ),
    Kind(
        name="access_note",
        fields=(_searchable("text"), Field(name="address"), _SINCE, _UNTIL),
    ),
)
