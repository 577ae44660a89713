"""The member list as a table: a file read into rows, and the list written as the same rows."""

from collections.abc import Iterable

from cms.tables import read_table
from events.models import Membership

#: The columns of the file, import and export alike.
COLUMNS = (
    "organisation",
    "enterprise_number",
    "municipality",
    "country",
    "scheme",
    "role",
    "valid_from",
    "valid_until",
    "evidence",
    "domains",
    "code",
)
NEEDED = ("organisation", "scheme")


def read_members(name: str, content: bytes) -> list[dict[str, str]]:
    """The rows of a file that is a member list. Raises cms.tables.UnreadableFile."""
    return read_table(name, content, columns=COLUMNS, needed=NEEDED)


def member_table() -> Iterable[list[str]]:
    """The whole list as rows, heading first: what import_members reads back without a change."""
    yield list(COLUMNS)
    memberships = Membership.objects.select_related("organisation", "scheme").prefetch_related(
        "organisation__email_domains", "organisation__codes"
    )
    for membership in memberships.order_by("organisation__name", "scheme__slug", "role"):
        organisation = membership.organisation
        codes = [code.code for code in organisation.codes.all()]
        yield [
            organisation.name,
            organisation.enterprise_number,
            organisation.municipality,
            organisation.country,
            membership.scheme.slug,
            membership.role,
            membership.valid_from.isoformat() if membership.valid_from else "",
            membership.valid_until.isoformat() if membership.valid_until else "",
            membership.evidence,
            " ".join(domain.domain for domain in organisation.email_domains.all()),
            codes[0] if codes else "",
        ]
