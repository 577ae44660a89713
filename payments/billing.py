"""To whom a registration is billed: what was filled in for it, else what we know of its organisation."""

from typing import NamedTuple

from events.billing import BuyerKind
from events.models import Registration
from payments.models import BillingDetails


class Billing(NamedTuple):
    """The buyer as a document names it."""

    kind: str
    name: str
    contact: str
    street: str
    postal_code: str
    city: str
    country: str
    email: str
    enterprise_number: str
    vat_number: str
    peppol_id: str
    purchase_order: str
    po_follows: bool


def details_of(registration: Registration) -> BillingDetails | None:
    """As filled in for it, or for the order it was split off from."""
    asked = [registration.pk, registration.split_from_id]
    found = {details.registration_id: details for details in BillingDetails.objects.filter(registration__in=asked)}
    return found.get(registration.pk) or found.get(registration.split_from_id or 0)


def billing_of(registration: Registration) -> Billing:
    """The billing details of this registration; without them its contact, organisation and numbers, with no address."""
    details = details_of(registration)
    if details is None:
        return Billing(
            kind=BuyerKind.BUSINESS,
            name=registration.organisation_name or registration.contact_name,
            contact=registration.contact_name,
            street="",
            postal_code="",
            city="",
            country=registration.organisation_country,
            email=registration.email,
            enterprise_number=registration.enterprise_number,
            vat_number=registration.vat_number,
            peppol_id="",
            purchase_order=registration.purchase_order,
            po_follows=False,
        )
    return Billing(
        kind=details.kind,
        name=details.name,
        contact=registration.contact_name,
        street=details.street,
        postal_code=details.postal_code,
        city=details.city,
        country=details.country,
        email=details.email or registration.email,
        enterprise_number=details.enterprise_number,
        vat_number=details.vat_number,
        peppol_id=details.peppol_id,
        purchase_order=details.purchase_order or registration.purchase_order,
        po_follows=details.po_follows,
    )


def buyer_of(registration: Registration) -> str:
    """Whose money it is, in a list: as on its last document, else as filled in, else its organisation or contact.

    Asks nothing of the database when `invoices` and `billing_details` were fetched with it.
    """
    documents = list(registration.invoices.all())
    if documents:
        return max(documents, key=lambda document: document.pk).buyer_name
    details = getattr(registration, "billing_details", None)
    return (details.name if details else "") or registration.organisation_name or registration.contact_name
