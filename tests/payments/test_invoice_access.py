"""Who sees, downloads and credits documents: finance, the buyer behind its link, and nobody else."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from payments.actions import issue_invoice
from tests import factories
from tests.conftest import NOON
from tests.payments.documents_support import paid, registration, vat_rules

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=10)


@pytest.fixture(autouse=True)
def seller(db: Any) -> Any:
    vat_rules()
    return factories.seller()


def client_of(group: str) -> Client:
    client = Client()
    client.force_login(factories.user(group))
    return client


@pytest.mark.parametrize(("group", "sees", "credits"), [
    ("Finance", 200, 200), ("Organisers", 200, 302), ("Editors", 302, 302),
])  # fmt: skip
def test_who_may_see_documents_and_who_may_credit(group: str, sees: int, credits: int) -> None:
    invoice = issue_invoice(registration=registration(), at=NOON)
    client = client_of(group)
    seen = [
        reverse("tour_invoices:index"),
        reverse("tour_invoices:inspect", args=[invoice.pk]),
        reverse("tour_invoices:file", args=[invoice.pk, "pdf"]),
        reverse("tour_invoices:file", args=[invoice.pk, "xml"]),
    ]

    assert [client.get(url).status_code for url in seen] == [sees] * 4
    assert client.get(reverse("tour_invoices:credit", args=[invoice.pk])).status_code == credits
    assert client.get(reverse("tour_outbox:index")).status_code == (200 if group == "Finance" else 302)
    assert client.get(reverse("tour_vat_rules:index")).status_code == (200 if group == "Finance" else 302)


def test_nobody_adds_edits_or_deletes_a_document_by_hand() -> None:
    invoice = issue_invoice(registration=registration(), at=NOON)
    client = client_of("admin")
    index = reverse("tour_invoices:index")

    assert {
        client.get(f"{index}{verb}", follow=True).status_code
        for verb in ("new/", f"edit/{invoice.pk}/", f"delete/{invoice.pk}/", f"copy/{invoice.pk}/")
    } == {404}


def test_finance_credits_a_seat_from_the_screen_and_a_second_click_credits_nothing_more() -> None:
    invoice = issue_invoice(registration=registration(seats=2), at=NOON)
    first, second = (line.attendee_id for line in invoice.lines.all())
    client = client_of("Finance")
    url = reverse("tour_invoices:credit", args=[invoice.pk])
    form = client.get(url).context["form"]
    sent = {f"seat_{first}": "50.00", f"seat_{second}": "", "reason": "Afspraak.", "key": form["key"].value()}

    answers = [client.post(url, sent).status_code for _click in range(2)]

    note = invoice.credit_notes.get()
    assert (answers, note.gross, note.reason, note.prepaid) == ([302, 302], Decimal("50.00"), "Afspraak.", 0)
    assert client.get(reverse("tour_invoices:inspect", args=[invoice.pk])).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"amount": "999.00"}, {"amount": "0"}, {"amount": "-1"}, {"amount": "veel"}, {"reason": ""}],
)
def test_a_wrong_credit_is_explained_and_issues_nothing(wrong: dict[str, str]) -> None:
    invoice = issue_invoice(registration=registration(), at=NOON)
    facts = {"amount": "1.00", "reason": "Afspraak."} | wrong
    sent = {f"seat_{invoice.lines.get().attendee_id}": facts["amount"], "reason": facts["reason"], "key": "k"}

    response = client_of("Finance").post(reverse("tour_invoices:credit", args=[invoice.pk]), sent)

    assert (response.status_code, invoice.credit_notes.count()) == (422, 0)


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_asks_the_same_number_of_queries_for_one_and_for_twenty(
    count: int, django_assert_num_queries: Any
) -> None:
    for _number in range(count):
        issue_invoice(registration=registration(), at=NOON)
    client = client_of("Finance")
    pages = {"tour_invoices:index": 10, "tour_outbox:index": 10}
    for name, queries in pages.items():
        client.get(reverse(name))
        with django_assert_num_queries(queries):
            response = client.get(reverse(name))
        assert len(response.context["object_list"]) == count
    files = [client.get(reverse(name) + "?export=csv").status_code for name in pages]
    assert files == [200, 200]


def test_people_download_their_own_documents_behind_their_link_and_nobody_elses(client: Client) -> None:
    mine, other = registration(), registration()
    paid(mine)
    invoice = issue_invoice(registration=mine, at=NOON, payment=mine.payments.get())
    page = client.get(reverse("events:manage", args=[mine.manage_token])).content.decode()
    urls = [reverse(f"payments:document_{kind}", args=[mine.manage_token, invoice.number]) for kind in ("pdf", "xml")]

    assert all(url in page for url in urls)
    files = [client.get(url) for url in urls]
    assert [(file.status_code, file["Content-Type"]) for file in files] == [
        (200, "application/pdf"),
        (200, "application/xml"),
    ]
    assert files[1].content.decode() == invoice.ubl
    assert files[0]["Cache-Control"].startswith("max-age=0")
    for token in (other.manage_token, mine.manage_token[:-1] + "x", mine.reference, mine.mailbox_token):
        url = reverse("payments:document_pdf", args=[token, invoice.number])
        assert client.get(url).status_code == 404
    assert client.get(reverse("payments:document_pdf", args=[mine.manage_token, "F2027-9999"])).status_code == 404
    assert client.post(urls[0]).status_code == 405


def test_a_registrations_page_in_the_admin_lists_its_documents() -> None:
    invoice = issue_invoice(registration=registration(), at=NOON)
    url = reverse("tour_registrations:inspect", args=[invoice.registration.pk])

    assert "F2027-0001" in client_of("Finance").get(url).content.decode()


def test_the_front_page_says_what_waits_and_which_vat_departs() -> None:
    factories.event(price="95.00", name="Verkeerd tarief", vat_rate=Decimal("6.00"))
    paid(registration())

    finance, editor = (client_of(group).get("/admin/").content.decode() for group in ("Finance", "Editors"))

    assert "Verkeerd tarief" in finance
    assert ('id="invoicing-panel"' in finance, 'id="invoicing-panel"' in editor) == (True, False)
