"""Open items by age on any day, what partners share, and drawings of figures that say what their tables say."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from xml.etree import ElementTree

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test import Client
from openpyxl import load_workbook

from events import actions as events
from events.models import Registration
from payments import actions
from payments.actions.bookkeeping import book_dispute, book_fee, book_refund
from payments.actions.closing import close_month
from payments.journal import postings
from payments.models import JournalAccounts, LedgerEntry, LedgerLine, PartnerShare, Partnership, Payment, Refund
from payments.movements import SALES, Period, vat_by_rate
from payments.open_items import COLUMNS, open_invoices, open_on
from payments.partners import partner_rows
from tests import factories
from tests.conftest import NOON
from tests.payments.statements_support import camt, entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _seller():
    factories.seller()


@pytest.fixture
def finance():
    client = Client()
    client.force_login(factories.user("Finance"))
    return client


def open_invoice(at, *, due=30, event=None):
    event = event or factories.event(price="95.00", starts_at=NOON + timedelta(days=300), capacity=100)
    registration = events.register(event=event, order=factories.order(), at=at)
    Registration.objects.filter(pk=registration.pk).update(status="confirmed", confirmed_at=at, hold_expires_at=None)
    registration.refresh_from_db()
    factories.billing(registration)
    return actions.issue_invoice(registration=registration, at=at, due_on=(at + timedelta(days=due)).date())


def pay(invoice, amount, day, name):
    content = camt(
        entry(amount, structured=invoice.payment_reference, day=day),
        name=name,
        opened=day,
        closed=day,
    )
    actions.import_statement(content=content, file_name="", by=None, at=NOON)


def csv_of(client, slug, query=""):
    answer = client.get(f"/admin/reports/{slug}/?export=csv&{query}")
    return list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode())))


# --- Open items -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("late", "column"),
    [
        (-1, "not_due"),
        (0, "not_due"),
        (1, "days_30"),
        (30, "days_30"),
        (31, "days_60"),
        (60, "days_60"),
        (61, "days_90"),
        (90, "days_90"),
        (91, "older"),
        (400, "older"),
    ],
)
def test_an_invoice_stands_in_the_column_of_how_late_it_is_on_that_day(late, column):
    invoice = open_invoice(NOON, due=10)

    (row,) = open_on(invoice.due_on + timedelta(days=late))

    assert {name: getattr(row, name) for name in COLUMNS if getattr(row, name)} == {column: invoice.gross}
    assert row.open_amount == invoice.gross


def test_a_past_day_is_answered_as_it_was_then():
    invoice = open_invoice(NOON)  # 12 January
    pay(invoice, "100.00", "2027-01-20", "a")
    actions.issue_credit_note(
        invoice=invoice,
        reason="x",
        amounts={invoice.lines.get().attendee_id: Decimal("4.95")},
        at=NOON + timedelta(days=15),
    )
    pay(invoice, "10.00", "2027-02-03", "b")

    told = {
        day: [row.open_amount for row in open_on(date.fromisoformat(day))]
        for day in ("2027-01-11", "2027-01-12", "2027-01-19", "2027-01-20", "2027-01-27", "2027-02-03")
    }

    assert told == {
        "2027-01-11": [],
        "2027-01-12": [Decimal("114.95")],
        "2027-01-19": [Decimal("114.95")],
        "2027-01-20": [Decimal("14.95")],
        "2027-01-27": [Decimal("10.00")],
        "2027-02-03": [],
    }


def test_a_closed_month_keeps_its_open_items_when_money_of_it_is_told_later():
    invoice = open_invoice(NOON)
    close_month(month=date(2027, 1, 1), by=factories.user("Finance"), at=NOON + timedelta(days=40))

    pay(invoice, "114.95", "2027-01-20", "late")

    assert [row.open_amount for row in open_on(date(2027, 1, 31))] == [invoice.gross]
    assert not open_on(date(2027, 2, 28)).exists()


def test_money_given_back_makes_an_invoice_open_again_and_today_both_questions_agree():
    invoice = open_invoice(NOON)
    pay(invoice, "114.95", "2027-01-20", "a")
    payment = Payment.objects.get()
    refund = Refund.objects.create(payment=payment, amount=Decimal("50.00"), reason="outside", status="succeeded")
    book_refund(refund, source="x", occurred_at=NOON + timedelta(days=20), at=NOON)
    other = open_invoice(NOON)
    pay(other, "14.95", "2027-01-20", "b")
    day = date(2027, 3, 1)

    assert sorted(row.open_amount for row in open_on(day)) == [Decimal("50.00"), Decimal("100.00")]
    assert sorted(open_on(day).values_list("pk", "open_amount")) == sorted(
        open_invoices(day).values_list("pk", "open_amount")
    )


@pytest.mark.parametrize(("slug", "queries"), [("open-invoices", 11), ("vat-on-invoices", 11), ("partners", 14)])
@pytest.mark.parametrize("count", [1, 20])
def test_each_report_asks_the_same_number_of_queries(finance, slug, queries, count, django_assert_num_queries):
    for number in range(count):
        event = shared(("60", "40"), starts_at=NOON + timedelta(days=40 + number))
        open_invoice(NOON)
        paid(event)
    finance.get(f"/admin/reports/{slug}/?as_of=2027-02-01")

    with django_assert_num_queries(queries):
        page = finance.get(f"/admin/reports/{slug}/?as_of=2027-02-01")

    assert (
        len(page.context["object_list"]) == {"open-invoices": count, "vat-on-invoices": 1, "partners": 2 * count}[slug]
    )


@pytest.mark.parametrize(
    ("slug", "query"), [("open-invoices", "as_of=2027-02-20"), ("partners", "since=2027-01-01&until=2027-12-31")]
)
def test_screen_csv_and_xlsx_say_the_same_and_end_in_their_totals(finance, slug, query):
    open_invoice(NOON, due=5)
    open_invoice(NOON)
    event = shared(("33.33", "33.33", "33.34"))
    paid(event)

    *rows, last = csv_of(finance, slug, query)
    answer = finance.get(f"/admin/reports/{slug}/?export=xlsx&{query}")
    sheet = list(load_workbook(BytesIO(b"".join(answer))).active.iter_rows(values_only=True))
    page = finance.get(f"/admin/reports/{slug}/?{query}")

    summed = {name: Decimal(value) for name, value in last.items() if value not in ("", "TOTAL")}
    assert summed and len(rows) >= 2
    for name, value in summed.items():
        assert sum(Decimal(row[name]) for row in rows) == value
        assert Decimal(str(sheet[-1][sheet[0].index(name)])) == value
    assert page.context["table"].totals == summed


# --- VAT on invoices ------------------------------------------------------------------------------------------------


def test_vat_is_due_when_it_is_invoiced_and_less_when_it_is_credited(finance):
    invoice = open_invoice(NOON)
    open_invoice(NOON)
    actions.issue_credit_note(
        invoice=invoice,
        reason="x",
        amounts={invoice.lines.get().attendee_id: Decimal("12.10")},
        at=NOON + timedelta(days=30),
    )

    *rows, last = csv_of(finance, "vat-on-invoices", "since=2027-01-01&until=2027-12-31")

    assert [(row["month"], row["country"], row["category"], row["rate"]) for row in rows] == [
        ("2027-01", "BE", "S", "21.00"),
        ("2027-02", "BE", "S", "21.00"),
    ]
    assert [(row["base"], row["vat"], row["vat_credited"], row["vat_left"]) for row in rows] == [
        ("190.00", "39.90", "0.00", "39.90"),
        ("0.00", "0.00", "2.10", "-2.10"),
    ]
    assert (last["base_left"], last["vat_left"]) == ("180.00", "37.80")


# --- Partners -------------------------------------------------------------------------------------------------------


def shared(percentages, **facts):
    facts = {"starts_at": NOON + timedelta(days=60), **facts}
    event = factories.event(price="95.00", capacity=100, **facts)
    with transaction.atomic():
        owners = [factories.organisation() for _percentage in percentages]
        partnership = Partnership.objects.create(event=event, owner=owners[0])
        for owner, percentage in zip(owners, percentages, strict=True):
            PartnerShare.objects.create(partnership=partnership, organisation=owner, percentage=percentage)
    return event


def paid(event, *, fee="1.95", at=NOON):
    registration = events.register(event=event, order=factories.order(), at=at)
    payment = factories.payment_page(registration, at=at)
    factories.receive(payment, at=at)
    book_fee(payment, fee=Decimal(fee), source=f"txn_{payment.pk}", occurred_at=at, at=at)
    return payment


def test_two_centres_share_sixty_forty():
    event = shared(("60", "40"))
    paid(event)

    rows = partner_rows(Period())

    assert [(row.percentage, row.revenue, row.refunds, row.fees, row.net, row.is_owner) for row in rows] == [
        (60, Decimal("57.00"), 0, Decimal("-1.17"), Decimal("55.83"), True),
        (40, Decimal("38.00"), 0, Decimal("-0.78"), Decimal("37.22"), False),
    ]


def test_the_shares_tie_with_the_ledger_to_the_cent_also_of_what_cannot_be_divided():
    odd = shared(("33.33", "33.33", "33.34"))
    alone = factories.event(price="95.00", starts_at=NOON + timedelta(days=60), capacity=100)
    for event in (odd, odd, alone):
        payment = paid(event, fee="0.97")
    first = Payment.objects.first()
    refund = Refund.objects.create(payment=first, amount=Decimal("10.01"), reason="cancelled", status="succeeded")
    book_refund(refund, source="re_1", occurred_at=NOON, at=NOON)
    dispute = factories.disputed(Decimal("-114.95"), fee="20.00", at=NOON)
    book_dispute(payment, dispute, at=NOON)

    rows = partner_rows(Period())

    sales = LedgerLine.objects.filter(entry__kind__in=SALES).aggregate(total=Sum("net"))["total"]
    fees = LedgerEntry.objects.filter(kind__in=["fee", "dispute_fee"]).aggregate(total=Sum("amount"))["total"]
    assert sum(row.revenue + row.refunds for row in rows) == sales
    assert sum(row.fees for row in rows) == fees
    assert [row.partner for row in rows if row.organisation is None] == ["Best Practice Tour vzw"]


def test_the_period_is_that_of_the_books_and_a_partner_sees_their_own_rows(finance):
    event = shared(("60", "40"))
    paid(event)
    partner = PartnerShare.objects.get(percentage=40).organisation

    assert partner_rows(Period(since=date(2027, 2, 1))) == []
    *rows, last = csv_of(finance, "partners", f"partner={partner.pk}&since=2027-01-01&until=2027-01-31")
    assert [(row["partner"], row["net"], row["owner"]) for row in rows] == [(partner.name, "37.22", "no")]
    assert last["net"] == "37.22"


def test_no_person_stands_in_what_partners_get(finance):
    payment = paid(shared(("60", "40")))
    registration = payment.registration

    answer = finance.get("/admin/reports/partners/?export=csv")
    text = b"".join(answer.streaming_content).decode()

    for secret in (registration.email, registration.reference, registration.last_name, registration.organisation_name):
        assert secret not in text


@pytest.mark.parametrize("percentages", [("60", "39.99"), ("60", "40.01"), ("100", "100"), ()])
def test_the_database_refuses_shares_that_do_not_come_to_a_hundred(percentages):
    event = factories.event(price="95.00")
    with pytest.raises(IntegrityError), transaction.atomic():
        partnership = Partnership.objects.create(event=event, owner=factories.organisation())
        for percentage in percentages:
            PartnerShare.objects.create(
                partnership=partnership, organisation=factories.organisation(), percentage=percentage
            )
        now_checked()


def now_checked():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_changing_one_share_alone_and_takes_both_together(change):
    shared(("60", "40"))
    now_checked()
    large, small = PartnerShare.objects.order_by("-percentage")

    with pytest.raises(IntegrityError), transaction.atomic():
        if change == "update":
            PartnerShare.objects.filter(pk=small.pk).update(percentage=30)
        else:
            PartnerShare.objects.filter(pk=small.pk).delete()
        now_checked()

    PartnerShare.objects.filter(pk=large.pk).update(percentage=50)
    PartnerShare.objects.filter(pk=small.pk).update(percentage=50)
    now_checked()
    Partnership.objects.get().delete()
    now_checked()


def form_of(event, owner, *shares):
    posted = {
        "event": event.pk,
        "owner": owner.pk,
        "shares-TOTAL_FORMS": len(shares),
        "shares-INITIAL_FORMS": 0,
        "shares-MIN_NUM_FORMS": 1,
        "shares-MAX_NUM_FORMS": 1000,
    }
    for place, (organisation, percentage) in enumerate(shares):
        posted |= {
            f"shares-{place}-organisation": organisation.pk,
            f"shares-{place}-percentage": percentage,
            f"shares-{place}-ORDER": place,
            f"shares-{place}-DELETE": "",
            f"shares-{place}-id": "",
        }
    return posted


def test_the_form_says_what_is_wrong_before_the_database_does(finance):
    event, one, two = factories.event(), factories.organisation(), factories.organisation()

    wrong = finance.post("/admin/partnerships/new/", form_of(event, one, (one, "60"), (two, "30")))
    assert "90" in wrong.content.decode() and not Partnership.objects.exists()
    finance.post("/admin/partnerships/new/", form_of(event, one, (one, "60"), (two, "40")))
    now_checked()

    made = Partnership.objects.get()
    assert [(share.organisation, share.percentage) for share in made.shares.all()] == [(one, 60), (two, 40)]
    assert f"/admin/partnerships/edit/{made.pk}/" in finance.get("/admin/partnerships/").content.decode()
    assert finance.get(f"/admin/partnerships/edit/{made.pk}/").status_code == 200


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_of_partnerships_asks_the_same_number_of_queries(finance, count, django_assert_num_queries):
    for _number in range(count):
        shared(("60", "40"))
    finance.get("/admin/partnerships/")

    with django_assert_num_queries(11):
        page = finance.get("/admin/partnerships/")

    assert len(page.context["object_list"]) == count


# --- Charts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slug", "query"),
    [("open-invoices", "as_of=2027-02-20"), ("deferred-income", "as_of=2027-01-31"), ("free-seats", "")],
)
def test_a_chart_has_a_name_no_style_and_no_script_and_its_table_beside_it(finance, slug, query):
    open_invoice(NOON)
    paid(factories.event(price="95.00", starts_at=NOON + timedelta(days=60), capacity=100, name="<b>Gent</b>"))

    page = finance.get(f"/admin/reports/{slug}/?{query}").content.decode()

    figure = page[page.index("<figure") : page.index("</figure>") + len("</figure>")]
    assert "style=" not in figure and "<script" not in figure and "<b>" not in figure
    drawn = ElementTree.fromstring(figure[figure.index("<svg") : figure.index("</svg>") + 6])
    assert drawn.get("role") == "img"
    assert f'id="{drawn.get("aria-labelledby")}"' in figure and f'id="{drawn.get("aria-describedby")}"' in figure
    assert len(drawn.findall("rect")) >= 1 and "<table" in figure


def test_vat_of_a_disputed_seat_stays_owed_in_the_report_as_in_the_journal():
    payment = paid(factories.event(price="95.00", starts_at=NOON + timedelta(days=60), capacity=100))
    book_dispute(payment, factories.disputed(Decimal("-114.95"), fee="20.00", at=NOON), at=NOON)

    (row,) = vat_by_rate(Period())

    entries = LedgerEntry.objects.annotate(net=Sum("lines__net"), vat=Sum("lines__vat"))
    accounts = JournalAccounts.load()
    journal = [posting for entry in entries for posting in postings(entry, accounts)]
    owed = sum(posting.credit - posting.debit for posting in journal if posting.account == accounts.vat)
    assert (row["vat_left"], row["vat_back"], owed) == (Decimal("19.95"), Decimal("0.00"), Decimal("19.95"))
