"""A matter says in words whose money it is, of which visit, how much, how it stands and what comes next."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone, translation

from events import actions as events
from payments import stripe_words
from payments.admin.matters import tell
from payments.models import Concern, Dispute, Payment, Payout, PayoutItem
from tests import factories
from tests.conftest import NOON
from tests.payments.bank_support import bring, open_invoice
from tests.payments.statements_support import entry

pytestmark = pytest.mark.django_db
QUEUE = "/admin/money-matters/"


@pytest.fixture(autouse=True)
def _seller():
    factories.seller()


@pytest.fixture
def who():
    return factories.user("Finance")


def told(who, language="en"):
    with translation.override(language):
        return tell(list(Concern.objects.order_by("pk")), get_user_model().objects.get(pk=who.pk))


def paid(at):
    event = factories.event(name="Visit in Gent", price="95.00", starts_at=at + timedelta(days=30))
    registration = events.register(event=event, order=factories.order(), at=at)
    return Payment.objects.create(registration=registration, amount="114.95", status="paid", paid_at=at)


def test_a_dispute_says_who_which_visit_how_much_and_how_it_stands_in_words(who, at):
    payment = paid(at)
    dispute = Dispute.objects.create(
        dispute_id="dp_1", payment=payment, status="needs_response", reason="fraudulent", amount="114.95", created_at=at
    )
    Concern.objects.create(kind="dispute", source="dp_1/inquiry", payment=payment, text="needs_response")

    (matter,) = told(who)

    assert (matter.title, matter.visit) == ("The bank disputes a payment", "Visit in Gent")
    assert (matter.who, matter.reference) == (
        payment.registration.organisation_name,
        payment.registration.reference,
    )
    assert (matter.amount, matter.how) == ("€114.95", "An answer is due (not recognised by the card's owner)")
    assert (matter.step, matter.href) == ("Look at the dispute", f"/admin/disputes/inspect/{dispute.pk}/")


def test_money_on_the_bank_account_says_from_whom_and_leads_to_its_movement(who, at):
    invoice = open_invoice(at)
    bring(at, entry("120.00", structured=invoice.payment_reference, name="Gemeente Proef"))

    (matter,) = told(who)

    assert (matter.who, matter.amount, matter.day, matter.how) == (
        "Gemeente Proef",
        "€5.05",
        "20 Jan 2027",
        "of the €120.00 that came",
    )
    assert (matter.step, "/admin/bank-movements/inspect/" in matter.href) == ("Say what this money is", True)


def test_figures_and_days_are_written_as_the_readers_language_writes_them(who, at):
    bring(at, entry("1234.50"))

    (matter,) = told(who, "nl")

    assert (matter.amount, matter.day) == ("€\u00a01.234,50", "20 jan 2027")


def test_a_refund_to_transfer_and_a_document_that_failed_say_whose_they_are(who, at):
    invoice = open_invoice(at)
    bring(at, entry("114.95", structured=invoice.payment_reference))
    events.cancel(registration=invoice.registration, at=at)
    reference = invoice.registration.reference
    Concern.raise_once("documents", str(invoice.registration.pk), text=f"{reference}: ValueError: x", at=at)

    transfer, document = told(who)

    assert (transfer.who, transfer.amount, transfer.how) == (invoice.buyer_name, "€114.95", "Cancelled")
    assert transfer.step == "Transfer it, and say so"
    assert (document.who, document.reference, document.how) == (invoice.buyer_name, reference, "ValueError: x")
    assert document.href == f"/admin/registrations/inspect/{invoice.registration.pk}/"


def test_a_payout_that_does_not_add_up_says_what_differs(who, at):
    payout = Payout.objects.create(
        payout_id="po_1", status="paid", amount="250.00", created_at=NOON, arrives_on=NOON.date(), difference="3.00"
    )
    PayoutItem.objects.create(
        payout=payout,
        transaction_id="txn_1",
        category="charge",
        amount="10.00",
        fee="0.50",
        net="9.50",
        occurred_at=NOON,
    )
    Concern.objects.create(kind="payout_differs", source="po_1", text="difference 3.00")

    assert [(one.amount, one.how) for one in told(who)] == [
        ("€250.00", "difference €3.00; not in our books: Payment, €9.50")
    ]


def test_a_resolved_matter_has_no_next_step_and_who_may_not_see_the_bank_is_told_no_name(who, at):
    bring(at, entry("5.00", name="Jan Peeters"))
    (matter,) = told(factories.user("Editors"))
    assert (matter.who, matter.href) == ("", "")

    Concern.objects.update(resolved_at=timezone.now())

    assert [(one.step, one.href) for one in told(who)] == [("", "")]


def test_a_code_nobody_wrote_words_for_is_shown_without_its_lines():
    assert stripe_words.said(stripe_words.DISPUTE_STATUS, "some_new_state") == "some new state"


def test_neither_list_nor_page_shows_a_hash_or_a_code(who, at):
    bring(at, entry("5.00", name="Jan Peeters"))
    concern = Concern.objects.get()
    client = Client()
    client.force_login(who)

    listed = client.get(QUEUE).content.decode()
    page = client.get(f"{QUEUE}inspect/{concern.pk}/").content.decode()

    assert concern.source not in listed and "Jan Peeters" in listed
    assert concern.source not in page.partition("</title>")[0] and "Jan Peeters" in page


@pytest.mark.parametrize("count", [1, 3])
def test_every_kind_together_is_told_in_as_many_queries_however_many(who, at, count, django_assert_num_queries):
    for number in range(count):
        payment = paid(at)
        Dispute.objects.create(
            dispute_id=f"dp_{number}", payment=payment, status="won", reason="general", amount="5.00", created_at=at
        )
        Concern.objects.create(kind="dispute", source=f"dp_{number}", payment=payment)
        Concern.objects.create(kind="documents", source=str(payment.registration.pk))
        bring(at, entry("5.00"), name=f"S{number}")
        payout = Payout.objects.create(
            payout_id=f"po_{number}", status="paid", amount="1.00", created_at=NOON, arrives_on=NOON.date()
        )
        Concern.objects.create(kind="payout_differs", source=payout.payout_id)
    concerns = list(Concern.objects.select_related("payment__registration__event"))
    who.get_all_permissions()

    with django_assert_num_queries(7):
        tell(concerns, who)
