"""What may be handed to somebody else's learning platform, and what an editor reads when it may not."""

import pytest
from wagtail.models import PageViewRestriction

from cases import learning
from cases.actions import signing
from cases.learning.signed_off import newest
from cases.models import CasePage, HostSignOff
from cms.content import both
from cms.translate import translate_page
from tests import factories
from tests.cases.learning.courses import signed_off_case
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

PACKAGES = ["scorm", "common-cartridge"]


def why_not(case):
    return list(learning.keeps_from_package(CasePage.objects.get(pk=case.pk)))


def agreed_report(**facts):
    """A live visit report whose host agreed to it."""
    report = factories.visit_report(**facts)
    report.save_revision()
    agree(report)
    report.get_latest_revision().publish()
    return CasePage.objects.get(pk=report.pk)


def agree(report):
    asked = signing.ask_host(
        case=report, organisation=factories.organisation(), email="host@example.org", language="nl", by=None, at=NOON
    )
    signing.answer_for_host(sign_off=asked, answer=HostSignOff.Answer.AGREED, name="An", note="", at=NOON)


@pytest.mark.parametrize("kind", PACKAGES)
def test_a_signed_off_case_is_given_to_anybody_as_a_file_with_its_name(client, kind):
    case = signed_off_case()

    answer = client.get(f"/nl/learning/cases/{case.pk}/{kind}/")

    ending = {"scorm": "-scorm-1.2.zip", "common-cartridge": ".imscc"}[kind]
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert answer["Content-Disposition"] == f'attachment; filename="{case.slug}{ending}"'


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"licence": "reserved"}, "Its licence does not let others use the text."),
        ({"licence": ""}, "Its licence does not let others use the text."),
        ({"checked_on": None}, "Nobody noted on what day its facts were checked."),
        ({"items": 2}, "A package has a quiz of three to five items; this page has 2."),
        ({"items": 6}, "A package has a quiz of three to five items; this page has 6."),
    ],
)
def test_what_is_not_signed_off_is_no_package_and_the_reason_is_said(client, facts, said):
    case = signed_off_case(**facts)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cases.learning.signed_off._", lambda text: text)
        assert why_not(case) == [said]
    for kind in PACKAGES:
        assert client.get(f"/nl/learning/cases/{case.pk}/{kind}/").status_code == 404
    assert b"/nl/learning/" not in client.get(case.url).content


def test_a_page_that_is_hidden_or_not_live_is_no_package(client):
    case = signed_off_case()
    PageViewRestriction.objects.create(page=case.get_parent(), restriction_type="login")
    assert len(why_not(case)) == 1
    assert client.get(f"/nl/learning/cases/{case.pk}/scorm/").status_code == 404

    PageViewRestriction.objects.all().delete()
    case.unpublish()

    assert len(why_not(case)) == 1
    assert client.get(f"/nl/learning/cases/{case.pk}/scorm/").status_code == 404


def test_a_visit_report_is_handed_on_as_long_as_the_host_agreed_to_this_very_text(client):
    report = agreed_report(licence="cc-by-4.0", checked_on=NOON.date())
    assert list(learning.keeps_back(report)) == []

    # Written past the page's own gate, as a script would.
    CasePage.objects.filter(pk=report.pk).update(approach="<p>Anders.</p>")

    changed = CasePage.objects.get(pk=report.pk)
    assert len(list(learning.keeps_back(changed))) == 1
    assert client.get("/nl/cases/feed.json").json()["items"] == []
    HostSignOff.objects.all().delete()
    assert len(list(learning.keeps_back(changed))) == 1


def test_a_page_of_the_other_language_or_none_is_not_found(client):
    case = signed_off_case()

    assert client.get(f"/en/learning/cases/{case.pk}/scorm/").status_code == 404
    assert client.get("/nl/learning/cases/999999/scorm/").status_code == 404
    assert client.post(f"/nl/learning/cases/{case.pk}/scorm/").status_code == 405


def test_the_page_offers_both_packages_and_the_editor_reads_so(client):
    case = signed_off_case()

    page = client.get(case.url).content.decode()
    client.force_login(factories.user("Editors"))
    desk = client.get(f"/admin/pages/{case.pk}/edit/").content.decode()

    for text in (page, desk):
        for kind in PACKAGES:
            assert f'href="/nl/learning/cases/{case.pk}/{kind}/"' in text


def test_the_editor_reads_what_keeps_the_public_page_back_not_the_draft(client):
    case = signed_off_case(licence="reserved")
    case.licence = "cc-by-4.0"
    case.save_revision()
    client.force_login(factories.user("Editors"))

    desk = client.get(f"/admin/pages/{case.pk}/edit/").content.decode()

    assert f"<li>{next(learning.keeps_from_package(CasePage.objects.get(pk=case.pk)))}</li>" in desk
    assert "/nl/learning/" not in desk


@pytest.mark.parametrize("items", [3, 5])
def test_a_package_takes_a_constant_number_of_queries(client, items, django_assert_num_queries):
    case = signed_off_case(items=items)
    client.get(f"/nl/learning/cases/{case.pk}/scorm/")

    with django_assert_num_queries(9):
        client.get(f"/nl/learning/cases/{case.pk}/scorm/")


@pytest.mark.parametrize("address", ["/nl/cases/feed.json", "/nl/cases/lessons/feed.json"])
@pytest.mark.parametrize("number", [1, 3])
def test_visit_reports_cost_a_feed_as_many_queries_for_one_as_for_three(
    client, address, number, django_assert_num_queries
):
    for _report in range(number):
        agreed_report(licence="cc-by-4.0", checked_on=NOON.date())
    client.get("/nl/cases/feed.json")

    with django_assert_num_queries(16):
        client.get(address)


@pytest.mark.parametrize("number", [1, 3])
def test_so_do_their_translations(number, at_once, django_assert_num_queries):
    for place in range(number):
        report = agreed_report(title=f"Bezoek {place}", licence="cc-by-4.0", checked_on=NOON.date())
        texts = [both(report.title, f"Visit {place}"), both("Kort.", "Short."), both("Waarom.", "Why.")]
        with at_once():
            translate_page(report, [*texts, both("Hoe.", "How."), both(report.slug, f"visit-{place}")])

    with django_assert_num_queries(21):
        assert len(newest("en", 50)) == number
