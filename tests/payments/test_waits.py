"""The admin's front page says what waits for finance, with the way to each, in as many queries whatever waits."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext as _

from events import actions as events
from events.models import Registration
from payments import actions
from payments.admin.concerns import PAGE_TITLE, ConcernViewSet
from payments.admin.waits import waiting
from tests import factories
from tests.conftest import NOON
from tests.payments.statements_support import camt, entry

pytestmark = pytest.mark.django_db


def waits(number):
    factories.seller(refunds_of_cancelled="person")
    event = factories.event(price="95.00", starts_at=NOON + timedelta(days=900), capacity=100)
    for _place in range(number):
        registration = events.register(event=event, order=factories.order(), at=NOON)
        Registration.objects.filter(pk=registration.pk).update(
            status="confirmed", confirmed_at=NOON, hold_expires_at=None
        )
        registration.refresh_from_db()
        factories.billing(registration)
        actions.issue_invoice(registration=registration, at=NOON)
    lines = [entry("5.00") for _place in range(number)] + [entry("-7.00")]
    actions.import_statement(content=camt(*lines), file_name="", by=None, at=NOON)
    for _place in range(number):
        cancelled = factories.event(price="95.00", starts_at=NOON + timedelta(days=900))
        factories.pay(events.register(event=cancelled, order=factories.order(), at=NOON), at=NOON)
        events.cancel_event(event=cancelled, at=NOON)


def told(group):
    """What of the money waits, as heading -> (how many, the first of them)."""
    found = waiting(user=factories.user(group), at=timezone.now())
    return {one.heading: (one.count, [(row.text, row.note) for row in one.rows]) for one in found}


@pytest.mark.parametrize("number", [1, 3])
def test_it_counts_what_waits_in_the_same_number_of_queries(number, django_assert_num_queries):
    waits(number)
    person = factories.user("Finance")
    waiting(user=person, at=timezone.now())  # what is asked of a person once

    with django_assert_num_queries(8):
        found = waiting(user=person, at=timezone.now())

    assert [one.count for one in found] == [number, number, number, number + 1]


def test_each_thing_that_waits_leads_to_where_it_is_done():
    waits(1)
    client = Client()
    client.force_login(factories.user("Finance"))

    found = waiting(user=factories.user("Finance"), at=timezone.now())

    for one in found:
        assert [client.get(href).status_code for href in (one.url, *(row.url for row in one.rows))] == [200] * (
            1 + len(one.rows)
        )


def test_an_invoice_says_whose_it_is_how_much_is_open_and_since_when():
    waits(1)

    (_count, [(number, note)]) = told("Finance")[_("Open invoices")]

    assert number == "F2027-0001"
    assert note.startswith("Gemeente Proef, dienst aankoop, ")


def test_money_that_nobody_named_is_counted_and_listed_like_what_is_not_booked():
    factories.seller()
    actions.import_statement(content=camt(entry("5.00"), entry("-7.00")), file_name="", by=None, at=NOON)
    person = factories.user("Finance")
    client = Client()
    client.force_login(person)

    (to_name,) = [one for one in waiting(user=person, at=timezone.now()) if one.heading == _("Bank movements to name")]

    listed = client.get(to_name.url).context["object_list"]
    assert (to_name.count, sorted(row.amount for row in listed)) == (2, [-7, 5])


def test_the_front_page_the_menu_and_the_list_have_one_name_for_the_matters():
    waits(1)
    person = factories.user("Finance")
    client = Client()
    client.force_login(person)

    matters = waiting(user=person, at=timezone.now())[0]

    assert client.get(matters.url).context["page_title"] == matters.heading == ConcernViewSet.menu_label


def test_organisers_decide_and_give_back_and_hear_nothing_of_the_bank_or_the_debtors():
    waits(1)

    assert set(told("Organisers")) == {str(PAGE_TITLE), _("Cancelled visits to pay back")}
    assert told("Editors") == told("Reviewers") == {}
