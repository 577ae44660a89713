"""The member list as a file: tried dry, judged row by row, written whole or not at all; and a look-up of names."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from cms.models import Organisation
from cms.tables import UnreadableFile
from events import actions
from events.actions.member_table import member_table, read_members
from events.actions.members import import_members
from events.models import EmailDomain, Membership, OrganisationCode
from tests import factories

pytestmark = pytest.mark.django_db

FILE = b"""organisation;enterprise_number;scheme;role;valid_from;domains;code
Stad Proef;0207.451.227;gdca;purchaser;2017-01-01;proef.be stadproef.be;PROEF-2027
Steun vzw;;gdca;facilitator;;;
"""


@pytest.fixture
def scheme():
    return factories.scheme(slug="gdca")


def outcomes(results):
    return [(result.number, result.outcome) for result in results]


def run(content, at, *, dry_run=False, name="leden.csv"):
    return import_members(rows=read_members(name, content), dry_run=dry_run, at=at)


def test_a_dry_run_says_what_would_happen_and_writes_nothing(scheme, at):
    assert outcomes(run(FILE, at, dry_run=True)) == [(2, "new"), (3, "new")]
    assert (Organisation.objects.count(), Membership.objects.count()) == (0, 0)


def test_what_is_written_is_the_same_the_second_time(scheme, at):
    first, second = outcomes(run(FILE, at)), outcomes(run(FILE, at))

    assert (first, second) == ([(2, "new"), (3, "new")], [(2, "same"), (3, "same")])
    assert sorted(EmailDomain.objects.values_list("domain", flat=True)) == ["proef.be", "stadproef.be"]
    assert OrganisationCode.objects.get().organisation.enterprise_number == "0207451227"


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("X;0123;gdca;;;;", "0123"),
        ("X;;nergens;;;;", "nergens"),
        ("X;;gdca;baas;;;", "purchaser"),
        ("X;;gdca;;1/2/2027;;", "1/2/2027"),
        ("X;;gdca;;;gmail.com;", "gmail.com"),
        (";;gdca;;;;", "organisation: Dit veld kan niet leeg zijn"),
    ],
)
def test_one_wrong_row_is_named_and_keeps_the_whole_file_out(scheme, at, row, error):
    results = run(FILE + row.encode(), at)

    assert outcomes(results)[-1] == (4, "wrong")
    assert error in " ".join(results[-1].errors)
    assert Membership.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.csv", b""),
        ("x.csv", b"\xff\xfe\x00"),
        ("x.xlsx", b"no zip"),
        ("x.csv", b"naam;schema\n"),
        ("x.csv", b"organisation;scheme;pin\n"),
        ("x.csv", b"organisation;scheme\n"),
        ("x.csv", b"organisation;scheme\n;\n \n"),
    ],
)
def test_a_file_that_is_no_member_list_is_refused_in_words(name, content):
    with pytest.raises(UnreadableFile):
        read_members(name, content)


def test_what_is_exported_is_read_back_without_a_change(scheme, at):
    run(FILE, at)
    exported = "\n".join(";".join(row) for row in member_table()).encode()

    assert {outcome for _number, outcome in outcomes(run(exported, at))} == {"same"}


def organiser(group="Organisers"):
    client = Client()
    client.force_login(factories.user(group))
    return client


def test_the_list_goes_out_as_both_kinds_of_file(scheme, at):
    run(FILE, at)
    client = organiser()

    book = load_workbook(io.BytesIO(client.get(reverse("tour_schemes:export_members"), {"format": "xlsx"}).content))
    assert [row[0].value for row in book.worksheets[0].iter_rows()] == ["organisation", "Stad Proef", "Steun vzw"]
    assert client.get(reverse("tour_schemes:export_members")).content.startswith(b"\xef\xbb\xbforganisation,")


@pytest.mark.parametrize("group", ["Editors", "Finance"])
def test_only_organisers_import_members(scheme, group):
    client = organiser(group)

    for name in ("import_members", "export_members"):
        assert client.get(reverse(f"tour_schemes:{name}")).status_code == 302


def test_the_look_up_finds_organisations_and_shows_no_people_codes_or_domains(client, scheme, at):
    run(FILE, at)
    code = OrganisationCode.objects.get().code
    event = factories.event(scheme=scheme)
    actions.register(event=event, order=factories.order(organisation_code=code), at=at)

    for q in ("stad pro", "0207.451.227"):
        page = client.get("/nl/members/", {"q": q}).content.decode()
        assert "Stad Proef" in page
        assert code not in page and "proef.be" not in page and "Peeters" not in page
    assert "Stad Proef" not in client.get("/nl/members/", {"q": "st"}).content.decode()
    assert "Steun vzw" not in client.get("/nl/members/", {"q": "steun"}).content.decode()  # facilitators do not go free


def test_the_look_up_is_no_list_of_all_members(client, scheme):
    for _number in range(8):
        factories.member(scheme)

    page = client.get("/nl/members/", {"q": "Organisatie"})

    assert len(page.context["found"]) == 5


def test_a_column_the_file_lacks_keeps_what_is_known_and_an_empty_cell_empties_it(scheme, at):
    member = factories.member(scheme, valid_until=at.date(), evidence="Brief van 2017")

    run(f"organisation;scheme\n{member.name};gdca\n".encode(), at)
    kept = Membership.objects.get()
    assert (kept.valid_until, kept.evidence) == (at.date(), "Brief van 2017")
    run(f"organisation;scheme;evidence\n{member.name};gdca;\n".encode(), at)

    emptied = Membership.objects.get()
    assert (emptied.valid_until, emptied.evidence) == (at.date(), "")


@pytest.mark.parametrize(("row", "error"), [("Gent", "gdca ("), ("Ge\x00nt;gdca", "NUL")])
def test_a_short_row_and_an_impossible_sign_are_told_and_written_nowhere(scheme, at, row, error):
    (result,) = run(f"organisation;scheme\n{row}\n".encode(), at)

    assert result.outcome == "wrong" and error in result.errors[0]
    assert Organisation.objects.count() == 0


def test_a_scheme_is_known_by_its_name_too_and_an_unknown_one_is_answered_with_those_there_are(scheme, at):
    name = factories.member(scheme).name

    (known,) = run(f"organisation;scheme\n{name};{scheme.name_nl.upper()}\n".encode(), at)
    (unknown,) = run(b"organisation;scheme\nStad Gent;Groen\n", at)

    assert known.outcome == "same"
    assert unknown.errors == [f"scheme: Er is geen regeling “Groen”. Wel: gdca ({scheme.name_nl})."]


def test_a_dry_run_shows_what_is_and_what_would_be(scheme, at):
    member = factories.member(scheme, evidence="Brief van 2017")

    (result,) = run(f"organisation;scheme;evidence\n{member.name};gdca;Lijst 2019\n".encode(), at, dry_run=True)

    assert (result.outcome, list(result.changes)) == ("changed", ["bewijsstuk: Brief van 2017 → Lijst 2019"])
    assert Membership.objects.get().evidence == "Brief van 2017"
