"""The features about money of the domain's list, statement by statement: each test is named after what is stated.

Stripe is the stand-in over real HTTP, with real signatures. Feature 5 has a file of its own, test_pay_by_invoice.
"""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import permutations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from events import actions as events
from events.models import CancellationStep, Event, Registration
from payments import actions, duties
from payments import stripe_gateway as gateway
from payments.actions.crediting import issue_credit_note
from payments.admin.finance_reports import REPORTS
from payments.admin.more_reports import MORE_REPORTS
from payments.documents.checking import problems
from payments.documents.pdf import pdf
from payments.models import Concern, Invoice, LedgerEntry, Payment, Payout, Refund
from payments.refusals import TooMuchCredited
from payments.sandbox import Sandbox
from tests import factories
from tests.stories.money_support import (
    carried_out,
    come_back,
    confirmed_unpaid,
    knock,
    ordered,
    paid,
    review,
    rows_of,
)

pytestmark = pytest.mark.django_db
Status = Registration.Status
PRICE = Decimal("114.95")


@pytest.fixture
def stripe(settings):
    with Sandbox(deliver="manual", late_seconds=3600) as sandbox:
        settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {
            "STRIPE_API_BASE": sandbox.url,
            "STRIPE_API_KEY": sandbox.api_key,
            "STRIPE_WEBHOOK_SECRET": sandbox.webhook_secret,
        }
        yield sandbox


@pytest.fixture
def now() -> datetime:
    """Stripe's clock is the real one."""
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def finance():
    client = Client()
    client.force_login(factories.user("Finance"))
    return client


@pytest.fixture(autouse=True)
def _ground():
    factories.ground()
    factories.seller()


@pytest.fixture
def told(stripe, client, django_capture_on_commit_callbacks):
    """Stripe's notices reach our webhook: those of these kinds, or all, in this order; the answers' statuses."""

    def post(*kinds, times=1):
        wanted = (
            [event for kind in kinds for event in stripe.events if event["type"] == kind] if kinds else stripe.events
        )
        statuses = []
        for event in wanted:
            for _time in range(times):
                body, signature = stripe.signed(event["id"])
                with django_capture_on_commit_callbacks(execute=True):
                    statuses.append(knock(client, body, signature))
        return statuses

    return post


# --- 7. Stripe truth by webhook -------------------------------------------------------------------------------------
def test_7_the_success_page_before_the_webhook_says_that_the_payment_is_being_processed(client, stripe, now):
    registration, payment = ordered(now)
    stripe.pay(payment.session_id, "pay_late")

    assert "Uw betaling wordt verwerkt" in come_back(client, registration, payment)
    registration.refresh_from_db()
    assert registration.status == Status.HELD


def test_7_and_when_stripe_does_not_answer_it_says_that_it_will_tell(client, stripe, now):
    registration, payment = ordered(now)
    stripe.pay(payment.session_id)
    stripe.switches.set(fail_next=3, fail_prefix="/v1/checkout")

    page = come_back(client, registration, payment)

    assert "We hebben uw betaling nog niet ontvangen. Hebt u betaald," in page
    assert "U bent ingeschreven" not in page


def test_7_the_same_event_delivered_3_times_yields_one_payment(stripe, now, told):
    registration, payment = ordered(now)
    stripe.pay(payment.session_id)

    assert told("checkout.session.completed", times=3) == [200, 200, 200]

    assert registration.payments.get().status == "paid"
    assert list(LedgerEntry.objects.values_list("kind", "amount")) == [("payment", PRICE), ("fee", Decimal("-1.97"))]
    assert Invoice.objects.count() == 1


@pytest.mark.parametrize("wrong", ["", "t=1,v1=00", "of another secret"])
def test_7_a_wrong_signature_gives_400_and_nothing_happens(client, stripe, now, wrong):
    registration, payment = ordered(now)
    stripe.pay(payment.session_id)
    if wrong == "of another secret":
        stripe.switches.set(wrong_secret=True)
    body, signature = stripe.signed(stripe.events[-1]["id"])

    assert knock(client, body, signature if wrong == "of another secret" else wrong) == 400
    assert registration.payments.get().status == "open"


