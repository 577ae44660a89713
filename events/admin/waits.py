"""On the admin's front page: what of the visits to come waits for their organiser, and which lack a page."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms import conf
from cms.templatetags.cms_tags import brief
from cms.waiting import Row, Waiting, first_of, there, writes_pages
from events.models import Approval, Event, Letter, Offer

REGISTRATIONS = "tour_registrations:index"


def waiting(*, user: Any, at: datetime) -> list[Waiting]:
    """For who runs the visits, and for who writes their pages. A constant number of queries."""
    return there(_of(user, at))


def _of(user: Any, at: datetime) -> Iterator[Waiting]:
    if user.has_perm("events.change_registration"):
        yield _approvals()
        yield _offers(at)
        yield _letters(at)
    if user.has_perm("events.change_event") or (user.has_perm("events.view_event") and writes_pages(user)):
        yield _pages(at, may_edit=user.has_perm("events.change_event"))


def _approvals() -> Waiting:
    count, listed = first_of(Approval.objects.for_organiser().select_related("registration__event"))
    rows = [_of_registration(approval.registration, brief(approval.asked_at)) for approval in listed]
    return Waiting(_("Registrations for your yes"), count, rows, f"{reverse(REGISTRATIONS)}?status=awaiting_approval")


def _offers(at: datetime) -> Waiting:
    count, listed = first_of(Offer.objects.running_out(at).select_related("registration__event"))
    rows = [
        _of_registration(
            offer.registration,
            ngettext("%(seats)s place, until %(when)s", "%(seats)s places, until %(when)s", offer.seats)
            % {"seats": offer.seats, "when": brief(offer.expires_at)},
        )
        for offer in listed
    ]
    return Waiting(
        _("Offers from the waiting list that end within a day"), count, rows, f"{reverse(REGISTRATIONS)}?status=offered"
    )


def _letters(at: datetime) -> Waiting:
    lost = Letter.objects.given_up().filter(registration__event__ends_at__gte=at)
    count, listed = first_of(
        lost.select_related("registration__event").order_by("registration__event__starts_at", "pk")
    )
    rows = [_of_registration(letter.registration, letter.recipient) for letter in listed]
    return Waiting(_("Mails that did not arrive"), count, rows, f"{reverse(REGISTRATIONS)}?letters=lost")


def _of_registration(registration: Any, note: str) -> Row:
    return Row(
        f"{registration.contact_name}, {registration.organisation_name}",
        reverse("tour_registrations:inspect", args=[registration.pk]),
        f"{registration.event.name}, {note}",
    )


def _pages(at: datetime, *, may_edit: bool) -> Waiting:
    """Visits that are planned and not told about in every language."""
    languages = dict(conf.languages())
    planned = Event.objects.upcoming(at).filter(status=Event.Status.SCHEDULED).with_languages()
    count, listed = first_of(planned.exclude(languages__contains=list(languages)).order_by("starts_at", "pk"))
    rows = []
    for visit in listed:
        missing = [str(name) for code, name in languages.items() if code not in visit.languages]
        note = _("%(when)s, missing: %(languages)s") % {"when": brief(visit.date), "languages": ", ".join(missing)}
        url = reverse("tour_events:edit" if may_edit else "tour_events:inspect", args=[visit.pk])
        rows.append(Row(visit.name, url, note))
    return Waiting(_("Planned visits without a page in both languages"), count, rows, reverse("visit_pages:index"))
