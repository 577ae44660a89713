"""The page about paying: its address stands in invoices' mails, and whoever has it can pay and no more."""

from django.core import signing
from django.urls import reverse
from django.utils.translation import override

from events.addresses import absolute
from events.models import Registration

_signer = signing.Signer(salt="payments.billing", sep=".")


def billing_token(registration: Registration) -> str:
    """Proves that we sent it. It opens the page to pay and to give an order number; not the registration."""
    return _signer.sign(registration.reference)


def reference_in(token: str) -> str | None:
    """The reference a billing token names, None when the token is not ours."""
    try:
        return str(_signer.unsign(token))
    except signing.BadSignature:
        return None


def billing_url(registration: Registration) -> str:
    with override(registration.language):
        return absolute(reverse("payments:billing", args=[billing_token(registration)]))
