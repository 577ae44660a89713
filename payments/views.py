"""The page the payment page sends people back to. It believes nothing it is told: it asks Stripe."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events.models import Registration
from payments import actions
from payments import stripe_gateway as gateway
from payments.models import Payment

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
