"""What the site may not say about Stripe."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from cms.conf import configured

#: Where the stand-in listens; only a demonstration, a developer and the tests go there.
LOOPBACK = ("http://127.0.0.1", "http://localhost")


@register()
def stripe_is_stripe(**kwargs: Any) -> list[CheckMessage]:
    """payments.E001 for an address away from Stripe, payments.E002 for a key whose notices nobody could believe."""
    found: list[CheckMessage] = []
    base = configured.STRIPE_API_BASE
    if base and not base.startswith(LOOPBACK):
        hint = "Leave it out: Stripe's own address is known. Only the stand-in on this machine may be named."
        found.append(Error("STRIPE_API_BASE leads away from Stripe.", hint=hint, id="payments.E001"))
    elif base and configured.STRIPE_API_KEY.startswith(("sk_live_", "rk_live_")):
        hint = "Leave STRIPE_API_BASE out, or give a test key."
        found.append(Error("STRIPE_API_BASE names the stand-in for a live key.", hint=hint, id="payments.E001"))
    if configured.STRIPE_API_KEY and not configured.STRIPE_WEBHOOK_SECRET:
        hint = "Copy the signing secret of the webhook from Stripe's dashboard into BEST_PRACTICE_TOUR."
        found.append(Error("STRIPE_WEBHOOK_SECRET is not given.", hint=hint, id="payments.E002"))
    return found
