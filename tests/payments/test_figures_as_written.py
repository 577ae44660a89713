"""Figures and days on screen are written as the reader's language does; the files keep their contract."""

import csv
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation

from cms.charts import stacked_bars
from cms.demo_content import ORGANISER
from events import actions as events
from payments import demo
from payments.actions.moving import follow_moves
from payments.models import BankStatement, BankTransaction, LedgerEntry, Payout, PayoutItem
from tests import factories
from tests.conftest import NOON
from tests.payments.bank_support import bring
from tests.payments.statements_support import entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance():
    client = Client()
    client.force_login(factories.user("Finance"))
    return client


def paid(at, **facts):
    event = factories.event(price="95.00", starts_at=at + timedelta(days=60), **facts)
    registration = events.register(event=event, order=factories.order(), at=at)
    factories.pay(registration, at=at)
    return registration


@pytest.mark.parametrize("slug", ["deferred-income", "free-seats"])
def test_the_total_of_a_count_is_a_whole_number_in_the_file(finance, at, slug):
    for _number in range(2):
        paid(at)

    asked = f"&as_of={at + timedelta(days=1):%Y-%m-%d}" if slug == "deferred-income" else ""
    answer = finance.get(f"/admin/reports/{slug}/?export=csv{asked}")

    *_rows, last = csv.DictReader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines())
    counts = {"deferred-income": ["seats"], "free-seats": ["paid", "free"]}[slug]
    assert {name: last[name] for name in counts} == {
        name: {"seats": "2", "paid": "2", "free": "0"}[name] for name in counts
    }
    assert last["net"] == "190.00"


def test_a_movement_and_a_statement_are_named_in_the_readers_language(at):
    factories.seller()
    bring(at, entry("1234.50"))

    said = {}
    for language in ("nl", "en"):
        with translation.override(language):
            said[language] = (str(BankTransaction.objects.get()), str(BankStatement.objects.get()))

    assert said == {
        "nl": ("20 jan 2027, €\u00a01.234,50", "2027-001 (20 jan 2027)"),
        "en": ("20 Jan 2027, €1,234.50", "2027-001 (20 Jan 2027)"),
    }


def test_reports_say_days_and_months_in_words_and_files_in_figures(finance, at):
    paid(at)

    screen = finance.get("/admin/reports/vat/").content.decode()
    *_rows, row, _total = csv.reader(
        b"".join(finance.get("/admin/reports/vat/?export=csv").streaming_content).decode("utf-8-sig").splitlines()
    )

    month = f"{at:%Y-%m}"
    assert row[0] == month and f">{month}<" not in screen.replace("\n", "").replace(" ", "")


def test_a_chart_says_its_figures_as_the_language_does():
    with translation.override("nl"):
        chart = stacked_bars("x", "X", ["Omzet"], [("jan", [Decimal("12.50")])])

    assert chart is not None and chart.drawings[0].boxes[0].title == "jan, Omzet: 12,50"


def test_a_payout_takes_its_fees_off_and_names_what_it_gathered(finance):
    payout = Payout.objects.create(
        payout_id="po_1", status="paid", amount="113.00", created_at=NOON, arrives_on=date(2027, 1, 20)
    )
    PayoutItem.objects.create(
        payout=payout,
        transaction_id="txn_1",
        category="charge",
        amount="114.95",
        fee="1.95",
        net="113.00",
        occurred_at=NOON,
    )

    page = finance.get(f"/admin/payouts/inspect/{payout.pk}/")

    (item,) = page.context["items"]
    assert item.amount + item.kept == item.net
    assert "-1,95" in page.content.decode() and "<td>charge</td>" not in page.content.decode()


def test_a_move_between_visits_names_no_account_whatever_it_was_paid_by(at):
    registration = paid(at)
    other = factories.event(price="95.00", starts_at=at + timedelta(days=90))
    events.move(registration=registration, to=other, at=at, by=None, why="x")
    follow_moves(at=at)

    with translation.override("en"):
        names = {entry.kind: entry.account_name for entry in LedgerEntry.objects.all()}

    assert names["moved"] == "None: between two visits"
    assert names["payment"] == "Stripe balance"


def test_the_demo_has_one_enterprise_number_on_the_site_and_on_its_invoices():
    assert demo.SELLER["enterprise_number"] in ORGANISER["enterprise_number"].replace(".", "")
    assert demo.SELLER["vat_number"] == f"BE{demo.SELLER['enterprise_number']}"
