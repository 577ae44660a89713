"""The page people come back to from paying, which believes nothing and asks Stripe; and their own documents."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events.manage_views import bad_link, private
from events.models import Registration
from payments import actions
from payments import stripe_gateway as gateway
from payments.documents.pdf import file_name, pdf
from payments.models import Invoice, Payment

log = logging.getLogger("payments")


@never_cache
@require_safe
def checkout_return(request: HttpRequest) -> HttpResponse:
    """Sync the named session and go to the registration it pays. One without its registration's token goes home."""
    session_id = request.GET.get("session_id", "")[:255].replace("\x00", "")
    reference = Registration.reference_in(request.GET.get("token", "")[:255])
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
    with override(payment.registration.language):
        return redirect(reverse("events:manage", args=[payment.registration.manage_token]) + "?from=payment")


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
