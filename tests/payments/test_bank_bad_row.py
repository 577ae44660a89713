"""A movement that cannot be booked, whatever is wrong with it, keeps no other from it and stays in sight."""

from decimal import Decimal

import pytest
from django.test import Client

from payments import actions
from payments.actions.bank_matching import Outcome
from payments.models import BankLink, BankTransaction, Concern, LedgerEntry, Payment
from payments.open_items import open_amount
from tests import factories
from tests.payments.bank_support import bring, open_invoice, outcomes
from tests.payments.statements_support import camt, entry

pytestmark = pytest.mark.django_db


def an_entry_of_its_name_is_in_another_movement(content, at):
    """What no deed of ours makes: the entry this movement would be is on another statement already."""
    _before, bad, _after = actions.foresee_statement(content=content, at=at).results
    bring(at, entry("1.00"), name="earlier", opening="900.00")
    taken = LedgerEntry.objects.create(
        kind="unmatched",
        source=f"bank-{bad.transaction.reference}",
        account="bank",
        amount="66.60",
        currency="EUR",
        occurred_at=at,
        booked_on=at.date(),
    )
    return BankLink.objects.create(transaction=BankTransaction.objects.get(), entry=taken, linked_at=at)


def test_one_bad_movement_stops_no_other_and_is_listed_logged_counted_and_tried_again(at, caplog):
    factories.seller()
    first, second = open_invoice(at), open_invoice(at)
    content = camt(
        entry("114.95", structured=first.payment_reference),
        entry("66.60", name="Onbekend"),
        entry("114.95", structured=second.payment_reference),
    )
    wrong = an_entry_of_its_name_is_in_another_movement(content, at)

    imported = actions.import_statement(content=content, file_name="", by=None, at=at)

    assert outcomes(imported) == [(Outcome.PAID, first.number), (Outcome.LISTED, ""), (Outcome.PAID, second.number)]
    assert (open_amount(first), open_amount(second), Payment.objects.count()) == (0, 0, 2)
    bad = BankTransaction.objects.not_booked().get()
    assert bad.amount == Decimal("66.60")
    assert not Concern.objects.filter(source=bad.reference).exists()  # nothing of its attempt stays
    assert [record.getMessage() for record in caplog.records if record.exc_info] == [f"Bank movement {bad.pk}"]
    client = Client()
    client.force_login(factories.user("Finance"))
    listed = client.get("/admin/bank-movements/?state=not_booked").context["object_list"]
    assert [row.pk for row in listed] == [bad.pk]

    assert actions.match_again(at=at) == []  # still wrong, and no harm
    wrong.delete()
    assert [result.transaction.pk for result in actions.match_again(at=at)] == [bad.pk]
    assert not BankTransaction.objects.not_booked().exists()
