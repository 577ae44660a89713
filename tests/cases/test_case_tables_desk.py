"""The screens on which tables of cases come in and go out: who sees them, and what they answer."""

import csv
import io

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from wagtail.models import Locale

from cases.models import CaseIndexPage, CasePage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def index():
    factories.case_page(title="Eerste", both=False)
    return CaseIndexPage.objects.get(locale=Locale.get_default())


def as_editor(group="Editors"):
    client = Client()
    client.force_login(factories.user(group))
    return client


def send(client, kind, content):
    return client.post(f"/admin/case-tables/{kind}/", {"file": SimpleUploadedFile("x.csv", content, "text/csv")})


def test_an_editor_sees_first_what_becomes_of_each_row_and_then_writes_just_that(index):
    get_user_model().objects.create_superuser("chief")
    client = Client()
    client.force_login(get_user_model().objects.get(username="chief"))

    looked = send(client, "cases", b"slug,title,goals\nnieuw,Nieuw,2\n")
    assert not CasePage.objects.filter(slug="nieuw").exists()
    done = client.post("/admin/case-tables/cases/", {"checked": looked.context["checked"]})

    assert [result.outcome for result in done.context["results"]] == ["new"]
    assert CasePage.objects.get(slug="nieuw").get_latest_revision_as_object().goals == [2]
    wrong = send(client, "cases", b"slug,title\n!,Nieuw\n")
    assert wrong.context["checked"] == "" and [result.outcome for result in wrong.context["results"]] == ["wrong"]
    assert "kolom" in send(client, "lessons", b"case,titel\na,b\n").content.decode().lower()


@pytest.mark.parametrize("kind", ["cases", "lessons", "figures"])
def test_each_table_goes_out_as_csv_and_xlsx(index, kind):
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("chief"))

    text = client.get(f"/admin/case-tables/{kind}/export/").content.decode("utf-8-sig")
    book = client.get(f"/admin/case-tables/{kind}/export/?format=xlsx")

    heading = [cell.value for cell in next(load_workbook(io.BytesIO(book.content)).active.iter_rows())]
    assert next(csv.reader(io.StringIO(text))) == heading
    assert book["Content-Disposition"] == f'attachment; filename="{kind}.xlsx"'
    assert client.get(f"/admin/case-tables/{kind}/").status_code == 200


def test_who_may_add_no_case_sees_neither_the_tables_nor_their_menu(index):
    client = as_editor("Finance" if factories.has_payments() else "Organisers")

    assert client.get("/admin/case-tables/cases/", follow=True).redirect_chain[0][0] == "/admin/"
    assert "case-tables" not in client.get("/admin/").content.decode()


def test_another_kind_or_a_site_without_cases_is_not_found():
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("chief"))
    assert client.get("/admin/case-tables/cases/").status_code == 404
    factories.case_page(both=False)

    assert client.get("/admin/case-tables/visits/").status_code == 404


def test_a_huge_cell_is_told_of_with_its_row_its_column_and_the_most_it_may_hold(index):
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("chief"))

    answer = send(client, "cases", b"slug,title,intro\nnieuw,Nieuw," + b"x" * 200_000 + b"\n")

    (result,) = answer.context["results"]
    assert (result.number, list(result.errors)) == (2, ["intro: Hoogstens 400 tekens; dit zijn er 200000."])
    echoed = send(client, "cases", b"slug,title\n" + b"x" * 200_000 + b",Nieuw\n")
    assert len(echoed.content) < 100_000
