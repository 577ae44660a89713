"""Whoever tries the demonstration as finance finds something on every screen, and books that agree."""

from decimal import Decimal

import pytest
from django.utils import timezone
from django.utils.translation import override

import cases.demo
import cms.demo
import events.demo
import payments.demo
from events.entitlement import count_no_shows
from events.models import Attendee, Event, Membership
from payments import duties
from payments.admin.waits import waiting
from payments.lab_comparison import under
from payments.lab_figures import visits
from payments.models import (
    BankTransaction,
    CostLine,
    CostPrice,
    CostPriceRule,
    Dispute,
    Experiment,
    Invoice,
    LedgerEntry,
    Payment,
    Payout,
    PriceStudy,
    Refund,
    RevenueModel,
)
from payments.open_items import open_amount
from tests import factories

pytestmark = pytest.mark.django_db


def load_all():
    for chapter in (cms, cases, events, payments):
        with override("nl"):
            chapter.demo.load()


@pytest.fixture
def loaded(stripe, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        load_all()
    at = timezone.now()
    for _time in range(2):  # what is paid out is known the first time, what is in it the second
        with django_capture_on_commit_callbacks(execute=True):
            duties.carry_out_refunds(at=at)
            duties.hear_what_was_missed(at=at)
            duties.process_stripe_events(at=at)
            duties.follow_payouts(at=at)
            duties.issue_documents(at=at)
    return stripe


def test_every_screen_of_finance_has_something_on_it_and_the_books_agree_with_the_stand_in(loaded):
    waits = waiting(user=factories.user("Finance"), at=timezone.now())

    assert {
        "what waits": [one.count for one in waits],
        "open": sorted(
            (invoice.buyer_name, str(open_amount(invoice)))
            for invoice in Invoice.objects.invoices()
            if open_amount(invoice)
        ),
        "on the bank": BankTransaction.objects.count(),
        "payments": Payment.objects.count(),
        "refunds": list(Refund.objects.values_list("amount", "status")),
        "disputes": list(Dispute.objects.values_list("amount", flat=True)),
        "payouts": Payout.objects.count(),
    } == {
        "what waits": [2, 2, 1],
        "open": [("Stad Verzonnen (demo)", "290.40"), ("Zorgpunt Nergens vzw (demo)", "25.20")],
        "on the bank": 9,
        "payments": 12,
        "refunds": [(Decimal("290.40"), "succeeded")],
        "disputes": [Decimal("145.20")],
        "payouts": 1,
    }

    entries = LedgerEntry.objects.filter(account="stripe")
    assert sum((entry.amount for entry in entries), start=Decimal(0)) * 100 == loaded.balance_cents()
    assert loaded.balance_cents() >= 0, "no later payout would be possible"


def test_forty_seats_stay_free_and_loading_it_again_adds_nothing(loaded):
    counted = [Payment.objects.count(), Invoice.objects.count(), LedgerEntry.objects.count()]

    load_all()

    assert [Payment.objects.count(), Invoice.objects.count(), LedgerEntry.objects.count()] == counted
    assert max(event.seats_left(at=timezone.now()) for event in Event.objects.all()) >= 40


def test_the_lab_has_three_past_visits_with_people_who_paid_and_models_that_all_have_an_answer(loaded):
    known = [one for one in visits() if one.visit.costs and one.event.ends_at < timezone.now()]
    assert [(len(one.visit.seats), one.visit.booked) for one in known] == [
        (13, Decimal("475.00")),
        (14, Decimal("475.00")),
        (15, Decimal("190.00")),
    ]
    compared = under([(model.name, model.as_plan()) for model in RevenueModel.objects.all()], known)
    assert [one.refusal for one in compared] == [""] * 6
    assert all("(demo)" in one.name for one in compared)
    assert CostPrice.objects.count() == CostPriceRule.objects.count() == 1

    load_all()

    assert (RevenueModel.objects.count(), CostLine.objects.count(), CostPrice.objects.count()) == (6, 18, 1)


def test_nobody_s_quota_is_cut_by_who_stayed_away_in_the_demo(loaded):
    """The demo contract: the code of the demo belongs to an organisation without a quota. Two who paid stayed away."""
    noted = Attendee.objects.filter(attended=False)
    assert noted.count() >= 2
    assert {count_no_shows(membership, at=timezone.now()) for membership in Membership.objects.all()} == {0}


def test_the_lab_asks_its_questions_with_answers_that_are_called_examples(loaded):
    def told():
        return {study.name: (study.is_example, study.answers.count()) for study in PriceStudy.objects.all()}

    studies = {
        "Vier prijzen, voorbeeld (demo)": (True, 34),
        "Gevraagde prijzen, voorbeeld (demo)": (True, 20),
    }
    assert told() == studies
    four = PriceStudy.objects.get(method="four_prices")
    assert sum(not answer.as_four_prices().ordered for answer in four.answers.all()) == 2
    asked = PriceStudy.objects.get(method="asked_prices")
    assert sum(not answer.as_limit().transitive for answer in asked.answers.all()) == 1
    closed = Experiment.objects.get(closed_at__isnull=False)
    draft = Experiment.objects.get(started_at__isnull=True)
    due = Experiment.objects.get(started_at__isnull=False, closed_at__isnull=True)
    assert (closed.verdict, closed.figures["ways"], draft.is_started) == ("not decidable", 2, False)
    for started in (closed, due):
        assert started.started_at < min(visit.event.starts_at for visit in started.visits.all())
    assert draft.visits.count() == 4
    assert draft.look_on >= max(timezone.localdate(visit.event.ends_at) for visit in draft.visits.all())
    assert due.look_on <= timezone.localdate(), "there to be looked at"

    load_all()

    assert (told(), Experiment.objects.count()) == (studies, 3)
