"""Every document on its way out: exported as often as asked, sent again, and what went wrong kept in words."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from events.models import Letter
from payments.actions import export, follow_letters, issue_invoice, mark_failed, mark_sent, send_again
from payments.models import Dispatch, Invoice
from tests import factories
from tests.conftest import NOON
from tests.payments.documents_support import registration

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def invoice() -> Invoice:
    factories.seller()
    one = registration()
    factories.billing(one)
    return issue_invoice(registration=one, at=NOON)


def dispatch(invoice: Invoice, channel: str = "peppol") -> Dispatch:
    return invoice.dispatches.get(channel=channel)


def state_of(row: Dispatch) -> tuple[str, int, str]:
    row.refresh_from_db()
    return row.state, row.attempts, row.error


@pytest.fixture
def finance() -> Client:
    client = Client()
    client.force_login(factories.user("Finance"))
    return client


def test_each_row_of_the_list_leads_to_what_can_be_done_with_it(invoice: Invoice, finance: Client) -> None:
    page = finance.get(reverse("tour_outbox:index")).content.decode()

    for row in invoice.dispatches.all():
        assert f'href="{reverse("tour_outbox:inspect", args=[row.pk])}"' in page


def test_an_export_gives_the_electronic_document_and_counts(invoice: Invoice) -> None:
    row = dispatch(invoice)

    files = [export(dispatch=row, at=LATER) for _time in range(2)]

    assert files == [invoice.ubl.encode()] * 2
    assert state_of(row) == ("exported", 2, "")
    assert row.at == LATER


def test_a_document_that_breaks_a_rule_is_marked_and_still_given(invoice: Invoice, monkeypatch: Any) -> None:
    row = dispatch(invoice)
    monkeypatch.setattr("payments.documents.checking.problems", lambda document: ["[BR-1] no", "[BR-2] neither"])

    assert export(dispatch=row, at=LATER) == invoice.ubl.encode()

    assert state_of(row) == ("failed", 1, "[BR-1] no; [BR-2] neither")


def test_where_the_rules_are_not_installed_it_is_exported_unchecked(invoice: Invoice, monkeypatch: Any) -> None:
    monkeypatch.setattr("payments.documents.checking.is_installed", lambda: False)
    row = dispatch(invoice)

    export(dispatch=row, at=LATER)

    assert state_of(row) == ("exported", 1, "")


def test_what_arrived_stays_arrived_when_it_is_exported_once_more(invoice: Invoice) -> None:
    row = dispatch(invoice)
    mark_failed(dispatch=row, error="Onbekende ontvanger", at=LATER)
    assert state_of(row) == ("failed", 0, "Onbekende ontvanger")
    mark_sent(dispatch=row, at=LATER)
    assert state_of(row) == ("sent", 0, "")

    export(dispatch=row, at=LATER)

    assert state_of(row) == ("sent", 1, "")
    assert list(Dispatch.objects.open().values_list("channel", flat=True)) == ["mail"]


def test_a_mail_is_sent_again_to_the_same_address_with_the_same_words(
    invoice: Invoice, mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    row = dispatch(invoice, "mail")
    for _time in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            send_again(dispatch=row, at=LATER)

    mails = [mail for mail in mailoutbox if mail.to == ["facturen@example.org"]]
    assert len(mails) == 2
    assert {mail.attachments[0][0] for mail in mails} == {"F2027-0001.pdf"}
    assert {mail.body for mail in mails} == {mails[0].body}


def test_a_mail_that_was_given_up_is_failed_and_sent_once_it_went_out(invoice: Invoice) -> None:
    row = dispatch(invoice, "mail")
    assert follow_letters(at=LATER) == 0
    Letter.objects.filter(kind="invoice").update(next_attempt_at=None, last_error="SMTPError: nobody", attempts=8)

    assert (follow_letters(at=LATER), follow_letters(at=LATER)) == (1, 0)
    assert state_of(row) == ("failed", 8, "SMTPError: nobody")

    Letter.objects.filter(kind="invoice").update(sent_at=LATER, attempts=9)
    assert follow_letters(at=LATER) == 1
    assert state_of(row) == ("sent", 9, "")


def test_finance_works_the_outbox_from_its_screens(invoice: Invoice, finance: Client) -> None:
    row = dispatch(invoice)
    page = finance.get(reverse("tour_outbox:inspect", args=[row.pk])).content.decode()
    urls = {name: reverse(f"tour_outbox:{name}", args=[row.pk]) for name in ("export", "sent", "failed", "again")}

    assert [name for name, url in urls.items() if url in page] == ["export", "sent", "failed"]
    exported = finance.post(urls["export"])
    assert (exported.status_code, exported.content.decode()) == (200, invoice.ubl)
    finance.post(urls["failed"], {"error": ""})
    assert state_of(row)[0] == "exported"
    finance.post(urls["failed"], {"error": "Geweigerd"})
    assert state_of(row) == ("failed", 1, "Geweigerd")
    finance.post(urls["again"])
    assert state_of(row)[0] == "failed"
    finance.post(urls["sent"])
    assert state_of(row)[0] == "sent"
    assert {finance.get(url).status_code for url in urls.values()} == {405}


@pytest.mark.parametrize(
    ("query", "found"), [("?state=to_send", 2), ("?state=sent", 0), ("?channel=peppol", 1), ("?q=F2027-0001", 2)]
)
def test_rows_are_found_by_state_channel_and_number(invoice: Invoice, finance: Client, query: str, found: int) -> None:
    response = finance.get(reverse("tour_outbox:index") + query)

    assert len(response.context["object_list"]) == found


@pytest.mark.parametrize("group", ["Organisers", "Editors"])
def test_nobody_else_works_the_outbox(invoice: Invoice, group: str) -> None:
    client = Client()
    client.force_login(factories.user(group))
    row = dispatch(invoice)

    for name in ("export", "sent", "failed", "again"):
        assert client.post(reverse(f"tour_outbox:{name}", args=[row.pk]), {"error": "x"}).status_code == 302

    assert state_of(row) == ("to_send", 0, "")
