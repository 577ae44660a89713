"""What of the cases waits for who writes them: hosts, facts to be held against their source again, searches in vain."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from cases.actions.signing import answer_for_host, ask_host
from cases.admin.waits import waiting
from cases.models import SoughtInVain
from cms import review
from tests import factories

pytestmark = pytest.mark.django_db

REFUSED, LATE, ASKED = (
    "The host asks for a change",
    "The host did not answer in time: ask again",
    "Waiting for the host's answer",
)
OLD, SOUGHT = "Facts checked more than a year ago", "Sought in vain in the last 30 days"


@pytest.fixture(autouse=True)
def in_english():
    factories.ground()
    review.give_pages()
    with override("en"):
        yield


@pytest.fixture
def now():
    return timezone.now()


def told(group, at):
    found = waiting(user=factories.user(group), at=at)
    return {one.heading: [row.text for row in one.rows] for one in found}


def asked(title, at):
    page = factories.visit_report(title=title)
    return ask_host(
        case=page, organisation=factories.organisation(), email="h@example.org", language="nl", by=None, at=at
    )


def sought(words, at):
    return SoughtInVain.objects.create(language="nl", words=words, first_at=at, last_at=at)


def test_what_a_host_asks_and_has_not_answered_waits_for_the_editor(now):
    answer_for_host(sign_off=asked("Nee", now), answer="refused", name="An", note="Noem de klant niet.", at=now)
    answer_for_host(sign_off=asked("Ja", now), answer="agreed", name="An", note="", at=now)
    asked("Laat", now - timedelta(days=31))
    asked("Wacht", now)
    factories.visit_report(title="Nog niet gevraagd")

    assert told("Editors", now) == {REFUSED: ["Nee"], LATE: ["Laat"], ASKED: ["Wacht"]}
    (refused, *_others) = waiting(user=factories.user("Editors"), at=now)
    assert refused.rows[0].note.endswith("Noem de klant niet.")


def test_facts_older_than_a_year_of_live_cases_are_to_be_checked_again(now):
    today = timezone.localdate(now)
    factories.case_page(title="Ouder", checked_on=today - timedelta(days=500))
    factories.case_page(title="Oud", checked_on=today - timedelta(days=366))
    factories.case_page(title="Jong", checked_on=today - timedelta(days=365))
    factories.case_page(title="Ontwerp", checked_on=today - timedelta(days=500), live=False, both=False)

    assert told("Editors", now) == {OLD: ["Ouder", "Oud"]}


def test_what_was_sought_in_vain_lately_stands_there_newest_first(now):
    for days, words in ((40, "lang geleden"), (3, "fietsen"), (1, "zonnepanelen")):
        sought(words, now - timedelta(days=days))

    assert told("Editors", now) == {SOUGHT: ["zonnepanelen", "fietsen"]}


@pytest.mark.parametrize("group", ["Organisers", "Reviewers", "Finance"])
def test_nothing_of_it_waits_for_who_makes_no_pages(now, group):
    asked("Wacht", now)
    sought("fietsen", now)

    assert told(group, now) == {}


@pytest.mark.parametrize("number", [1, 3])
def test_it_asks_the_same_number_of_queries_whatever_waits(now, number, django_assert_num_queries):
    for place in range(number):
        asked(f"Wacht {place}", now)
        asked(f"Laat {place}", now - timedelta(days=31))
        answer_for_host(sign_off=asked(f"Nee {place}", now), answer="refused", name="An", note="Nee.", at=now)
        factories.case_page(checked_on=timezone.localdate(now) - timedelta(days=500))
        sought(f"fietsen {place}", now)
    person = factories.user("Editors")
    waiting(user=person, at=now)  # what is asked of a person once

    with django_assert_num_queries(5):
        assert [one.count for one in waiting(user=person, at=now)] == [number] * 5
