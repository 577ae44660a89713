"""Invoices over HTTP, for whoever has the registration's token or that of the invoices' mails."""

import logging
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import AfterValidator, Field

from cms.api import Problem, Strict, refuse_unknown_parameters
from cms.headless.shapes import ProblemOut
from events.addresses import absolute
from events.api_orders import one_line
from events.api_shapes import PayOut, problem, refused, token_in
from events.models import Registration
from events.refusals import Refusal
from payments import actions, addresses
from payments import stripe_gateway as gateway
from payments.models import Invoice
from payments.slots import billing_context, documents_of
from payments.views import as_file

log = logging.getLogger("payments")
documents = Router(tags=["registrations"])
REFUSALS: dict[int, Any] = {401: ProblemOut, 409: ProblemOut, 422: ProblemOut}


class IssuedDocumentOut(Schema):
    number: str
    kind: Literal["invoice", "credit_note"]
    issued_on: str
    due_on: str | None
    total_incl_vat: str
    #: What is open of it; 0.00 of a credit note.
    open: str
    currency: str
    pdf_url: str
    xml_url: str
    #: For a bank transfer, where something is open: to which account, and what to say with it.
    iban: str
    bic: str
    payment_reference: str


class IssuedDocumentsOut(Schema):
    items: list[IssuedDocumentOut]
    #: The invoice waits until this day for the purchase order number.
    waits_for_order_until: str | None
    asks_purchase_order: bool
    can_pay_online: bool


def _authorised(request: HttpRequest, reference: str) -> Registration:
    """The manage token, the mailed one, or the one of the invoices' mails, which opens nothing else."""
    token = token_in(request)
    named = (
        Registration.reference_in(token)
        or Registration.reference_in_mailbox_token(token)
        or addresses.reference_in(token)
    )
    found = Registration.objects.select_related("event").filter(reference=reference).first()
    if named is None or named != reference or found is None:
        raise Problem(
            401,
            _(
                "Send the manage token of this registration, the mailbox token from a mail, or the billing token from "
                "a mail with an invoice, as a bearer token."
            ),
            kind="invalid_token",
        )
    return found


def _told(registration: Registration) -> dict[str, Any]:
    context = billing_context(registration)
    waits_until = context["waits_until"]
    return {
        "items": [_document(document, registration) for document in documents_of(registration)],
        "waits_for_order_until": waits_until.isoformat() if waits_until else None,
        "asks_purchase_order": context["asks_order"],
        "can_pay_online": context["can_pay_online"],
    }


def _document(document: Any, registration: Registration) -> dict[str, Any]:
    path = f"/api/v1/registrations/{registration.reference}/documents/{document.number}"
    is_open = not document.is_credit_note and document.open_amount > 0
    return {
        "number": document.number,
        "kind": document.kind,
        "issued_on": document.issued_on.isoformat(),
        "due_on": document.due_on.isoformat() if is_open else None,
        "total_incl_vat": f"{document.gross:.2f}",
        "open": f"{document.open_amount if is_open else 0:.2f}",
        "currency": document.currency,
        "pdf_url": absolute(f"{path}/pdf/"),
        "xml_url": absolute(f"{path}/xml/"),
        "iban": document.seller_iban if is_open else "",
        "bic": document.seller_bic if is_open else "",
        "payment_reference": document.payment_reference if is_open else "",
    }


@documents.get(
    "/{reference}/documents/",
    response={200: IssuedDocumentsOut, 401: ProblemOut, 422: ProblemOut},
    summary="Invoices and credit notes, oldest first",
)
def list_documents(request: HttpRequest, reference: str) -> dict[str, Any]:
    refuse_unknown_parameters(request, ())
    registration = _authorised(request, reference)
    with translation.override(registration.language):
        return _told(registration)


def _file(kind: str) -> dict[str, Any]:
    """How the OpenAPI document says that an answer is a file."""
    schema = {"type": "string", "format": "binary"}
    return {"responses": {200: {"description": "OK", "content": {kind: {"schema": schema}}}}}


@documents.get(
    "/{reference}/documents/{number}/pdf/",
    response={401: ProblemOut, 404: ProblemOut, 422: ProblemOut},
    summary="One document on paper",
    openapi_extra=_file("application/pdf"),
)
def read_pdf(request: HttpRequest, reference: str, number: str) -> HttpResponse:
    refuse_unknown_parameters(request, ())
    return as_file(_named(_authorised(request, reference), number), "pdf")


@documents.get(
    "/{reference}/documents/{number}/xml/",
    response={401: ProblemOut, 404: ProblemOut, 422: ProblemOut},
    summary="One document as it was issued: UBL 2.1, Peppol BIS Billing 3.0",
    openapi_extra=_file("application/xml"),
)
def read_xml(request: HttpRequest, reference: str, number: str) -> HttpResponse:
    refuse_unknown_parameters(request, ())
    return as_file(_named(_authorised(request, reference), number), "xml")


def _named(registration: Registration, number: str) -> Invoice:
    found = Invoice.objects.filter(registration=registration, number=number).first()
    if found is None:
        with translation.override(registration.language):
            raise Problem(404, _("There is no such document."))
    return found


@documents.post(
    "/{reference}/documents/{number}/pay/",
    response={200: PayOut, **REFUSALS, 404: ProblemOut, 503: ProblemOut},
    summary="A payment page for an open invoice",
)
def pay_document(request: HttpRequest, reference: str, number: str, body: Strict) -> dict[str, Any]:
    refuse_unknown_parameters(request, ())
    registration = _authorised(request, reference)
    invoice = _named(registration, number)
    with translation.override(registration.language):
        nothing = _("There is nothing to pay here now.")
        refusal = problem(409, nothing, "nothing_to_pay")
        if not Invoice.objects.invoices().filter(pk=invoice.pk).exists():
            raise refusal
        try:
            payment = actions.start_checkout(registration=registration, invoice=invoice, at=timezone.now())
        except actions.NothingToPay:
            raise refusal from None
        except gateway.GatewayError as error:
            log.warning("Could not ask payment of %s: %s", number, error)
            text = _("The payment page does not answer at the moment. Try again later.")
            raise problem(503, text, "payment_unavailable") from error
    return {"checkout_url": payment.session_url}


class OrderNumberIn(Strict):
    purchase_order: Annotated[str, Field(min_length=1, max_length=35), AfterValidator(one_line)]


@documents.post(
    "/{reference}/purchase-order/",
    response={200: IssuedDocumentsOut, **REFUSALS},
    summary="The purchase order number that followed: onto the invoice, or onto a new one",
)
def add_purchase_order(request: HttpRequest, reference: str, body: OrderNumberIn) -> dict[str, Any]:
    refuse_unknown_parameters(request, ())
    registration = _authorised(request, reference)
    with translation.override(registration.language):
        try:
            actions.add_purchase_order(registration=registration, number=body.purchase_order, at=timezone.now())
        except Refusal as refusal:
            raise refused(refusal) from refusal
        registration.refresh_from_db()
        return _told(registration)
