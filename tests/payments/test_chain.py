"""The chain on a registration's page: every entry once, from payment to bank and document, tying with the ledger."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from events import actions as events
from events.models import Registration
from payments import actions
from payments.actions.bookkeeping import book_dispute, book_failed_refund, book_fee, book_movement, book_refund
from payments.chain import chain_of
from payments.models import Dispute, Invoice, LedgerEntry, Payment, Payout, PayoutItem, Refund
from payments.slots import registration_money
from tests import factories
from tests.payments.statements_support import camt, entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _seller():
    factories.seller()


def flat(links, depth=0):
    for link in links:
        yield depth, str(link.what), link.amount
        yield from flat(link.below, depth + 1)


def paid_by_card(at, *, payout=None):
    event = factories.event(price="95.00", starts_at=at + timedelta(days=60), capacity=100)
    registration = events.register(event=event, order=factories.order(), at=at)
    payment = factories.payment_page(registration, at=at)
    factories.receive(payment, at=at)
    book_fee(payment, fee=Decimal("1.95"), source=f"txn_{payment.pk}", occurred_at=at, at=at)
    if payout:
        item(payout, LedgerEntry.objects.get(payment=payment, kind="payment"), "charge", "114.95", "1.95", at)
    return payment


def a_payout(at, number=1):
    return Payout.objects.create(
        payout_id=f"po_{number}", status="paid", amount="113.00", created_at=at, arrives_on=at.date()
    )


def item(payout, booked, category, amount, fee, at):
    return PayoutItem.objects.create(
        payout=payout,
        transaction_id=f"txn_{category}_{booked.pk}",
        category=category,
        amount=Decimal(amount),
        fee=Decimal(fee),
        net=Decimal(amount) - Decimal(fee),
        occurred_at=at,
        entry=booked,
    )


def refunded(payment, amount, at, *, failed=False):
    refund = Refund.objects.create(payment=payment, amount=Decimal(amount), reason="cancelled", status="succeeded")
    book_refund(refund, source=f"re_{refund.pk}", occurred_at=at, at=at)
    if failed:
        book_failed_refund(refund, source=f"re_{refund.pk}", occurred_at=at, at=at)
    else:
        actions.credit_refund(refund=refund, at=at)
    return refund


def test_a_payment_by_card_is_followed_to_the_bank_and_to_its_documents(at):
    payout = a_payout(at)
    payment = paid_by_card(at, payout=payout)
    book_movement("payout", "po_1", Decimal("-113.00"), at, at=at)
    content = camt(entry("113.00", name="STRIPE", day=at.date().isoformat()))
    actions.import_statement(content=content, file_name="", by=None, at=at)
    refunded(payment, "14.95", at)

    chain = chain_of(payment.registration)

    assert list(flat(chain.links)) == [
        (0, "Betaling", Decimal("114.95")),
        (1, str(chain.links[0].below[0].what), Decimal("113.00")),  # balance transaction: net
        (2, str(chain.links[0].below[0].below[0].what), Decimal("113.00")),  # payout
        (3, str(chain.links[0].below[0].below[0].below[0].what), Decimal("113.00")),  # bank
        (1, "Factuur", Decimal("114.95")),
        (1, "Terugbetaling", Decimal("-14.95")),
        (2, "Creditnota", Decimal("-14.95")),
    ]
    assert [link.screen for link in (chain.links[0].below[0].below[0], chain.links[0].below[0].below[0].below[0])] == [
        "tour_payouts",
        "tour_bank_movements",
    ]
    assert (chain.received, chain.back, chain.fees, chain.left) == (
        Decimal("114.95"),
        Decimal("-14.95"),
        Decimal("-1.95"),
        Decimal("98.05"),
    )
    assert chain.ties


def test_a_transfer_is_followed_from_the_statement_and_an_unpaid_invoice_stands_alone(at):
    event = factories.event(price="95.00", starts_at=at + timedelta(days=60), capacity=100)
    registration = events.register(event=event, order=factories.order(), at=at)
    Registration.objects.filter(pk=registration.pk).update(status="confirmed", confirmed_at=at, hold_expires_at=None)
    registration.refresh_from_db()
    factories.billing(registration)
    invoice = actions.issue_invoice(registration=registration, at=at)

    assert [(depth, amount) for depth, _what, amount in flat(chain_of(registration).links)] == [(0, invoice.gross)]
    content = camt(entry("114.95", structured=invoice.payment_reference))
    actions.import_statement(content=content, file_name="", by=None, at=at)
    events.cancel(registration=registration, at=at)
    chain = chain_of(registration)

    assert [link.screen for link in chain.links[0].below] == ["tour_bank_movements", "tour_invoices", "tour_refunds"]
    assert (chain.left, chain.ties) == (Decimal("114.95"), True)


def test_disputes_failed_refunds_and_what_is_none_of_these_are_in_the_chain_once(at):
    payment = paid_by_card(at)
    refunded(payment, "14.95", at, failed=True)
    Dispute.objects.create(payment=payment, dispute_id="dp_1", status="lost", reason="fraudulent", amount="114.95")
    movement = factories.disputed(Decimal("-114.95"), fee="20.00", at=at)
    book_dispute(payment, movement, at=at)
    LedgerEntry.objects.create(
        kind="unmatched",
        source="x",
        registration=payment.registration,
        amount="7.00",
        currency="EUR",
        occurred_at=at,
        booked_on=at.date(),
    )

    chain = chain_of(payment.registration)

    total = sum(booked.amount for booked in LedgerEntry.objects.filter(registration=payment.registration))
    assert (chain.left, chain.ties) == (total, True)
    assert (chain.back, chain.disputed, chain.fees) == (0, Decimal("-114.95"), Decimal("-21.95"))


@pytest.mark.parametrize("count", [1, 20])
def test_it_is_drawn_in_the_same_number_of_queries_for_one_payment_and_for_twenty(at, count, django_assert_num_queries):
    payment = paid_by_card(at, payout=a_payout(at))
    for number in range(count):
        refunded(payment, "1.00", at + timedelta(minutes=number))
    registration = Registration.objects.get(pk=payment.registration_id)

    with django_assert_num_queries(7):
        chain = chain_of(registration)

    assert len(chain.links[0].below) == count + 2
    assert Invoice.objects.credit_notes().count() == count


@pytest.mark.parametrize(
    ("group", "opens"),
    [("Finance", {"tour_payments": True, "tour_payouts": True}), ("Organisers", {"tour_payouts": False})],
)
def test_each_link_leads_to_its_page_for_who_may_open_it(at, group, opens):
    payout = a_payout(at)
    payment = paid_by_card(at, payout=payout)
    request = RequestFactory().get("/admin/")
    request.user = factories.user(group)

    html = registration_money({"request": request, "registration": payment.registration})

    pks = {"tour_payments": payment.pk, "tour_payouts": payout.pk}
    assert {name: reverse(f"{name}:inspect", args=[pks[name]]) in html for name in opens} == opens
    assert "po_1" in html
    client = Client()
    client.force_login(request.user)
    page = client.get(reverse("tour_registrations:inspect", args=[payment.registration_id]))
    assert "tour-chain" in page.content.decode()


def test_editors_see_no_chain(at):
    payment = paid_by_card(at)
    request = RequestFactory().get("/admin/")
    request.user = factories.user("Editors")

    assert registration_money({"request": request, "registration": payment.registration}) == ""
    assert Payment.objects.count() == 1
