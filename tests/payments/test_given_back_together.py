"""One transfer that gives back several refunds: known when it is sure, ticked by a person when it is not."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation

from events import actions as events
from payments import actions
from payments.actions.bank_matching import Outcome, above
from payments.chain import chain_of
from payments.models import BankTransaction, Concern, LedgerEntry, Refund
from payments.movements import balance_on
from tests import factories
from tests.payments.bank_support import bring, open_invoice, outcomes
from tests.payments.statements_support import OWN, entry

pytestmark = pytest.mark.django_db
MOVEMENTS = "/admin/bank-movements/"
OTHER = "BE68539007547034"


@pytest.fixture(autouse=True)
def _seller():
    factories.seller()


@pytest.fixture
def finance():
    client = Client()
    client.force_login(factories.user("Finance"))
    return client


def paid_in_two(at, *, amounts=("14.95", "100.00"), iban=OTHER, event=None):
    """Paid by two transfers, and cancelled: two refunds wait. The registration."""
    invoice = open_invoice(at, event=event)
    parts = [entry(amount, structured=invoice.payment_reference, iban=iban) for amount in amounts]
    bring(at, *parts, name=f"S{invoice.pk}")
    events.cancel(registration=invoice.registration, at=at)
    return invoice.registration


def went_out(at, amount, **facts):
    return bring(at, entry(amount, **facts), opening="1114.95", name="out")


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"iban": OTHER}, True),  # to the account it came from
        ({"iban": OWN, "text": "terug {reference}"}, True),
        ({"iban": OWN, "text": "terug"}, False),
    ],
)
def test_all_that_waits_for_a_registration_goes_back_in_one_transfer(at, facts, found):
    registration = paid_in_two(at)
    facts = {**facts, "text": facts.get("text", "").format(reference=registration.reference)}

    imported = went_out(at, "-114.95", **facts)

    assert outcomes(imported) == [(Outcome.GIVEN_BACK, registration.reference) if found else (Outcome.LISTED, "")]
    assert set(Refund.objects.values_list("status", flat=True)) == {"succeeded" if found else "decided"}
    booked = LedgerEntry.objects.filter(kind="refund")
    movement = BankTransaction.objects.with_state().get(amount="-114.95")
    if found:
        assert sorted(booked.values_list("amount", flat=True)) == [Decimal("-100.00"), Decimal("-14.95")]
        assert {told.bank_link.transaction_id for told in booked} == {movement.pk}
        assert (movement.is_booked, movement.booked) == (True, Decimal("-114.95"))
        assert balance_on(at.date() + timedelta(days=30), "bank") == Decimal("1000.00")
        assert chain_of(registration).ties
    assert Concern.objects.open().count() == (0 if found else 2)


def test_a_part_of_what_waits_that_is_no_refund_of_its_own_is_left_to_a_person(at):
    paid_in_two(at)

    assert outcomes(went_out(at, "-114.94", iban=OTHER)) == [(Outcome.LISTED, "")]
    assert Refund.objects.to_transfer().count() == 2


def test_one_of_two_refunds_is_still_known_by_itself(at):
    paid_in_two(at)

    went_out(at, "-14.95", iban=OTHER)

    assert [str(refund.amount) for refund in Refund.objects.to_transfer()] == ["100.00"]


def test_all_that_waits_for_one_buyer_goes_back_in_one_transfer(at):
    event = factories.event(price="95.00", starts_at=at + timedelta(days=60), capacity=100)
    registrations = [paid_in_two(at, event=event), paid_in_two(at, event=event, amounts=("114.95",))]

    imported = went_out(at, "-229.90", iban=OTHER)

    assert outcomes(imported) == [
        (Outcome.GIVEN_BACK, ", ".join(sorted(registration.reference for registration in registrations)))
    ]
    assert LedgerEntry.objects.filter(kind="refund").count() == 3


def test_a_reference_in_the_text_says_which_of_one_buyer(at):
    event = factories.event(price="95.00", starts_at=at + timedelta(days=60), capacity=100)
    _first, second = paid_in_two(at, event=event), paid_in_two(at, event=event)

    assert outcomes(went_out(at, "-114.95", iban=OTHER, text=f"terug {second.reference.lower()}")) == [
        (Outcome.GIVEN_BACK, second.reference)
    ]


def test_two_registrations_it_could_be_are_left_to_a_person(at):
    event = factories.event(price="95.00", starts_at=at + timedelta(days=60), capacity=100)
    for _number in range(2):
        paid_in_two(at, event=event)

    assert outcomes(went_out(at, "-114.95", iban=OTHER)) == [(Outcome.LISTED, "")]


def test_what_a_person_noted_is_seen_on_the_statement_together_with_what_was_not_noted(at):
    registration = paid_in_two(at)
    first, _second = Concern.objects.order_by("pk")
    actions.decide(concern=first, decision="transferred", by=None, remark="vandaag", at=at)

    imported = went_out(at, "-114.95", iban=OTHER)

    assert outcomes(imported) == [(Outcome.GIVEN_BACK, registration.reference)]
    assert LedgerEntry.objects.filter(kind="refund").count() == 2
    assert balance_on(at.date() + timedelta(days=30), "bank") == Decimal("1000.00")


def test_what_a_movement_may_settle_is_locked_before_it(at):
    registration = paid_in_two(at)
    went_out(at, "-114.00", iban=OTHER)

    assert above(BankTransaction.objects.filter(amount__lt=0)) == ([registration.event_id], [registration.pk])


# --- At the desk ----------------------------------------------------------------------------------------------------


def ways(client, movement):
    form = client.get(f"{MOVEMENTS}inspect/{movement.pk}/").context["movement_form"]
    return dict(form.fields["way"].choices), dict(form.fields["together"].choices) if "together" in form.fields else {}


def keys():
    return [f"refund-{refund.pk}" for refund in Refund.objects.order_by("pk")]


def say(client, movement, **said):
    answer = client.post(f"{MOVEMENTS}say/{movement.pk}/", said, follow=True)
    return [str(message) for message in answer.context["messages"]]


@pytest.fixture
def english():
    """The admin's language of whoever has no profile yet is the site's."""
    with translation.override("en"):
        yield


def test_the_desk_offers_what_comes_to_the_movement_in_words_that_tell_one_from_another(finance, at):
    registration = paid_in_two(at)
    went_out(at, "-114.95", iban=OWN)
    movement = BankTransaction.objects.get(amount="-114.95")

    offered, ticks = ways(finance, movement)

    one, two = keys()
    assert list(offered) == [f"{one}+{two}", "several", "fee", "not_ours"]
    assert list(ticks) == [one, two]
    label = offered[f"{one}+{two}"]
    document = registration.invoices.order_by("pk").last()
    for shown in ("100,00", "14,95", document.buyer_name, registration.reference, registration.event.name):
        assert shown in label
    assert document.number in label
    say(finance, movement, way=f"{one}+{two}")
    assert set(Refund.objects.values_list("status", flat=True)) == {"succeeded"}


def test_a_person_ticks_refunds_of_several_buyers_that_come_to_the_movement(finance, at):
    event = factories.event(price="95.00", starts_at=at + timedelta(days=60), capacity=100)
    paid_in_two(at, event=event)
    paid_in_two(at, event=event, iban="BE43068999999501")
    went_out(at, "-114.95", iban=OWN)
    movement = BankTransaction.objects.get(amount="-114.95")
    waiting = {str(refund.amount): refund for refund in Refund.objects.order_by("pk")}
    of_first = Refund.objects.get(
        payment__registration__in=[Refund.objects.order_by("pk")[0].payment.registration], amount="100.00"
    )
    mixed = [f"refund-{of_first.pk}", f"refund-{waiting['14.95'].pk}"]  # the 14.95 of the other buyer

    told = say(finance, movement, way="several", together=[mixed[0]])

    assert "100,00" in told[0] and "114,95" in told[0]  # both sums
    assert not LedgerEntry.objects.filter(kind="refund").exists()
    say(finance, movement, way="several")
    assert not LedgerEntry.objects.filter(kind="refund").exists()
    say(finance, movement, way="several", together=mixed)
    state = BankTransaction.objects.with_state().get(pk=movement.pk)
    assert (state.booked, state.links.count()) == (Decimal("-114.95"), 2)
    assert Refund.objects.to_transfer().count() == 2
    assert {link.linked_by.groups.get().name for link in movement.links.all()} == {"Finance"}


def test_what_was_given_back_meanwhile_is_not_given_back_again(at):
    paid_in_two(at)
    went_out(at, "-114.95", iban=OWN)
    movement = BankTransaction.objects.get(amount="-114.95")
    both = keys()
    actions.decide(concern=Concern.objects.order_by("pk")[0], decision="transferred", by=None, remark="", at=at)

    for wrong in (both, [], [both[0]], ["refund-0", both[1]]):
        with pytest.raises(actions.CannotBook):
            actions.note_given_back(movement=movement, keys=wrong, by=None, at=at)

    assert LedgerEntry.objects.filter(kind="refund").count() == 1  # the one a person noted


@pytest.mark.parametrize("count", [1, 3])
def test_the_desk_asks_as_many_queries_however_much_waits(finance, at, count, django_assert_num_queries):
    event = factories.event(price="95.00", starts_at=at + timedelta(days=60), capacity=100)
    for _number in range(count):
        paid_in_two(at, event=event)
    went_out(at, "-114.95", iban=OWN)
    url = f"{MOVEMENTS}inspect/{BankTransaction.objects.get(amount='-114.95').pk}/"
    finance.get(url)

    with django_assert_num_queries(20):
        page = finance.get(url)

    assert len(page.context["movement_form"].fields["together"].choices) == 2 * count