KINDS = ("checkout.session.completed", "refund.created", "payout.reconciliation_completed")


@pytest.mark.parametrize(
    "order", list(permutations(KINDS)), ids=["-".join(k[0] for k in o) for o in permutations(KINDS)]
)
def test_7_events_out_of_order_end_in_the_same_state(stripe, now, told, order):
    registration, payment = ordered(now, seats=2)
    stripe.pay(payment.session_id)
    session = stripe.state.objects["checkout.session"][payment.session_id]
    stripe.refund_in_dashboard(session["payment_intent"], cents=5_000)
    payout = stripe.create_payout()

    told(*order)
    duties.process_stripe_events(at=now + timedelta(minutes=5))  # what came before its payment is looked at again

    registration.refresh_from_db()
    ledger = LedgerEntry.objects.exclude(kind="payout").order_by("kind").values_list("kind", "amount")
    assert (registration.status, registration.payments.get().status) == (Status.CONFIRMED, "paid")
    assert list(ledger) == [
        ("fee", Decimal("-3.70")),
        ("payment", Decimal("229.90")),
        ("refund", Decimal("-50.00")),
    ]
    assert Payout.objects.get(payout_id=payout["id"]).difference == 0


# --- 8. Finance report with payout match ----------------------------------------------------------------------------
@pytest.fixture
def paid_out(stripe, now, told):
    """Two payments, one given back in part, a fee of no payment, and the payout of all of it."""
    one, _payment = paid(stripe, now, seats=2)
    paid(stripe, now)
    seat = one.attendees.order_by("pk").first()
    events.cancel(registration=one, attendee_ids=[seat.pk], at=now)
    carried_out(now)
    stripe.charge_fee(150)
    return stripe.create_payout()


def test_8_for_each_payout_the_sum_of_its_net_lines_is_the_amount_to_the_cent(finance, told, paid_out):
    told()

    payout = Payout.objects.get()
    lines = [line.net for line in payout.items.all()]
    assert sum(lines) == payout.amount == Decimal(paid_out["amount"]) / 100
    assert len(lines) == 4
    (row, _total) = rows_of(finance, "payouts")
    assert (row["gathered"], row["amount"], row["ties"]) == (str(payout.amount), str(payout.amount), "yes")
    assert not Concern.objects.exists()


def test_8_else_it_is_flagged(finance, stripe, told, paid_out):
    stripe.state.objects["payout"][paid_out["id"]]["amount"] += 1

    told()

    assert Payout.objects.get().difference == Decimal("0.01")
    assert Concern.objects.open().get().kind == Concern.Kind.PAYOUT_DIFFERS
    (row, _total) = rows_of(finance, "payouts")
    assert row["ties"] == "no"
    assert "Een uitbetaling klopt niet" in finance.get("/admin/money-matters/").content.decode()


def test_8_the_report_per_visit_says_paid_free_notional_fees_refunds_vat_by_country_and_the_subsidy(
    finance, stripe, now
):
    scheme = factories.scheme()
    factories.member(scheme, code="GRATIS-2027")
    dutch = factories.event(price="100.00", scheme=scheme, starts_at=now + timedelta(days=60), vat_country="NL")
    events.register(event=dutch, order=factories.order(organisation_code="GRATIS-2027"), at=now)
    registration, payment = paid(stripe, now, event=dutch, seats=2)
    seat = registration.attendees.order_by("pk").first()
    events.cancel(registration=registration, attendee_ids=[seat.pk], at=now)
    carried_out(now)

    (row, total) = rows_of(finance, "free-seats")

    assert row == row | {
        "event": dutch.name,
        "vat_country": "NL",
        "price": "100.00",
        "paid": "1",
        "free": "1",
        "net": "100.00",
        "back": "-100.00",
        "vat": "21.00",
        "fees": f"-{payment.fee}",
        "notional": "100.00",
        "subsidy": "100.00",
    }
    assert total["subsidy"] == "100.00"
    (vat, _total) = rows_of(finance, "vat")
    assert (vat["country"], vat["rate"], vat["vat_left"]) == ("NL", "21.00", "21.00")


