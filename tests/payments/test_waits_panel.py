"""The admin's front page says what waits for finance, with the way to each, in as many queries whatever waits."""

from datetime import timedelta

import pytest
from django.test import Client
from wagtail.admin.ui.components import Component

from events import actions as events
from events.models import Registration
from payments import actions
from payments.admin.concerns import ConcernViewSet
from payments.admin.waits import WaitsPanel
from tests import factories
from tests.conftest import NOON
from tests.payments.statements_support import camt, entry

pytestmark = pytest.mark.django_db


def shown(group):
    client = Client()
    client.force_login(factories.user(group))
    return client.get("/admin/").content.decode()


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
    lines = [entry("5.00") for _place in range(number)] + [entry("-7.00") for _place in range(number)]
    actions.import_statement(content=camt(*lines), file_name="", by=None, at=NOON)
    for _place in range(number):
        cancelled = factories.event(price="95.00", starts_at=NOON + timedelta(days=900))
        factories.pay(events.register(event=cancelled, order=factories.order(), at=NOON), at=NOON)
        events.cancel_event(event=cancelled, at=NOON)


@pytest.mark.parametrize("number", [1, 3])
def test_it_counts_what_waits_in_the_same_number_of_queries(number, django_assert_num_queries):
    waits(number)
    panel: Component = WaitsPanel()

    with django_assert_num_queries(6):
        rows = panel.get_context_data({})["rows"]

    assert [count for _label, count, _more, _href in rows] == [number, number, number, 2 * number]


def test_money_that_nobody_named_is_counted_and_listed_like_what_is_not_booked():
    factories.seller()
    actions.import_statement(content=camt(entry("5.00"), entry("-7.00")), file_name="", by=None, at=NOON)
    client = Client()
    client.force_login(factories.user("Finance"))

    (_label, count, _more, href) = WaitsPanel().get_context_data({})["rows"][3]

    assert (count, sorted(row.amount for row in client.get(href).context["object_list"])) == (2, [-7, 5])


def test_the_front_page_the_menu_and_the_list_have_one_name_for_the_matters():
    label, _count, _more, href = WaitsPanel().get_context_data({})["rows"][0]
    client = Client()
    client.force_login(factories.user("Finance"))

    assert client.get(href).context["page_title"] == label == ConcernViewSet.menu_label


def test_finance_sees_it_also_when_nothing_waits_and_others_do_not():
    factories.ground()

    assert "Wat op u wacht" in shown("Finance")
    assert "Wat op u wacht" not in shown("Editors")
