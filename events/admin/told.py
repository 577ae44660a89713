"""The history of a registration as people read it: when, who, what was done, what changed, and why."""

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.auth import get_user_model
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from cms.templatetags.cms_tags import brief, money
from events.models import Attendee, Entitlement, Event, Registration, TicketType
from events.words import forgotten, is_nobody

DEEDS = {
    "register": _("Registered"),
    "confirm": _("Paid and confirmed"),
    "confirm_mailbox": _("Mailbox confirmed"),
    "cancel": _("Seats given up"),
    "withdraw": _("Order withdrawn"),
    "expire": _("Time ran out"),
    "release_hold": _("Payment failed"),
    "extend_hold": _("Held longer"),
    "offer_seats": _("Seats offered"),
    "accept_offer": _("Offer accepted"),
    "decline_offer": _("Offer declined"),
    "accept_part": _("Fewer seats are welcome too"),
    "take_free_seat": _("Last place taken"),
    "approve": _("Approved"),
    "reject": _("Not approved"),
    "substitute": _("Name changed"),
    "grant": _("Price for members granted"),
    "lower_prices": _("Price lowered"),
    "withdraw_entitlement": _("Price for members withdrawn"),
    "attendance": _("Attendance noted"),
    "change_event": _("Visit changed"),
    "cancel_event": _("Visit cancelled"),
    "import_members": _("Member list imported"),
    "move": _("Moved to another visit"),
    "purchase_order": _("Purchase order number given"),
    "erase": _("Forgotten on request"),
    "purge": _("Forgotten by the clock"),
}


#: Done by nobody who is logged in: by the approver's link, or by the clock and the payment service.
BY_APPROVER = frozenset(["approve", "reject"])
BY_ITSELF = frozenset(["confirm", "expire", "release_hold", "extend_hold", "offer_seats", "purge", ""])
#: What is known of a person, until they are forgotten.
PERSONAL = frozenset(["first_name", "last_name", "email"])
MONEY = frozenset(["price_excl_vat", "price_incl_vat", "fee_kept"])


class Change(NamedTuple):
    """One line of history."""

    at: datetime
    who: str
    deed: str
    about: str
    changes: list[tuple[str, str, str]]
    why: str


def history(registration: Registration) -> list[Change]:
    """Everything that changed on a registration and its seats, newest first. Five queries, however long it is."""
    return _told([
        *_granted(registration),
        *_rows("RegistrationChange", Registration, [registration.pk]),
        *_rows("AttendeeChange", Attendee, list(registration.attendees.values_list("pk", flat=True))),
    ])  # fmt: skip


def _granted(registration: Registration) -> list[dict[str, Any]]:
    """What an organiser decided about the price, by whose membership: also where no price changed by it."""
    decided = registration.entitlements.filter(proof=Entitlement.Proof.DECISION)
    return [
        {
            "at": row.claimed_at,
            "is_first": False,
            "by": row.decided_by_id,
            "deed": "grant",
            "why": row.evidence,
            "about": str(row.membership.organisation),
            "changes": [],
        }
        for row in decided.select_related("membership__organisation")
    ]


def event_history(event: Event) -> list[Change]:
    """Everything that changed on a visit and its prices, newest first. Four queries, however long it is."""
    return _told([
        *_rows("EventChange", Event, [event.pk]),
        *_rows("TicketTypeChange", TicketType, list(event.ticket_types.values_list("pk", flat=True))),
    ])  # fmt: skip


def _told(rows: list[dict[str, Any]]) -> list[Change]:
    users = {
        user.pk: str(user.get_full_name() or user)
        for user in get_user_model().objects.filter(pk__in={row["by"] for row in rows if row["by"]})
    }
    lines = [
        Change(
            row["at"],
            users.get(row["by"], "") if row["by"] else _without_account(row["deed"]),
            str(DEEDS.get(row["deed"], row["deed"])) or (str(_("Entered")) if row["is_first"] else str(_("Changed"))),
            row["about"],
            row["changes"],
            row["why"],
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _without_account(deed: str) -> str:
    if deed in BY_APPROVER:
        return str(_("the approver"))
    return str(_("the system")) if deed in BY_ITSELF else str(_("the contact or a participant"))


def _rows(name: str, model: Any, pks: list[int]) -> list[dict[str, Any]]:
    tracked = apps.get_model("events", name)
    fields = [field for field in tracked._meta.fields if not field.name.startswith("pgh_")]
    found = tracked._default_manager.filter(pgh_obj__in=pks).select_related("pgh_context").order_by("pgh_obj", "pgh_id")
    rows, before = [], None
    names = _names(fields, list(found))
    for row in found:
        first = before is None or before.pgh_obj_id != row.pgh_obj_id
        changed = [] if first else [f for f in fields if getattr(before, f.attname) != getattr(row, f.attname)]
        said = row.pgh_context.metadata if row.pgh_context else {}
        if first or changed:
            rows.append({
                "at": row.pgh_created_at,
                "is_first": first,
                "by": said.get("by") or said.get("user"),
                "deed": said.get("deed", ""),
                "why": said.get("why", ""),
                "about": _about(row, model),
                "changes": _changes(changed, before, row, names),
            })  # fmt: skip
        before = row
    return rows


def _about(row: Any, model: Any) -> str:
    if model is Attendee and is_nobody(row.email):
        return forgotten()
    if model is Attendee:
        return f"{row.first_name} {row.last_name}".strip() or str(_("Name to follow"))
    return str(row.name_nl) if model is TicketType else ""


def _names(fields: list[Any], rows: list[Any]) -> dict[str, dict[int, str]]:
    """For each field that refers to other rows what those are called: a query for each that ever changed."""
    things = {row.pgh_obj_id for row in rows}
    names = {}
    for field in fields:
        values = {(row.pgh_obj_id, getattr(row, field.attname)) for row in rows} if field.is_relation else set()
        if len(values) > len(things):
            found = field.related_model._default_manager.in_bulk({pk for _thing, pk in values if pk is not None})
            names[field.name] = {pk: str(row) for pk, row in found.items()}
    return names


def _changes(
    fields: list[Any], before: Any, after: Any, names: dict[str, dict[int, str]]
) -> list[tuple[str, str, str]]:
    """(field, as it was, as it is) where people see a difference: a forgotten name differs from no other."""
    told = [
        (str(field.verbose_name), said(before, field, names.get(field.name)), said(after, field, names.get(field.name)))
        for field in fields
    ]
    return [change for change in told if change[1] != change[2]]


def said(row: Any, field: Any, names: dict[int, str] | None = None) -> str:
    """The value of a field as people read it; a dash for nothing. `names` of the rows it may refer to, when known."""
    if field.name in PERSONAL and is_nobody(row.email):
        return forgotten() if field.name == "first_name" else "–"
    value = getattr(row, f"get_{field.name}_display")() if field.choices else getattr(row, field.attname)
    if field.is_relation and value is not None:
        return str(getattr(row, field.name)) if names is None else names.get(value, str(value))
    if field.name in MONEY and value is not None:
        return money(value)
    return in_words(value)


def in_words(value: Any) -> str:
    """A value as people read it; a dash for nothing."""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, datetime):
        return brief(value)
    if isinstance(value, Decimal):
        return number_format(value, decimal_pos=2)
    return "–" if value in (None, "") else str(value)
