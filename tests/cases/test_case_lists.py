"""The cases as a list in the admin: who sees it, what it tells, how it is narrowed, at a constant number of queries."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from cases.actions.signing import answer_for_host, ask_host
from cases.models import CaseIndexPage, CasePage, CaseParty, HostSignOff
from cms import review
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/admin/cases/"


def logged_in(group):
    factories.ground()
    review.give_pages()
    person = factories.user(group)
    UserProfile.objects.create(user=person, preferred_language="en")
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def editor():
    return logged_in("Editors")


def below():
    return reverse("wagtailadmin_explore", args=[CaseIndexPage.objects.get(locale__language_code="nl").pk])


def titles(client, **asked):
    return sorted(page.title for page in client.get(LIST, asked).context["object_list"])


def asked_of_host(page, at, **facts):
    asked = ask_host(
        case=page, organisation=factories.organisation(), email="h@example.org", language="nl", by=None, at=at
    )
    if facts:
        answer_for_host(sign_off=asked, name="An", note=facts.get("note", ""), answer=facts["answer"], at=at)
    return asked


@pytest.mark.parametrize(
    ("group", "sees"), [("Editors", True), ("Organisers", True), ("Reviewers", True), ("Finance", False)]
)
def test_who_makes_shows_or_reads_cases_sees_the_list_and_finance_does_not(group, sees):
    factories.case_page(title="Tapijt", both=False)
    client = logged_in(group)

    answer = client.get(LIST)

    assert (answer.status_code, b"Tapijt" in answer.content) == ((200, True) if sees else (302, False))
    assert (f'"{LIST}"' in client.get("/admin/").content.decode()) is sees


def test_who_edits_no_page_reads_the_list_without_a_way_to_edit():
    page = factories.case_page(title="Tapijt", both=False)

    text = logged_in("Organisers").get(LIST).content.decode()

    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) not in text
    assert "data-bulk-action-checkbox" not in text
    assert reverse("cases_list:choose_parent") not in text


def test_it_tells_what_an_editor_looks_for(editor):
    page = factories.visit_report(title="Op bezoek", municipality="Ronse", checked_on="2026-03-04")
    asked_of_host(page, timezone.now(), answer="refused", note="Noem de klant niet.")

    for address in (LIST, below()):
        text = " ".join(editor.get(address).content.decode().split())
        assert [word in text for word in ("Ronse, Belgium", "Visit report", "4 Mar 2026", "Asks for a change")] == [
            True
        ] * 4


def test_a_draft_that_does_not_say_where_stands_under_its_country_alone(editor):
    factories.case_page(title="Ergens", both=False)
    CasePage.objects.update(live=False, municipality="")

    text = " ".join(editor.get(LIST).content.decode().split())

    assert (", Belgium" in text, "Belgium" in text) == (False, True)


@pytest.mark.parametrize(
    ("address", "searched", "queries"), [(LIST, "", 21), (LIST, "Tap", 21), ("", "", 32), ("", "Tap", 33)]
)
@pytest.mark.parametrize("number", [1, 3])
def test_a_list_asks_the_same_of_one_case_and_of_three(
    editor, address, searched, queries, number, django_assert_num_queries
):
    for place in range(number):
        asked_of_host(factories.visit_report(title=f"Tapijt {place}"), timezone.now())
    address = address or below()
    editor.get(address)  # what is asked of any page once: the site, the content types

    with django_assert_num_queries(queries):
        found = editor.get(address, {"q": searched}).context["object_list"]

    assert len(found) == number


def test_words_are_sought_in_the_title_of_the_draft_the_place_and_the_organisations(editor):
    page = factories.case_page(title="Tapijt", municipality="Aalst", both=False)
    factories.case_page(title="Lampen", both=False)
    page.title = "Vloer"
    page.parties.add(
        CaseParty(organisation=factories.organisation("Desso"), role=CaseParty.Role.SUPPLIER, locale=page.locale)
    )
    page.save_revision().publish()
    page.title = "Tegels"
    page.save_revision()

    assert [titles(editor, q=words) for words in ("tegel", "aalst", "desso vloer", "desso lampen", "%")] == [
        ["Vloer"],
        ["Vloer"],
        ["Vloer"],
        [],
        [],
    ]


def test_filters_narrow_by_goal_market_kind_status_and_language(editor):
    factories.case_page(title="Doel", goals=[1, 3], both=False)
    factories.case_page(title="Markt", goals=[2], markets=["ict"])
    factories.visit_report(title="Verslag")

    assert titles(editor, goals=["1", "2"], language="nl") == ["Doel", "Markt"]
    assert titles(editor, goals="1") == ["Doel"]
    assert titles(editor, markets="ict", language="nl") == ["Markt"]
    assert titles(editor, kind="visit-report") == titles(editor, status="draft") == ["Verslag"]
    assert titles(editor, status="live", language="nl") == ["Doel", "Markt"]
    assert titles(editor, translation="missing") == ["Doel"]


def test_a_live_case_with_a_newer_draft_and_one_under_review_are_told_apart(editor):
    changed, reviewed = (factories.case_page(title=title, both=False) for title in ("Anders", "Gelezen"))
    for page in (changed, reviewed):
        page.intro = "Nieuw."
        page.save_revision()
    review.make_workflow(factories.Group.objects.get(name="Reviewers")).start(reviewed, None)

    assert titles(editor, status="changed") == ["Anders", "Gelezen"]
    assert titles(editor, status="review") == ["Gelezen"]


def test_facts_checked_more_than_a_year_ago_or_never_are_found(editor):
    today = timezone.localdate()
    factories.case_page(title="Oud", checked_on=today - timedelta(days=366), both=False)
    factories.case_page(title="Jong", checked_on=today - timedelta(days=365), both=False)
    factories.case_page(title="Nooit", both=False)

    assert (titles(editor, checked="old"), titles(editor, checked="never")) == (["Oud"], ["Nooit"])


def test_the_hosts_last_word_is_told_of_visit_reports_alone(editor):
    now = timezone.now()
    factories.case_page(title="Case", both=False)
    reports = {word: factories.visit_report(title=word) for word in ("not-asked", "waiting", "no-answer", "refused")}
    reports["agreed"] = factories.visit_report(title="agreed")
    asked_of_host(reports["waiting"], now, answer="refused", note="Nee.")
    asked_of_host(reports["waiting"], now)  # asked again: what was said before is not the last word
    asked_of_host(reports["no-answer"], now - timedelta(days=31))
    asked_of_host(reports["refused"], now, answer="refused", note="Nee.")
    asked_of_host(reports["agreed"], now, answer="agreed")

    assert {word: titles(editor, host=word) for word in reports} == {word: [word] for word in reports}
    assert HostSignOff.objects.count() == 5


def test_what_no_filter_knows_and_a_made_up_order_break_nothing(editor):
    factories.case_page(title="Tapijt", both=False)

    for asked in ({"goals": "x"}, {"host": "x"}, {"ordering": "x"}, {"status": "x"}, {"ordering": "checked_on"}):
        assert editor.get(LIST, asked).status_code == 200


@pytest.mark.parametrize(
    "order", ["title", "-checked_on", "municipality", "latest_revision_created_at", "kind", "live"]
)
def test_each_column_sorts(editor, order):
    factories.case_page(title="B", both=False, municipality="Aalst")
    factories.case_page(title="A", both=False, municipality="Ronse")

    assert len(editor.get(LIST, {"ordering": order}).context["object_list"]) == 2


def test_the_use_of_the_kind_of_page_is_the_same_list(editor):
    factories.case_page(title="Tapijt", both=False)

    answer = editor.get(reverse("wagtailadmin_pages:type_use", args=["cases", "casepage"]))

    assert (answer.status_code, b"Venlo, Belgium" in answer.content) == (200, True)
