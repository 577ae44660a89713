"""The member list as a file: what is wrong with a row, all of it, in words that say what to do."""

import pytest

from cms.models import Organisation
from events.actions.member_table import read_members
from events.actions.members import import_members
from events.models import EmailDomain, Membership
from tests import factories

pytestmark = pytest.mark.django_db
NUMBER = "0207451227"


@pytest.fixture
def scheme():
    return factories.scheme(slug="gdca")


def run(text, at, *, dry_run=False):
    return import_members(rows=read_members("leden.csv", text.encode()), dry_run=dry_run, at=at)


def test_a_number_that_belongs_to_another_name_is_a_fault_and_changes_nobody(scheme, at):
    factories.organisation("Stad Proef", enterprise_number=NUMBER)

    (result,) = run("organisation;enterprise_number;scheme\nGemeente Elders;0207.451.227;gdca\n", at)

    assert (result.outcome, result.errors) == (
        "wrong",
        [
            "enterprise_number: 0207.451.227 hoort bij “Stad Proef”. Verbeter het nummer, of schrijf die naam; heet ze "
            "intussen “Gemeente Elders”, pas dan eerst haar naam aan in het adresboek."
        ],
    )
    assert Membership.objects.count() == 0


@pytest.mark.parametrize("written", ["De Kade", "de  kade N.V.", "DE KADE bvba", "De-Kade", ""])
def test_the_same_name_but_for_case_spaces_and_legal_form_or_none_is_known_by_its_number(scheme, at, written):
    known = factories.organisation("De Kade nv", enterprise_number=NUMBER)

    (result,) = run(f"organisation;enterprise_number;scheme\n{written};{NUMBER};gdca\n", at)

    assert result.outcome == "changed"
    assert [membership.organisation for membership in Membership.objects.all()] == [known]
    assert Organisation.objects.get().name == "De Kade nv"


def test_a_name_that_has_another_number_is_a_fault(scheme, at):
    factories.organisation("Stad Proef", enterprise_number=NUMBER)

    (result,) = run("organisation;enterprise_number;scheme\nStad Proef;0123.456.749;gdca\n", at)

    assert result.errors == [
        "enterprise_number: “Stad Proef” heeft in het adresboek het nummer 0207.451.227. Verbeter de rij, of pas eerst "
        "het nummer daar aan."
    ]


def test_a_name_two_organisations_have_needs_a_number(scheme, at):
    for number in ("", NUMBER):
        factories.organisation("OCMW Proef", enterprise_number=number)

    without, known, unnumbered = run(
        "organisation;enterprise_number;scheme\n"
        f"OCMW Proef;;gdca\nOCMW Proef;{NUMBER};gdca\nOCMW Proef;0123456749;gdca\n",
        at,
        dry_run=True,
    )

    assert without.errors == [
        "organisation: Er is meer dan één organisatie met de naam “OCMW Proef”: geef haar ondernemingsnummer."
    ]
    assert (known.outcome, unnumbered.outcome) == ("changed", "changed")


def test_an_organisation_of_another_country_than_the_row_says_is_a_fault(scheme, at):
    factories.organisation("Gemeente Venlo", country="NL")

    belgian, unknown = run("organisation;country;scheme\nGemeente Venlo;BE;gdca\nX;QQ;gdca\n", at)

    assert belgian.errors == ["country: “Gemeente Venlo” ligt volgens het adresboek in Nederland."]
    assert unknown.errors == ["country: “QQ” is geen land dat wij kennen: schrijf BE of NL."]


def test_everything_that_is_wrong_with_a_row_is_told_each_with_its_column(scheme, at):
    other = factories.member(scheme, code="ANDER-2027", domain="ander.be")

    (result,) = run(
        "organisation;enterprise_number;scheme;role;valid_from;valid_until;domains;code\n"
        ";0123;nergens;baas;1/2/2027;2027-13-01;gmail.com ander;x\n",
        at,
    )
    (others,) = run("organisation;scheme;domains;code\nStad Proef;gdca;ander.be;ander-2027\n", at)
    (days,) = run("organisation;scheme;valid_from;valid_until\nStad Proef;gdca;2027-02-01;2027-01-01\n", at)

    assert [error.partition(":")[0] for error in result.errors] == [
        *("enterprise_number", "scheme", "organisation", "role", "valid_from", "valid_until"),
        *("domains", "domains", "code"),
    ]
    assert others.errors == [
        f"domains: ander.be hoort bij {other}.",
        "code: De code ander-2027 hoort bij een andere organisatie.",
    ]
    assert days.errors == ["valid_until: De laatste dag mag niet vóór de eerste vallen."]


def test_a_new_domain_is_said_to_prove_nothing_yet(scheme, at):
    text = "organisation;scheme;domains\nStad Proef;gdca;proef.be\n"

    first, second = run(text, at)[0], run(text, at)[0]

    assert list(first.changes) == ["e-maildomein: + proef.be (nog niet geverifieerd, bewijst dus niets)"]
    assert (second.outcome, list(second.changes)) == ("same", [])
    assert EmailDomain.objects.get().verified_on is None