SLUGS = ["paid-tickets", *(slug for _view, slug in (*REPORTS, *MORE_REPORTS) if slug != "journal")]


@pytest.mark.parametrize("slug", SLUGS)
def test_8_totals_of_csv_and_xlsx_equal_the_screen(finance, stripe, now, told, paid_out, slug):
    told()
    actions.issue_invoice(registration=confirmed_unpaid(now), at=now)

    total = rows_of(finance, slug)[-1]
    page = finance.get(f"/admin/reports/{slug}/")
    sheet = b"".join(finance.get(f"/admin/reports/{slug}/?export=xlsx"))
    head, *_rows, last = load_workbook(BytesIO(sheet)).active.iter_rows(values_only=True)

    figures = {name: Decimal(value) for name, value in total.items() if value not in ("", "TOTAL")}
    assert figures
    shown = page.context["table"].totals
    assert {name: Decimal(shown[name]) for name in figures} == figures
    assert {name: Decimal(str(last[head.index(name)])).quantize(Decimal("0.01")) for name in figures} == {
        name: value.quantize(Decimal("0.01")) for name, value in figures.items()
    }


# --- 9. Credit notes, partial refunds, cancellation ladder ----------------------------------------------------------
def with_ladder(now):
    """Nothing is kept until 14 days before, half until 3 days before, then all."""
    event = factories.event_page(factories.event(price="95.00", starts_at=now + timedelta(days=30))).event
    CancellationStep.objects.create(event=event, days_before=14, fee_percent=50)
    CancellationStep.objects.create(event=event, days_before=3, fee_percent=100)
    return event


@pytest.mark.parametrize(("days", "back"), [(20, "114.95"), (10, "57.47"), (2, None)])
def test_9_cancelling_refunds_as_stated_before_the_purchase(client, stripe, now, days, back):
    event = with_ladder(now)
    assert "we houden 50% van de prijs in" in review(client, event)
    registration, payment = paid(stripe, now, event=event)
    CancellationStep.objects.filter(event=event).update(fee_percent=90)  # later terms are for later orders

    events.cancel(registration=registration, at=event.starts_at - timedelta(days=days))
    carried_out(now)

    assert [str(refund.amount) for refund in payment.refunds.all()] == ([back] if back else [])
    session = stripe.state.objects["checkout.session"][payment.session_id]
    charge = next(
        c for c in stripe.state.objects["charge"].values() if c["payment_intent"] == session["payment_intent"]
    )
    assert charge["amount_refunded"] == int(Decimal(back or 0) * 100)


def test_9_the_credit_note_refers_to_its_invoice_and_is_of_the_part_that_went_back(stripe, now):
    event = with_ladder(now)
    registration, _payment = paid(stripe, now, event=event)
    events.cancel(registration=registration, at=event.starts_at - timedelta(days=10))
    carried_out(now)

    invoice, note = Invoice.objects.order_by("pk")

    assert (note.kind, note.refers_to, note.gross) == ("credit_note", invoice, Decimal("57.47"))
    billing_reference = re.search(r"<cac:BillingReference>.*?</cac:BillingReference>", note.ubl, re.DOTALL).group()
    assert invoice.number in billing_reference and invoice.issued_on.isoformat() in billing_reference
    assert problems(note.ubl.encode()) == []


