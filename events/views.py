"""Registering on the site: the form, what it comes to, and the order."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from cms.sites import of_this_site
from cms.translations import NAMES as LANGUAGE_NAMES
from events import actions
from events.entitlement import Decision, quota_of
from events.forms import Registering
from events.guessing import TooManyTried, counting_guesses
from events.manage_views import to_manage, to_payment
from events.models import Approval, Event, EventPage, Ladder, Membership, Registration, TicketType
from events.places import ON_SITE, Place
from events.refusals import Refusal
from events.settlement import installed

#: A look-up is no list: more than so many means that the question was too wide.
MOST_FOUND = 5


@require_safe
def lookup(request: HttpRequest) -> HttpResponse:
    """Is my organisation in? Names of organisations with a membership that is valid today; no people, no codes."""
    q = request.GET.get("q", "").strip()[:100]
    too_short = len(q) < 3
    found = []
    if q and not too_short:
        valid = Membership.objects.entitling_on(timezone.localdate()).named(q)
        found = list(valid.select_related("organisation", "scheme").order_by("organisation__name")[:MOST_FOUND])
    return render(request, "events/lookup.html", {"q": q, "found": found, "too_short": too_short})


@cache_control(private=True, max_age=600)
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, page_id: int) -> HttpResponse:
    """The form's steps: check, show what it comes to, and order. Data is kept on every error.

    The browser may keep the answers for a while, on its own: with "no-store" its back button, pressed on the payment
    page, would find nothing but an error.

    `step` is "more" (one more colleague), "change" (back to the form), "review" (the default), "ask" and "pay" (the
    overview, with the seats beyond the quota asked of the organiser or paid for) or "order".
    """
    page = visit_to_register_for(page_id)
    if request.method == "GET":
        return redirect(page.get_url(request))
    return step_of(request, page, ON_SITE)


def visit_to_register_for(page_id: int) -> EventPage:
    """Raises Http404."""
    return get_object_or_404(of_this_site(EventPage.objects.live().public().select_related("event")), pk=page_id)


def step_of(request: HttpRequest, page: EventPage, place: Place) -> HttpResponse:
    """One step of the form, wherever it stands. A GET, which only a frame asks here, shows it empty."""
    if request.method == "GET":
        return _show_form(request, page, None, place, quiet=True)
    step = request.POST.get("step", "review")
    answers = request.POST.copy()
    if step in {"ask", "pay"}:
        answers["asks_for_more"] = "on" if step == "ask" else ""
    registering = Registering(page.event, answers, more=step == "more")
    if step in {"more", "change"}:
        registering.is_valid()  # the form keeps its data; its errors are not shown before it is sent
        return _show_form(request, page, registering, place, quiet=True)
    if not registering.is_valid():
        return _show_form(request, page, registering, place)
    try:
        if step == "order":
            return _order(request, page, registering, place)
        return _review(request, page, registering, place)
    except Refusal as refusal:
        if refusal.field in registering.form.fields:
            registering.form.add_error(refusal.field, refusal.text())
        else:
            registering.general_errors.append(refusal.text())
        response = _show_form(request, page, registering, place)
        if isinstance(refusal, TooManyTried):
            response.status_code = refusal.status
            response["Retry-After"] = str(refusal.facts["seconds"])
        return response


def _show_form(
    request: HttpRequest, page: EventPage, registering: Registering | None, place: Place, *, quiet: bool = False
) -> HttpResponse:
    """The form again (framed: it alone), with what was typed and, unless quiet, what is wrong with it."""
    context = {"page": page, "event": page.event} if place.is_framed else page.get_context(request)
    context |= {"place": place, "register_url": place.url(page)}
    if registering is not None:
        context |= {"registering": registering, "errors": [] if quiet else registering.errors(), "quiet": quiet}
    template = "events/embed/register.html" if place.is_framed else page.get_template(request)
    return render(request, template, context, status=200 if quiet else 422)


def _review(
    request: HttpRequest, page: EventPage, registering: Registering, place: Place, *, changed: bool = False
) -> HttpResponse:
    """What it comes to, before anything is ordered: seats, prices, terms, and a button that says what it does."""
    at = timezone.now()
    event = page.event
    order = registering.order(get_language() or "nl", None)
    decision = actions.decision_for(event, order, at)
    kinds, asks_organiser = actions.ticket_types(event, order, decision, at)
    event.count_seats(at)
    total = _total(kinds)
    # Said now rather than after the order; the deed decides again under the lock.
    seen = actions.outlook(event, order, decision, kinds, total=total, asks_organiser=asks_organiser, at=at)
    at_once = seen.will_wait and actions.offered_at_once(event, seen.line, len(kinds), at=at)
    asked = {approval.asked: approval for approval in seen.approvals}
    total_excl = sum((kind.price_excl_vat for kind in kinds), start=Decimal("0.00"))
    ladder = Ladder(event.cancellation_steps.values_list("days_before", "fee_percent"))
    ladder_left = ladder.left(starts_at=event.starts_at, at=at)
    beyond = len(kinds) - sum(1 for kind in kinds if kind == decision.ticket_type)
    return render(
        request,
        "events/review.html",
        {
            "page": page,
            "place": place,
            "register_url": place.url(page),
            "event": event,
            "registering": registering,
            "order": order,
            "decision": seen.decision,
            "names_missing": sum(1 for person in order.attendees if not person.is_named),
            "places": list(zip(order.attendees, kinds, strict=True)),
            "total": total,
            "total_excl": total_excl,
            "total_vat": total - total_excl,
            "beyond_quota": beyond,
            "asks_organiser": asks_organiser,
            "quota_is_cut": (beyond > 0 or asks_organiser) and _quota_is_cut(event, decision, len(kinds), at),
            "can_pay_instead": asks_organiser and decision.beyond is not None,
            "asks_approver": asked.get(Approval.Asked.APPROVER),
            # The same words whatever the organiser is asked for: a host's veto stays private.
            "organiser_confirms": Approval.Asked.ORGANISER in asked and not asks_organiser,
            "approvals": seen.approvals,
            "ahead": seen.ahead[1:] if at_once else seen.ahead,
            "offered_at_once": at_once,
            "left": event.seats_for_newcomers(at),
            "kept": event.seats_kept(at),
            "contact_email": order.contact.email,
            "by_invoice": order.is_by_invoice,
            "due_on": _due_on(event, order, at),
            "will_wait": seen.will_wait,
            "ladder": ladder_left.steps,
            "ladder_has_begun": ladder_left.has_begun,
            "posted": _posted(cast("QueryDict", registering.form.data), asks_part=seen.will_wait and len(kinds) > 1),
            "key": request.POST.get("key") or secrets.token_urlsafe(24),
            "price_changed": changed,
            "elsewhere": _elsewhere(page),
        },
    )


def _quota_is_cut(event: Event, decision: Decision, seats: int, at: datetime) -> bool:
    membership = decision.membership
    return membership is not None and quota_of(membership, event=event, at=at).is_cut_for(seats)


def _due_on(event: Event, order: actions.Order, at: datetime) -> date | None:
    settlement = installed()
    return settlement.due_on(event, at=at) if settlement is not None and order.is_by_invoice else None


def _elsewhere(page: EventPage) -> list[tuple[str, str, str]]:
    """(code, name, address) of this step in the other languages, for the language switch: it takes the form along."""
    links = []
    for other in page.get_translations().live().public().select_related("locale"):
        code = other.locale.language_code
        with override(code):
            links.append((code, LANGUAGE_NAMES.get(code, code), reverse("events:register", args=[other.pk])))
    return links


def _total(kinds: Sequence[TicketType]) -> Decimal:
    return sum((kind.price_incl_vat for kind in kinds), start=Decimal("0.00"))


def _posted(answers: QueryDict, *, asks_part: bool = False) -> list[tuple[str, str]]:
    """Everything typed, for the hidden fields of the review; its own fields left out: whether a group in the line is
    glad with fewer places is asked there, where it first knows that it has to wait."""
    own = {"csrfmiddlewaretoken", "step", "key", "seen_total", "seen_waiting"}
    if asks_part:
        own.add("accepts_part")
    return [(name, value) for name in answers if name not in own for value in answers.getlist(name)]


def _order(request: HttpRequest, page: EventPage, registering: Registering, place: Place) -> HttpResponse:
    """Order what was shown. A price that changed since is shown again first: nobody orders what they did not see."""
    at = timezone.now()
    key = request.POST.get("key", "")[:200]
    order = registering.order(
        get_language() or "nl", f"form-{hashlib.sha256(key.encode()).hexdigest()}" if key else None
    )
    is_ordered = (
        bool(order.idempotency_key) and page.event.registrations.filter(idempotency_key=order.idempotency_key).exists()
    )
    if not is_ordered:  # the second click of two is answered as the first, whatever the price has become since
        decision = actions.decision_for(page.event, order, at)
        kinds, _asks = actions.ticket_types(page.event, order, decision, at)
        if request.POST.get("seen_total") != str(_total(kinds)):
            return _review(request, page, registering, place, changed="seen_total" in request.POST)
    with counting_guesses(request, at=at):
        registration = actions.register(event=page.event, order=order, at=at)
    if place.is_framed:
        # The payment page shows itself in no frame: it is gone to by a click.
        return _done_in_frame(registration)
    if registration.status == Registration.Status.HELD:
        return to_payment(registration)
    # They saw places, and somebody was quicker.
    was_late = registration.status == Registration.Status.WAITING and not request.POST.get("seen_waiting")
    return to_manage(registration, "late" if was_late else "registered")


def _done_in_frame(registration: Registration) -> HttpResponse:
    with override(registration.language):
        url = reverse("events:embed_done", args=[registration.manage_token])
    response = redirect(f"{url}?from=registered")
    response.status_code = 303
    return response
