"""By invoice: seats are certain at once, after whoever comes first, and due in time."""

from datetime import date, timedelta
from typing import Any

import pytest

from events import actions as events
from events.actions import Approver
from events.billing import Billing
from events.models import Event, Registration
from events.refusals import BillingIncomplete, InvoiceTooLate, InvoiceUnavailable
from payments import actions
from payments.models import Invoice, NumberSeries, SellerSettings
from payments.open_items import open_amount
from payments.sandbox import Sandbox
from payments.settlement import StripeSettlement
from tests import factories
from tests.concurrency import at_once
from tests.conftest import NOON
from tests.payments.by_invoice_support import TOWN, Status, documents, euro, ordered, visit
from tests.payments.documents_support import seats_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def seller(db: Any) -> Any:
    return factories.seller()


# --- Ordering -------------------------------------------------------------------------------------------------------


def test_seats_are_certain_at_once_and_the_invoice_goes_out_with_them(
    mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = ordered(seats=2)

    invoice = Invoice.objects.get()
    assert (made.status, made.hold_expires_at) == (Status.CONFIRMED, None)
    assert (invoice.gross, invoice.due, open_amount(invoice)) == (euro("229.90"),) * 3
    assert (invoice.buyer_name, invoice.buyer_email, invoice.purchase_order) == (TOWN.name, TOWN.email, "BB-2027-0042")
    assert invoice.due_on == date(2027, 2, 11)
    mails = {mail.to[0]: mail for mail in mailoutbox}
    assert [name for name, _file, _kind in mails["facturen@example.org"].attachments] == ["F2027-0001.pdf"]
    assert "11 februari 2027" in mails[made.email].body
    assert "gratis" not in mails[made.email].body


def test_the_bookkeepings_mail_opens_the_invoice_and_not_the_registration(
    mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = ordered()

    mail = next(mail for mail in mailoutbox if mail.to == ["facturen@example.org"])
    assert made.manage_token not in mail.body
    assert "/nl/b/" in mail.body


@pytest.mark.parametrize(
    ("days", "refusal"), [(None, InvoiceUnavailable), (60, InvoiceTooLate), (61, InvoiceTooLate)], ids=str
)
def test_the_event_says_whether_and_until_when(days: int | None, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        ordered(visit(invoice_until_days=days))

    assert Registration.objects.count() == 0


def test_an_incomplete_seller_takes_no_orders_by_invoice() -> None:
    SellerSettings.objects.update(iban="")

    with pytest.raises(InvoiceUnavailable):
        ordered()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "private"}, "kind"),
        ({"purchase_order": ""}, "purchase_order"),
        ({"vat_number": "BE0198765471"}, "vat_number"),
        ({"enterprise_number": "0198765471"}, "enterprise_number"),
        ({"peppol_id": "facturen"}, "peppol_id"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_with_the_buyer_refuses_the_order_and_names_the_field(wrong: Any, field: str) -> None:
    with pytest.raises(BillingIncomplete) as refused:
        ordered(billing=Billing(**(vars(TOWN) | wrong)))

    assert list(refused.value.facts["problems"]) == [field]
    assert Registration.objects.count() == 0


def test_without_a_buyer_the_contacts_organisation_is_billed() -> None:
    made = ordered(billing=None)

    assert Invoice.objects.get().buyer_name == made.organisation_name


def test_free_seats_by_invoice_have_no_invoice() -> None:
    scheme = factories.scheme()
    factories.member(scheme, code="LEDEN")

    made = ordered(visit(scheme=scheme), organisation_code="LEDEN")

    assert (made.status, Invoice.objects.count()) == (Status.CONFIRMED, 0)


def test_an_online_payer_may_want_the_invoice_in_another_name(stripe: Sandbox, now: Any) -> None:
    made = events.register(
        event=visit(now), order=factories.order(billing=Billing(name="Holding nv", street="Kaai 1")), at=now
    )
    payment = actions.start_checkout(registration=made, at=now)
    stripe.pay(payment.session_id)
    actions.sync_checkout(payment.session_id, at=now)

    invoice = Invoice.objects.get()
    assert (invoice.buyer_name, invoice.buyer_street, invoice.due) == ("Holding nv", "Kaai 1", 0)


def test_twenty_orders_at_once_for_five_seats_give_five_invoices_without_a_gap(transactional_db: Any) -> None:
    factories.seller()
    event = visit(capacity=5, waiting_list=False)

    at_once([lambda: ordered(event)] * 20)

    numbers = sorted(Invoice.objects.values_list("number", flat=True))
    assert numbers == [f"F2027-{n:04d}" for n in range(1, 6)]
    assert event.seats_taken(NOON) == 5


# --- What has to come first -----------------------------------------------------------------------------------------


def test_the_boss_says_yes_first_and_is_told_that_it_is_by_invoice() -> None:
    made = ordered(approver=Approver("Baas", "baas@example.org"))
    assert (made.status, Invoice.objects.count()) == (Status.AWAITING_APPROVAL, 0)

    events.approve(approval=made.approvals.get(), at=NOON)

    made.refresh_from_db()
    assert (made.status, documents(made)) == (Status.CONFIRMED, [("invoice", euro("114.95"))])


def test_the_organisers_no_leaves_no_document() -> None:
    made = ordered(visit(requires_approval=True))

    events.reject(approval=made.approvals.get(), at=NOON)

    assert (Invoice.objects.count(), NumberSeries.objects.count()) == (0, 0)


def test_who_waits_is_invoiced_once_the_offer_is_accepted_and_the_rest_of_the_group_to_the_same_buyer() -> None:
    event = visit(capacity=2)
    first = ordered(event, seats=2)
    group = ordered(event, seats=2, accepts_part=True)
    assert (group.status, Invoice.objects.count()) == (Status.WAITING, 1)

    events.cancel(registration=first, attendee_ids=[seats_of(first)[0].pk], at=NOON)
    events.accept_offer(registration=group, at=NOON)
    Event.objects.update(capacity=3)
    events.offer_seats(at=NOON)
    rest = Registration.objects.get(split_from=group)
    events.accept_offer(registration=rest, at=NOON)

    for part in (group, rest):
        assert documents(part) == [("invoice", euro("114.95"))]
        assert part.invoices.get().buyer_name == TOWN.name


# --- When it is due -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("visit_in", "due_in"),
    [(60, 30), (31, 30), (30, 29), (20, 19), (8, 7), (7, 7), (3, 7)],
)
def test_it_is_due_before_the_visit_unless_that_leaves_too_few_days(visit_in: int, due_in: int) -> None:
    ordered(visit(starts_at=NOON + timedelta(days=visit_in), invoice_until_days=1))

    invoice = Invoice.objects.get()
    assert (invoice.due_on - invoice.issued_on).days == due_in
    assert StripeSettlement().due_on(invoice.registration.event, at=NOON) == invoice.due_on
