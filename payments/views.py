"""The page people come back to from paying, which believes nothing and asks Stripe; and their own documents."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cms.validators import check_one_line
from events.addresses import manage_url
from events.manage_views import bad_link, private
from events.models import Registration
from events.refusals import Refusal
from payments import actions, addresses
from payments import stripe_gateway as gateway
from payments.documents.pdf import file_name, pdf
from payments.models import Invoice, Payment
from payments.refusals import OrderNumberTooLong, OrderNumberUnreadable
from payments.slots import billing_context, documents_of

log = logging.getLogger("payments")


@never_cache
@require_safe
def checkout_return(request: HttpRequest) -> HttpResponse:
    """Sync the named session and go to the registration it pays. One without its registration's token goes home."""
    session_id = request.GET.get("session_id", "")[:255].replace("\x00", "")
    token = request.GET.get("token", "")[:255]
    reference = Registration.reference_in(token)
    is_contacts = reference is not None
    reference = reference or addresses.reference_in(token)
    payment = (
        Payment.objects.select_related("registration")
        .filter(session_id=session_id, registration__reference=reference)
        .first()
    )
    if payment is None:
        return redirect("/")
    try:
        actions.sync_checkout(session_id, at=timezone.now())
    except gateway.GatewayError as error:
        # The webhook or the sweep will tell; meanwhile the page says "being processed".
        log.warning("Could not sync %s on return: %s", session_id, error)
    if not is_contacts:
        return _to_billing_page(payment.registration, "payment")
    return redirect(f"{manage_url(payment.registration)}?from=payment")


@private
@require_safe
def own_document(request: HttpRequest, token: str, number: str, extension: str) -> HttpResponse:
    """One document of the registration this token manages, as PDF or XML. Anybody else's is a dead link."""
    reference = Registration.reference_in(token)
    document = Invoice.objects.filter(registration__reference=reference, number=number).first() if reference else None
    return as_file(document, extension) if document else bad_link(request)


def as_file(document: Invoice, extension: str) -> HttpResponse:
    """The document to save: "pdf", or "xml", the electronic one as it was issued."""
    is_pdf = extension == "pdf"
    content = pdf(document) if is_pdf else document.ubl.encode()
    response = HttpResponse(content, content_type="application/pdf" if is_pdf else "application/xml")
    response["Content-Disposition"] = f'attachment; filename="{file_name(document, extension)}"'
    return response


View = Callable[..., HttpResponse]


def by_billing_token(view: Callable[..., HttpResponse]) -> View:
    """The registration a billing token names, or a page that says the link does not work."""

    @private
    @wraps(view)
    def wrapped(request: HttpRequest, token: str, **kwargs: str) -> HttpResponse:
        reference = addresses.reference_in(token)
        found = Registration.objects.select_related("event").filter(reference=reference) if reference else None
        registration = found.first() if found is not None else None
        return view(request, registration, **kwargs) if registration else bad_link(request)

    return wrapped


def _billing_page(request: HttpRequest, registration: Registration, status: int = 200, **more: Any) -> HttpResponse:
    page = registration.event.page_in(get_language() or "nl")
    context = billing_context(registration) | {
        "documents": documents_of(registration),
        "event": registration.event,
        "event_page": page,
        **more,
    }
    return render(request, "payments/billing.html", context, status=status)


def _to_billing_page(registration: Registration, came_from: str) -> HttpResponse:
    with override(registration.language):
        url = reverse("payments:billing", args=[addresses.billing_token(registration)])
    response = redirect(f"{url}?from={came_from}")
    response.status_code = 303
    return response


@require_safe
@by_billing_token
def billed_document(request: HttpRequest, registration: Registration, number: str, extension: str) -> HttpResponse:
    """The same for whoever reads the invoices: they have each by mail too."""
    document = Invoice.objects.filter(registration=registration, number=number).first()
    return as_file(document, extension) if document else bad_link(request)


@require_safe
@by_billing_token
def billing(request: HttpRequest, registration: Registration) -> HttpResponse:
    """What is to be paid, how, and the purchase order number; for the contact and for the bookkeeping."""
    return _billing_page(request, registration, came_from=request.GET.get("from", ""))


@require_POST
@by_billing_token
def pay_invoice(request: HttpRequest, registration: Registration, number: str) -> HttpResponse:
    """On to the payment page of one open invoice. One that is paid or credited by now says so."""
    invoice = Invoice.objects.invoices().filter(registration=registration, number=number).first()
    if invoice is None:
        return bad_link(request)
    try:
        payment = actions.start_checkout(registration=registration, invoice=invoice, at=timezone.now())
    except actions.NothingToPay:
        return _to_billing_page(registration, "nothing")
    except gateway.GatewayError as error:
        log.warning("Could not ask payment of %s: %s", number, error)
        return _to_billing_page(registration, "payment-unavailable")
    return redirect(payment.session_url)


@require_POST
@by_billing_token
def order_number(request: HttpRequest, registration: Registration) -> HttpResponse:
    """The purchase order number that followed."""
    number = request.POST.get("purchase_order", "").replace("\x00", "").strip()
    try:
        if len(number) > 35:
            raise OrderNumberTooLong
        try:
            check_one_line(number)
        except ValidationError:
            raise OrderNumberUnreadable from None
        actions.add_purchase_order(registration=registration, number=number, at=timezone.now())
    except Refusal as refusal:
        return _billing_page(request, registration, refusal.status, refusal=refusal.text(), typed=number)
    return _to_billing_page(registration, "order")
