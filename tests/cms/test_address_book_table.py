"""The address book comes in from a table, judged before it is written, and goes out the same."""

import csv
import io

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from cms.actions.address_book import COLUMNS, import_organisations, organisation_table, read_organisations
from cms.judging import OutcomeDiffers, fingerprint
from cms.models import Organisation
from tests import factories

pytestmark = pytest.mark.django_db

TOWN = {
    "name": "Gemeente Proef",
    "kind": "public",
    "municipality": "Gent",
    "country": "BE",
    "website": "https://proef.example.org/",
    "enterprise_number": "0198.765.470",
    "vat_number": "",
}


def judged(*rows, by=None, dry_run=False, **facts):
    return import_organisations(rows=list(rows), by=by or factories.user("admin"), dry_run=dry_run, **facts)


def test_a_new_organisation_is_written_with_its_number_in_its_normal_form():
    (result,) = judged(TOWN)

    town = Organisation.objects.get()
    assert (result.number, result.name, result.outcome) == (2, "Gemeente Proef", "new")
    assert (town.kind, town.municipality, town.website) == ("public", "Gent", "https://proef.example.org/")
    assert town.enterprise_number == "0198765470"


def test_one_that_is_known_is_changed_by_what_the_row_says_and_nothing_else():
    judged(TOWN)

    (result,) = judged({"name": "Gemeente Proef", "municipality": "Aalst"})

    assert (result.outcome, list(result.changes)) == ("changed", ["gemeente: Gent → Aalst"])
    assert Organisation.objects.get().website == "https://proef.example.org/"


def test_what_goes_out_comes_back_without_a_change():
    judged(TOWN, {"name": "Bedrijf nv", "country": "NL"}, {"name": "=Formule"})
    text = io.StringIO()
    csv.writer(text).writerows(organisation_table())

    rows = read_organisations("x.csv", text.getvalue().encode())

    assert tuple(rows[0]) == COLUMNS
    assert [(result.outcome, result.changes) for result in judged(*rows)] == [("same", [])] * 3


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"name": "", "kind": "public"}, "name: "),
        ({"name": "x" * 201}, "name: "),
        ({"kind": "stad"}, "kind: "),
        ({"country": "ZZ"}, "country: “ZZ”"),
        ({"website": "geen adres"}, "website: "),
        ({"enterprise_number": "0198765471"}, "enterprise_number: "),
        ({"vat_number": "BE1"}, "vat_number: "),
        ({"name": "Anders", "enterprise_number": "0198765470"}, "enterprise_number: 0198.765.470 "),
    ],
)
def test_what_is_wrong_is_said_with_its_column_and_nothing_is_written(facts, said):
    judged(TOWN)

    results = judged({"name": "Nieuw"}, {"name": "Fout", **facts})

    assert [result.outcome for result in results] == ["new", "wrong"]
    assert len(results[1].errors) == 1 and results[1].errors[0].startswith(said), results[1].errors
    assert Organisation.objects.count() == 1


def test_all_that_is_wrong_with_a_row_is_said_at_once():
    (result,) = judged({**TOWN, "enterprise_number": "0198765471", "vat_number": "BE1", "website": "geen", "kind": "x"})
    (abroad,) = judged({**TOWN, "name": "", "country": "ZZ", "website": "geen"})

    assert sorted(error.partition(":")[0] for error in result.errors) == [
        *("enterprise_number", "kind", "vat_number", "website"),
    ]
    assert sorted(error.partition(":")[0] for error in abroad.errors) == ["country", "name", "website"]
    assert Organisation.objects.count() == 0


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"name": "Gemeente Proef"}, {"name": "GEMEENTE  proef"}),
        ({"name": "Gemeente Proef", "enterprise_number": "0198765470"}, {"name": "gemeente proef"}),
        ({"name": "Gemeente Proef"}, {"name": "gemeente proef", "enterprise_number": "0198765470"}),
        (
            {"name": "Gemeente Proef", "enterprise_number": "0198765470"},
            {"name": "Gemeente Proef", "enterprise_number": "BE 0198.765.470"},
        ),
    ],
)
def test_the_same_organisation_twice_is_wrong_at_both_rows_and_each_names_the_other(first, second):
    with override("en"):
        results = judged(first, {"name": "Een ander"}, second)

    assert [(result.outcome, list(result.errors)) for result in results] == [
        ("wrong", ["name: Row 4 is about the same: keep one of the two."]),
        ("new", []),
        ("wrong", ["name: Row 2 is about the same: keep one of the two."]),
    ]
    assert Organisation.objects.count() == 0


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_the_list_itself_hands_out_can_be_handed_in(kind):
    judged(TOWN, {"name": "=Formule", "kind": "nonprofit"})
    client = Client()
    client.force_login(factories.user("Editors"))

    rows = read_organisations(f"x.{kind}", client.get(f"/admin/organisations/?export={kind}").getvalue())

    assert tuple(rows[0]) == COLUMNS
    assert [(result.outcome, list(result.errors)) for result in judged(*rows)] == [("same", [])] * 2


def test_a_list_that_changed_meanwhile_is_not_written():
    foreseen = fingerprint(judged(TOWN, dry_run=True))
    judged(TOWN)

    with pytest.raises(OutcomeDiffers):
        judged(TOWN, foreseen=foreseen)


def test_an_editor_sees_first_what_becomes_of_each_row_and_then_writes_just_that():
    client = Client()
    client.force_login(factories.user("Editors"))
    file = SimpleUploadedFile("x.csv", b"name;kind\nStad Proef;public\n", "text/csv")

    looked = client.post("/admin/organisations/import/", {"file": file})
    assert Organisation.objects.count() == 0
    client.post("/admin/organisations/import/", {"checked": looked.context["checked"]})

    assert Organisation.objects.get().kind == "public"
    assert "/admin/organisations/import/" in client.get("/admin/organisations/").content.decode()
    assert client.get("/admin/organisations/table/").content.decode("utf-8-sig").splitlines()[0] == ",".join(COLUMNS)


def test_who_may_add_nobody_cannot_import():
    client = Client()
    client.force_login(factories.user("Finance"))

    assert client.get("/admin/organisations/import/").status_code == 302
    assert "/admin/organisations/import/" not in client.get("/admin/organisations/").content.decode()


def test_who_may_add_but_not_change_adds_and_finds_a_fault_in_each_row_that_changes_one():
    judged(TOWN)
    clerk = factories.user()
    clerk.user_permissions.add(Permission.objects.get(codename="add_organisation"))
    moved = {"name": "Gemeente Proef", "municipality": "Aalst"}

    with override("en"):
        (added,) = judged({"name": "Nieuw"}, by=clerk)
        (same,) = judged(TOWN, by=clerk)
        (changed,) = judged(moved, by=clerk)

    assert (added.outcome, same.outcome) == ("new", "same")
    assert (changed.outcome, list(changed.errors)) == (
        *("wrong", ["name: This organisation is in the address book already, and you may not change it."]),
    )
    assert Organisation.objects.get(name="Gemeente Proef").municipality == "Gent"
    clerk = get_user_model().objects.get(pk=clerk.pk)
    clerk.user_permissions.add(Permission.objects.get(codename="change_organisation"))
    assert [result.outcome for result in judged(moved, by=clerk)] == ["changed"]