def test_9_a_refund_of_more_than_was_paid_is_impossible(stripe, now):
    registration, payment = paid(stripe, now)
    invoice = Invoice.objects.get()
    seat = registration.attendees.get()

    with pytest.raises(TooMuchCredited):
        issue_credit_note(invoice=invoice, reason="", amounts={seat.pk: PRICE + Decimal("0.01")}, at=now)
    with pytest.raises(gateway.GatewayRefused):
        gateway.create_refund(
            intent_id=payment.payment_intent_id,
            amount=PRICE + Decimal("0.01"),
            reference=registration.reference,
            refund_pk=0,
            idempotency_key="more",
        )
    for _twice in range(2):
        events.cancel(registration=registration, at=now)
        actions.give_back(registration=registration, reason="cancelled", at=now)
        carried_out(now)
    assert [refund.amount for refund in Refund.objects.all()] == [PRICE]


def test_9_the_loss_of_the_fee_is_shown(finance, stripe, now):
    registration, _payment = paid(stripe, now)
    events.cancel(registration=registration, at=now)
    carried_out(now)

    (row, _total) = rows_of(finance, "paid-tickets")

    assert (row["gross"], row["refunded"], row["fee"], row["left"]) == ("114.95", "114.95", "1.97", "-1.97")
    page = finance.get(reverse("tour_registrations:inspect", args=[registration.pk])).content.decode()
    assert "1,97" in page


# --- 11. VAT per event ----------------------------------------------------------------------------------------------
MENTION = "Nederlandse btw: het bezoek vindt plaats in Nederland."


@pytest.fixture
def in_the_netherlands(now):
    made = factories.event(
        price="100.00",
        starts_at=now + timedelta(days=60),
        city="Venlo",
        country="NL",
        vat_country="NL",
        vat_rate=Decimal("9.00"),
        vat_mention_nl=MENTION,
        vat_mention_en="Dutch VAT.",
    )
    return factories.event_page(made).event


def test_11_a_visit_in_the_netherlands_shows_its_rate_and_mention_on_page_and_order(client, in_the_netherlands):
    page = in_the_netherlands.page_in("nl")
    shown = client.get(page.url).content.decode()
    assert "9% btw" in shown and MENTION in shown

    order = review(client, in_the_netherlands)

    assert "9% (Nederland)" in order and MENTION in order and "109,00" in order


def test_11_and_on_invoice_and_report(finance, stripe, now, in_the_netherlands):
    paid(stripe, now, event=in_the_netherlands)

    invoice = Invoice.objects.get()
    assert [(line.rate, line.taxable, line.tax) for line in invoice.vat_lines.all()] == [(9, 100, 9)]
    assert (invoice.vat_country, invoice.gross) == ("NL", 109)
    assert MENTION in invoice.mentions and MENTION in invoice.ubl
    assert pdf(invoice).startswith(b"%PDF")
    (vat, _total) = rows_of(finance, "vat")
    assert (vat["country"], vat["rate"], vat["base_left"], vat["vat_left"]) == ("NL", "9.00", "100.00", "9.00")


def test_11_changing_the_rate_does_not_alter_issued_invoices(finance, stripe, now, in_the_netherlands):
    registration, _payment = paid(stripe, now, event=in_the_netherlands)
    invoice = Invoice.objects.get()
    before = (invoice.ubl, pdf(invoice), rows_of(finance, "vat"))

    Event.objects.filter(pk=in_the_netherlands.pk).update(vat_rate=Decimal("21.00"), vat_mention_nl="Iets anders.")

    again = Invoice.objects.get()
    assert (again.ubl, pdf(again), rows_of(finance, "vat")) == before
    later, payment = ordered(now, event=Event.objects.get())
    assert payment.amount == Decimal("121.00")
    events.cancel(registration=registration, at=now)
    carried_out(now)
    note = Invoice.objects.get(refers_to=invoice)
    assert [(line.rate, line.tax) for line in note.vat_lines.all()] == [(9, 9)]
    assert Payment.objects.count() == 2 and later.total_incl_vat == Decimal("121.00")
