"""What payments put on pages of other chapters."""

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from events.models import Letter, Registration
from payments import stripe_gateway as gateway
from payments.addresses import billing_token
from payments.billing import billing_of
from payments.chain import Link, chain_of
from payments.documents.pdf import file_name, pdf, transfer_code
from payments.models import DocumentKind, Invoice, Payment, SellerSettings
from payments.open_items import open_invoices, with_open_amount
from payments.terms import asks_order_number, order_until


def registration_money(context: dict[str, Any]) -> str:
    """The payments, refunds and documents of a registration, for its page in the admin. Context: request, registration.

    Empty for who may not see any of it, and for a registration nobody was asked money for.
    """
    request, registration = context["request"], context["registration"]
    payments = []
    if request.user.has_perm("payments.view_payment"):
        payments = list(registration.payments.prefetch_related("refunds"))
    documents = documents_of(registration) if request.user.has_perm("payments.view_invoice") else []
    if not payments and not documents:
        return ""
    chain = None
    if request.user.has_perm("payments.view_payment"):
        chain = chain_of(registration)
        _give_addresses(chain.links, request.user)
    return render_to_string(
        "payments/admin/registration_money.html",
        {
            "chain": chain,
            "payments": payments,
            "documents": documents,
            "may_see_refunds": request.user.has_perm("payments.view_refund"),
        },
        request=request,
    )


def _give_addresses(links: list[Link], user: Any) -> None:
    """Each link its page, for who may open it."""
    for link in links:
        may_open = link.screen and user.has_perm(f"payments.view_{link.model}")
        link.href = reverse(f"{link.screen}:inspect", args=[link.pk]) if may_open else ""
        _give_addresses(link.below, user)


def own_documents(context: dict[str, Any]) -> str:
    """The documents of a registration, to download from its manage page. Context: request, registration, token."""
    documents = documents_of(context["registration"])
    if not documents:
        return ""
    shown = {"documents": documents, "token": context["token"], "pdf": "payments:document_pdf"}
    return render_to_string(
        "payments/own_documents.html", shown | {"xml": "payments:document_xml"}, request=context["request"]
    )


def own_invoices(context: dict[str, Any]) -> str:
    """What is by invoice, on the manage page: what is open, when it is due, and the way to its page."""
    registration = context["registration"]
    if not registration.is_by_invoice or registration.confirmed_at is None:
        return ""
    shown = billing_context(registration) | {"on_manage_page": True}
    return render_to_string("payments/own_invoices.html", shown, request=context["request"])


def billing_context(registration: Registration) -> dict[str, Any]:
    """What the pages about paying by invoice say."""
    today = timezone.localdate()
    waits_until = None
    if not Invoice.objects.filter(registration=registration).exists() and not registration.is_ended:
        waits_until = order_until(registration, SellerSettings.load())
    billed = billing_of(registration)
    found = [(invoice, transfer_code(invoice)) for invoice in open_invoices(today).filter(registration=registration)]
    processing = registration.payments.filter(status=Payment.Status.PROCESSING).exists()
    return {
        "registration": registration,
        "billing_token": billing_token(registration),
        "open": found,
        "waits_until": waits_until,
        "billed": billed,
        "today": today,
        "asks_order": asks_order_number(registration),
        # A number that comes now replaces what is out without one, paid or not.
        "is_out": Invoice.objects.invoices()
        .filter(registration=registration, purchase_order="", payment__isnull=True)
        .exists(),
        "processing": processing,
        "can_pay_online": bool(found) and not processing and gateway.is_configured(),
    }


def documents_of(registration: Registration) -> list[Invoice]:
    """Oldest first, each with what is open of it."""
    found = with_open_amount(Invoice.objects.without_files().filter(registration=registration))
    return list(found.select_related("refers_to").order_by("issued_on", "pk"))


def documents_of_letter(letter: Letter) -> list[tuple[str, bytes, str]]:
    """The PDF, with the electronic invoice inside, of a letter that brings a document."""
    if (
        letter.kind not in {DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE, "invoice_due", "invoice_late"}
        or "document" not in letter.facts
    ):
        return []
    document = Invoice.objects.get(registration=letter.registration_id, number=letter.facts["document"])
    return [(file_name(document, "pdf"), pdf(document), "application/pdf")]
