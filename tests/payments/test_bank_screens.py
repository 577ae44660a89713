"""The bank account on screen: looked at before it is booked, decided about once, by who may, in constant queries."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from events import actions as events
from events.models import Registration
from payments import actions
from payments.bank_questions import is_alike, suggestions, tie
from payments.models import BankParty, BankStatement, BankTransaction, BankUpload, Concern, LedgerEntry, Payment, Refund
from payments.open_items import open_amount
from tests import factories
from tests.payments.statements_support import DAY, OWN, camt, entry

pytestmark = pytest.mark.django_db
STATEMENTS, MOVEMENTS = "/admin/bank-statements/", "/admin/bank-movements/"


@pytest.fixture(autouse=True)
def _seller():
    factories.seller()


@pytest.fixture
def finance():
    return logged_in("Finance")


def logged_in(group):
    client = Client()
    client.force_login(factories.user(group))
    return client


def open_invoice(at, **billing):
    event = factories.event(price="95.00", starts_at=at + timedelta(days=60), capacity=100)
    registration = events.register(event=event, order=factories.order(), at=at)
    Registration.objects.filter(pk=registration.pk).update(status="confirmed", confirmed_at=at, hold_expires_at=None)
    registration.refresh_from_db()
    factories.billing(registration, **billing)
    return actions.issue_invoice(registration=registration, at=at)


def bring(at, *entries, **facts):
    return actions.import_statement(content=camt(*entries, **facts), file_name="s.xml", by=None, at=at)


def upload(client, content, name="januari.xml"):
    return client.post(f"{STATEMENTS}import/", {"file": SimpleUploadedFile(name, content, "text/xml")})


def test_a_file_is_looked_at_before_it_is_booked(finance, at):
    invoice = open_invoice(at)
    content = camt(entry("114.95", structured=invoice.payment_reference), entry("8.00", name="Jan"))

    answer = upload(finance, content)
    look = finance.get(answer.url)

    assert not BankStatement.objects.exists()
    page = look.content.decode()
    assert invoice.number in page and "Jan" in page and "1122,95" in page.replace("\xa0", "").replace(".", "")
    done = finance.post(answer.url, follow=True)
    assert done.status_code == 200
    assert (open_amount(invoice), BankStatement.objects.get().file_name) == (0, "januari.xml")
    assert BankStatement.objects.get().imported_by is not None
    assert not BankUpload.objects.exists()


def test_a_second_tab_of_a_file_that_was_imported_leads_to_its_statement(finance, at):
    url = upload(finance, camt(entry("8.00"))).url
    finance.post(url)
    statement = BankStatement.objects.get()

    for answer in (finance.get(url), finance.post(url)):
        assert answer.status_code == 302 and answer.url == f"{STATEMENTS}inspect/{statement.pk}/"
    assert BankStatement.objects.count() == 1
    finance.get(STATEMENTS)  # shows what was said so far
    assert len(messages_of(finance.get(url, follow=True))) == 1
    assert logged_in("Finance").get(url).status_code == 404


def test_a_second_tab_of_a_file_that_was_put_away_says_so(finance):
    url = upload(finance, camt(entry("8.00"))).url
    finance.post(url, {"cancel": "1"})

    assert finance.post(url).url == STATEMENTS
    assert not BankStatement.objects.exists()


def test_who_looks_and_says_no_imports_nothing(finance):
    answer = upload(finance, camt(entry("8.00")))

    finance.post(answer.url, {"cancel": "1"})

    assert not BankStatement.objects.exists() and not BankUpload.objects.exists()


def test_a_file_that_is_refused_says_why_at_its_field(finance):
    answer = upload(finance, camt(entry("8.00"), closing="1.00"))

    assert answer.status_code == 422
    assert "klopt niet" in answer.content.decode() or "does not add up" in answer.content.decode()
    assert not BankUpload.objects.exists()


def test_what_another_person_uploaded_is_not_shown(finance):
    answer = upload(finance, camt(entry("8.00")))

    assert logged_in("Finance").get(answer.url).status_code == 404


@pytest.mark.parametrize("group", ["Organisers", "Editors"])
def test_only_finance_imports_sees_and_decides(group, at):
    bring(at, entry("8.00"))
    movement = BankTransaction.objects.get()
    client = logged_in(group)

    for url in (STATEMENTS, f"{STATEMENTS}import/", MOVEMENTS, f"{MOVEMENTS}inspect/{movement.pk}/"):
        assert client.get(url).status_code == 302
    upload(client, camt(entry("9.00"), name="x"))
    client.post(f"{MOVEMENTS}say/{movement.pk}/", {"way": "not_ours"})

    assert (BankStatement.objects.count(), BankUpload.objects.count()) == (1, 0)
    assert Concern.objects.open().count() == 1


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize(("url", "queries"), [(STATEMENTS, 15), (MOVEMENTS, 10)])
def test_each_list_asks_the_same_number_of_queries(finance, at, url, queries, count, django_assert_num_queries):
    for number in range(count):
        bring(at, entry("1.00"), opening=f"{number + 100}.00", name=f"S{number}")
    finance.get(url)

    with django_assert_num_queries(queries):
        page = finance.get(url)

    assert len(page.context["object_list"]) == count


@pytest.mark.parametrize("count", [1, 20])
def test_a_statement_of_any_length_is_shown_in_the_same_number_of_queries(
    finance, at, count, django_assert_num_queries
):
    bring(at, *[entry("1.00") for _number in range(count)])
    url = f"{STATEMENTS}inspect/{BankStatement.objects.get().pk}/"
    finance.get(url)

    with django_assert_num_queries(10):
        page = finance.get(url)

    assert len(page.context["movements"]) == count


@pytest.mark.parametrize("count", [1, 20])
def test_what_money_could_be_for_is_found_in_the_same_number_of_queries(finance, at, count, django_assert_num_queries):
    for _number in range(count):
        open_invoice(at)
    bring(at, entry("114.95"))
    url = f"{MOVEMENTS}inspect/{BankTransaction.objects.get().pk}/"
    finance.get(url)

    with django_assert_num_queries(16):
        page = finance.get(url)

    ways = page.context["movement_form"].fields["way"].choices
    assert sum(1 for value, _label in ways if value.startswith("invoice-")) == min(count, 10)


def test_each_list_leads_to_its_rows(finance, at):
    bring(at, entry("1.00"))
    movement, statement = BankTransaction.objects.get(), BankStatement.objects.get()

    assert f"{MOVEMENTS}inspect/{movement.pk}/" in finance.get(MOVEMENTS).content.decode()
    assert f"{STATEMENTS}inspect/{statement.pk}/" in finance.get(STATEMENTS).content.decode()


def test_movements_are_found_by_what_became_of_them(finance, at):
    bring(at, entry("8.00", name="Jan"), entry("-9.00"), entry("-1.00", code="PMNT/MDOP/CHRG"))

    found = {
        state: [row.amount for row in finance.get(f"{MOVEMENTS}?state={state}").context["object_list"]]
        for state in ("not_booked", "unmatched", "booked")
    }

    assert found == {"not_booked": [Decimal(-9)], "unmatched": [Decimal(8)], "booked": [Decimal(-1)]}
    assert len(finance.get(f"{MOVEMENTS}?q=jan").context["object_list"]) == 1


def test_an_invoice_is_suggested_for_its_number_its_amount_and_its_name(at):
    mine = open_invoice(at, name="Stad Nergenshuizen vzw")
    other = open_invoice(at, name="Iets anders")
    party = BankParty(name="STAD NERGENSHUIZEN", text=f"betaling {mine.number}")

    found = suggestions(Decimal("114.95"), party, on=at.date())

    assert [(told.invoice.pk, told.reasons) for told in found] == [
        (mine.pk, ("number", "amount", "name")),
        (other.pk, ("amount",)),
    ]
    assert suggestions(Decimal("1.00"), BankParty(name="Niemand"), on=at.date()) == []


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Gemeente Proef", "PROEF GEMEENTE", True),
        ("Voorbeeldbouw nv", "Voorbeeldbouw", True),
        ("Voorbeeldbouw", "Voorbeldbouw", True),
        ("Gemeente Proef", "Transport Verkade", False),
        ("", "Proef", False),
        ("nv", "bv", False),
    ],
)
def test_names_are_alike_when_only_form_order_or_a_letter_differ(one, other, alike):
    assert is_alike(one, other) == alike


def say(client, movement, **said):
    return client.post(f"{MOVEMENTS}say/{movement.pk}/", said, follow=True)


def test_unmatched_money_is_assigned_by_choice_or_by_number_and_only_once(finance, at):
    first, second = open_invoice(at), open_invoice(at)
    bring(at, entry("114.95"), entry("114.95"))
    one, two = BankTransaction.objects.order_by("pk")

    say(finance, one, way=f"invoice-{first.pk}", remark="gebeld")
    say(finance, two, way="number", number=" ")
    say(finance, two, way="number", number="F9999-0001")
    assert open_amount(second) == Decimal("114.95")
    say(finance, two, way="number", number=second.number.lower())
    again = say(finance, two, way="number", number=second.number)

    assert (open_amount(first), open_amount(second)) == (0, 0)
    assert again.context["movement_form"] is None
    assert not Concern.objects.open().exists()
    assert Payment.objects.count() == 2


def messages_of(answer):
    return [str(message) for message in answer.context["messages"]]


def test_a_choice_that_is_gone_says_what_happened_and_what_is_true_now(finance, at):
    invoice = open_invoice(at)
    bring(at, entry("114.95"), entry("114.95"))
    one, two = BankTransaction.objects.order_by("pk")
    say(finance, one, way=f"invoice-{invoice.pk}")

    (told,) = messages_of(say(finance, two, way=f"invoice-{invoice.pk}"))

    assert invoice.number in told and "0,00" in told
    assert f"invoice-{invoice.pk}" not in told
    assert LedgerEntry.objects.filter(kind="matched").count() == 1


def test_a_refund_that_was_given_back_meanwhile_says_so(finance, at):
    invoice = open_invoice(at)
    bring(at, entry("114.95", structured=invoice.payment_reference))
    events.cancel(registration=invoice.registration, at=at)
    bring(at, entry("-114.95", iban=OWN, name="x"), opening="1114.95", name="out")
    movement, refund = BankTransaction.objects.get(amount="-114.95"), Refund.objects.get()
    way = f"refund-{refund.pk}"
    actions.decide(concern=Concern.objects.get(), decision="transferred", by=None, remark="", at=at)

    (told,) = messages_of(say(finance, movement, way=way))

    assert invoice.registration.reference in told and way not in told
    assert BankTransaction.objects.not_booked().exists()


def test_a_movement_somebody_named_meanwhile_says_how_it_stands(finance, at):
    bring(at, entry("-5.00"))
    movement = BankTransaction.objects.get()
    say(finance, movement, way="fee")

    assert len(messages_of(say(finance, movement, way="not_ours"))) == 1
    assert LedgerEntry.objects.filter(account="bank").exclude(kind="opening").count() == 1


@pytest.mark.parametrize(
    ("amount", "ways"),
    [
        ("-5.00", ["fee", "not_ours"]),
        ("5.00", ["number", "sent_back", "not_ours"]),
    ],
)
def test_what_can_be_said_of_a_movement_depends_on_what_it_is(finance, at, amount, ways):
    bring(at, entry(amount))

    page = finance.get(f"{MOVEMENTS}inspect/{BankTransaction.objects.get().pk}/")

    assert [value for value, _label in page.context["movement_form"].fields["way"].choices] == ways


@pytest.mark.parametrize(("way", "kind"), [("fee", "service_fee"), ("not_ours", "other")])
def test_what_is_said_of_money_out_is_booked(finance, at, way, kind):
    bring(at, entry("-5.00"))

    say(finance, BankTransaction.objects.get(), way=way)

    assert LedgerEntry.objects.get(kind=kind).bank_link.linked_by is not None


def test_the_concern_leads_to_the_movement_and_a_transfer_says_where_to(finance, at):
    invoice = open_invoice(at)
    bring(at, entry("120.00", structured=invoice.payment_reference))
    events.cancel(registration=invoice.registration, at=at)
    over, transfer = Concern.objects.get(kind="overpaid"), Concern.objects.get(kind="transfer")

    money = finance.get(f"/admin/money-matters/inspect/{over.pk}/")
    away = finance.get(f"/admin/money-matters/inspect/{transfer.pk}/")

    assert f"{MOVEMENTS}inspect/{BankTransaction.objects.get().pk}/" in money.content.decode()
    assert money.context["decision_form"] is None
    assert BankParty.objects.get().iban in away.content.decode()
    finance.post(f"/admin/money-matters/decide/{transfer.pk}/", {"decision": "transferred", "remark": "ok"})
    assert Refund.objects.get().status == "succeeded"


def test_bank_and_books_tie_or_say_what_is_between_them(finance, at):
    invoice = open_invoice(at)
    bring(at, entry("114.95", structured=invoice.payment_reference), entry("-20.00"), entry("3.00"))
    events.cancel(registration=invoice.registration, at=at)
    actions.decide(concern=Concern.objects.get(kind="transfer"), decision="transferred", by=None, remark="", at=at)

    told = tie(OWN)

    assert told == (
        told.closed_on,
        Decimal("1097.95"),  # the bank's last word
        Decimal("-20.00"),  # not booked
        1,
        Decimal("-114.95"),  # by hand, on no statement yet
        Decimal("1003.00"),
        Decimal("0.00"),
    )
    assert str(told.closed_on) == DAY
    bring(at, entry("1.00"), opening="2000.00", name="March", opened="2027-03-01", closed="2027-03-02")
    assert tie(OWN).difference == Decimal("902.05")
    assert "902,05" in finance.get(STATEMENTS).content.decode()


def test_the_page_works_when_who_paid_was_forgotten(finance, at):
    bring(at, entry("5.00"))
    BankParty.objects.all().delete()

    for url in (MOVEMENTS, f"{MOVEMENTS}inspect/{BankTransaction.objects.get().pk}/"):
        assert finance.get(url).status_code == 200
