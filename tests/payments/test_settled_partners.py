"""What a closed month said partners get is what it says for ever: their shares cannot be changed any more."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from events import actions as events
from payments.actions.bookkeeping import book_dispute
from payments.actions.closing import close_month
from payments.models import PartnerShare, Partnership, Payment
from payments.movements import Period
from payments.partners import partner_rows
from payments.stripe_gateway import Movement
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance():
    return factories.user("Finance")


@pytest.fixture
def client(finance):
    client = Client()
    client.force_login(finance)
    return client


def shared(event, *percentages):
    partnership = Partnership.objects.create(event=event, owner=factories.organisation())
    for percentage in percentages:
        organisation = factories.organisation()
        PartnerShare.objects.create(partnership=partnership, organisation=organisation, percentage=percentage)
    return partnership


def paid_visit(at):
    event = factories.event(price="95.00", starts_at=at + timedelta(days=60))
    factories.pay(events.register(event=event, order=factories.order(), at=at), at=at)
    return event


def close(at, finance):
    """January, the month `at` is in."""
    close_month(month=date(at.year, at.month, 1), by=finance, at=at + timedelta(days=40))


def ask_now():
    """The triggers that wait for the end of the transaction are asked now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def form_of(partnership, *percentages):
    shares = list(partnership.shares.all())
    form = {
        "event": partnership.event_id,
        "owner": partnership.owner_id,
        "shares-TOTAL_FORMS": len(shares),
        "shares-INITIAL_FORMS": len(shares),
        "shares-MIN_NUM_FORMS": 1,
        "shares-MAX_NUM_FORMS": 1000,
    }
    for place, (share, percentage) in enumerate(zip(shares, percentages, strict=True)):
        form |= {
            f"shares-{place}-id": share.pk,
            f"shares-{place}-organisation": share.organisation_id,
            f"shares-{place}-percentage": percentage,
            f"shares-{place}-ORDER": place + 1,
        }
    return form


def test_until_a_month_is_closed_shares_can_be_changed(at, client):
    partnership = shared(paid_visit(at), 60, 40)

    client.post(f"/admin/partnerships/edit/{partnership.pk}/", form_of(partnership, "70", "30"))

    assert list(partnership.shares.values_list("percentage", flat=True)) == [70, 30]


def test_afterwards_the_form_refuses_and_says_why(at, client, finance):
    partnership = shared(paid_visit(at), 60, 40)
    close(at, finance)

    page = client.post(f"/admin/partnerships/edit/{partnership.pk}/", form_of(partnership, "70", "30"))

    assert "is afgesloten: de partners en hun aandelen blijven" in page.content.decode()
    assert list(partnership.shares.values_list("percentage", flat=True)) == [60, 40]
    assert [row.percentage for row in partner_rows(Period())] == [60, 40]


def test_afterwards_it_cannot_be_deleted_on_screen(at, client, finance):
    partnership = shared(paid_visit(at), 100)
    close(at, finance)

    page = client.post(f"/admin/partnerships/delete/{partnership.pk}/", follow=True)

    assert "is afgesloten" in page.content.decode()
    assert Partnership.objects.filter(pk=partnership.pk).exists()


def test_the_database_refuses_whoever_asks(at, finance):
    partnership = shared(paid_visit(at), 60, 40)
    share = partnership.shares.first()
    ask_now()
    close(at, finance)
    other = Partnership.objects.filter(pk=partnership.pk)
    for deed in (
        lambda: PartnerShare.objects.filter(pk=share.pk).update(organisation=factories.organisation()),
        lambda: PartnerShare.objects.filter(pk=share.pk).delete(),
        lambda: PartnerShare.objects.create(
            partnership=partnership, organisation=factories.organisation(), percentage=1
        ),
        lambda: other.update(owner=factories.organisation()),
        lambda: other.update(event=factories.event()),
        lambda: other.delete(),
    ):
        with pytest.raises(IntegrityError, match="is closed"), transaction.atomic():
            deed()
    assert partnership.shares.count() == 2


def test_a_visit_without_partners_gets_none_afterwards(at, finance):
    """All of it was the seller's in the closed month."""
    event = paid_visit(at)
    close(at, finance)

    with pytest.raises(IntegrityError, match="is closed"), transaction.atomic():
        shared(event, 100)


def test_a_fee_of_a_dispute_in_the_closed_month_counts_as_well(at, finance):
    event = paid_visit(at)
    later = at + timedelta(days=31)
    payment = Payment.objects.get()
    fee = Movement("txn_1", "dispute", "adjustment", "dp_1", 0, 20, -20, "EUR", at, "")
    book_dispute(payment, fee, at=later)
    close(at, finance)

    assert Partnership.are_settled([event.pk])


def test_a_visit_that_moved_nothing_in_a_closed_month_is_free(at, finance):
    paid_visit(at)
    other = factories.event(price="95.00", starts_at=at + timedelta(days=60))
    partnership = shared(other, 60, 40)
    close(at, finance)

    partnership.shares.all().delete()
    PartnerShare.objects.create(partnership=partnership, organisation=factories.organisation(), percentage=100)
    ask_now()

    assert not Partnership.are_settled([other.pk])
