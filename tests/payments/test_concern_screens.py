"""The queue on screen: what is open first, the decisions there are, carried out once, by who may."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from events import actions as events
from payments import actions
from payments.actions.concerns import choices
from payments.models import Concern, Invoice, LedgerEntry, Payment
from tests import factories
from tests.payments.by_invoice_support import ordered as ordered_by_invoice
from tests.payments.by_invoice_support import visit
from tests.payments.statements_support import THEIRS, camt, entry

pytestmark = pytest.mark.django_db
QUEUE = "/admin/money-matters/"


def logged_in(group):
    client = Client()
    client.force_login(factories.user(group))
    return client


def concern(kind="dispute", number=1, **facts):
    now = timezone.now()
    event = factories.event(price="95.00", starts_at=now + timedelta(days=30))
    registration = events.register(event=event, order=factories.order(), at=now)
    payment = Payment.objects.create(registration=registration, amount="114.95", status="paid", paid_at=now)
    return Concern.objects.create(kind=kind, source=f"dp_{number}", payment=payment, text="114.95 EUR", **facts)


@pytest.mark.parametrize("count", [1, 20])
def test_the_queue_asks_the_same_number_of_queries_however_long_it_is(count, django_assert_num_queries):
    client = logged_in("Finance")
    for number in range(count):
        concern(number=number)
    client.get(QUEUE)

    with django_assert_num_queries(13):
        page = client.get(QUEUE)

    assert len(page.context["object_list"]) == count


def test_what_is_open_stands_first_and_a_resolved_one_offers_no_decision():
    client = logged_in("Finance")
    done = concern(number=1, resolved_at=timezone.now())
    still_open = concern(number=2)

    assert list(client.get(QUEUE).context["object_list"]) == [still_open, done]
    assert client.get(f"{QUEUE}inspect/{done.pk}/").context["decision_form"] is None
    form = client.get(f"{QUEUE}inspect/{still_open.pk}/").context["decision_form"]
    assert [name for name, _label in form.fields["decision"].choices] == ["looked_into"]


def test_a_decision_is_carried_out_once_with_who_and_why():
    client = logged_in("Finance")
    open_one = concern()
    url = f"{QUEUE}decide/{open_one.pk}/"

    for posted in ({}, {"decision": "looked_into"}, {"decision": "give_seat", "remark": "x"}):
        client.post(url, posted)
        open_one.refresh_from_db()
        assert open_one.resolved_at is None
    for _click in range(2):
        answer = client.post(url, {"decision": "looked_into", "remark": "Gebeld met de bank."}, follow=True)

    open_one.refresh_from_db()
    assert (open_one.remark, open_one.resolved_by.groups.get().name) == ("Gebeld met de bank.", "Finance")
    assert answer.status_code == 200
    (told,) = [str(message) for message in answer.context["messages"]]
    assert str(open_one.resolved_by) in told  # who decided, instead of "not a valid choice"


@pytest.mark.parametrize("method", ["get", "post"])
def test_editors_neither_see_nor_decide(method):
    open_one = concern()
    client = logged_in("Editors")

    getattr(client, method)(f"{QUEUE}decide/{open_one.pk}/", {"decision": "looked_into", "remark": "x"})

    open_one.refresh_from_db()
    assert open_one.resolved_at is None
    assert client.get(f"{QUEUE}inspect/{open_one.pk}/").status_code == 302


@pytest.mark.parametrize(("payer", "warned"), [("Proefgemeente bv", True), ("Gemeente PROEF", False)])
def test_a_transfer_names_the_holder_of_the_account_and_warns_when_another_paid(at, payer, warned):
    factories.seller()
    registration = ordered_by_invoice(visit(at), at=at)
    invoice = Invoice.objects.get()
    content = camt(entry("114.95", structured=invoice.payment_reference, name=payer))
    actions.import_statement(content=content, file_name="", by=None, at=at)
    events.cancel(registration=registration, at=at)
    matter = Concern.objects.get(kind="transfer")

    page = logged_in("Finance").get(f"{QUEUE}inspect/{matter.pk}/").content.decode()

    assert payer in page
    assert (f"{payer} betaalde voor Gemeente Proef, dienst aankoop." in page) is warned


def transfer_to_make(at):
    factories.seller()
    registration = ordered_by_invoice(visit(at), at=at)
    content = camt(entry("114.95", structured=Invoice.objects.get().payment_reference))
    actions.import_statement(content=content, file_name="", by=None, at=at)
    events.cancel(registration=registration, at=at)
    return Concern.objects.get(kind="transfer")


def test_an_organiser_reads_no_account_and_books_nothing_on_the_bank(at):
    matter = transfer_to_make(at)
    client = logged_in("Organisers")

    page = client.get(f"{QUEUE}inspect/{matter.pk}/")
    client.post(f"{QUEUE}decide/{matter.pk}/", {"decision": "transferred", "remark": "Gedaan."})

    assert page.status_code == 200 and THEIRS not in page.content.decode()
    assert page.context["decision_form"] is None
    assert LedgerEntry.objects.filter(kind="refund").count() == 0
    finance = logged_in("Finance").get(f"{QUEUE}inspect/{matter.pk}/")
    assert THEIRS in finance.content.decode()
    assert [name for name, _label in finance.context["decision_form"].fields["decision"].choices] == ["transferred"]


def test_a_document_that_could_not_be_issued_is_tried_until_it_is_and_nobody_closes_it():
    matter = Concern.raise_once("documents", "BPT-TEST", at=timezone.now())

    assert choices(matter) == []


def test_a_matter_about_a_seat_that_is_gone_keeps_no_name(at):
    event = factories.event(price="95.00", capacity=1, paid_without_seat="person", starts_at=at + timedelta(days=30))
    late = events.register(event=event, order=factories.order(), at=at)
    payment = factories.payment_page(late, at=at)
    later = at + timedelta(hours=2)
    events.register(event=event, order=factories.order(), at=later)
    factories.receive(payment, at=later)

    assert Concern.objects.get(kind="no_seat").text == late.reference
