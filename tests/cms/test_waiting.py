"""The admin's front page says what waits for whoever opened it, and nothing that is not there."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import GroupApprovalTask, GroupPagePermission, PageLogEntry, Workflow

from cms import review
from cms.actions.publishing import KEPT_BACK
from cms.admin.waits import waiting
from cms.models import StandardPage
from cms.plugins import installed_plugins
from cms.waiting import MOST
from tests import factories
from tests.cms.translated import changed, english_speaking, in_english, standard_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english_words")]

KEPT, ASKS, READ = "Kept back on the day it was planned for", "The reviewer asks for changes", "To be reviewed"


@pytest.fixture(autouse=True)
def home():
    found = factories.ground()
    review.give_pages()
    return found


def somebody(group):
    return english_speaking(factories.user(group))


def told(person):
    """What the house says waits, as (heading, how many, [(text, note), …])."""
    found = waiting(user=person, at=timezone.now())
    return {one.heading: (one.count, [(row.text, row.note) for row in one.rows]) for one in found}


def draft(home, title="Over ons"):
    page = StandardPage(title=title, slug=title.lower().replace(" ", "-"), live=False, locale=home.locale)
    home.add_child(instance=page)
    page.save_revision()
    return page


def kept_back(home, title="Over ons"):
    page = draft(home, title)
    PageLogEntry.objects.log_action(page, KEPT_BACK, data={"obstacles": ["It lacks its text."]}, revision=None)
    return page


def sent_in(home, title="Over ons", by=None):
    page = draft(home, title)
    reviewers = Group.objects.get(name="Reviewers")
    tasks = GroupApprovalTask.objects.filter(groups=reviewers)
    workflow = Workflow.objects.filter(workflow_tasks__task__in=tasks).first() or review.make_workflow(reviewers)
    workflow.start(page, by)
    return page


def sent_back(home, title="Over ons", by=None, comment="Say how many."):
    page = sent_in(home, title)
    state = page.current_workflow_task_state
    state.task.specific.on_action(state, by, "reject", comment=comment)
    return page


def test_a_page_kept_back_waits_for_its_writers_with_what_it_lacks(home):
    page = kept_back(home)

    (count, [(text, note)]) = told(somebody("Editors"))[KEPT]

    assert (count, text, note.partition(": ")[2]) == (1, page.title, "It lacks its text.")
    assert KEPT not in told(somebody("Reviewers")) | told(somebody("Finance"))


def test_it_waits_no_more_once_it_is_planned_again_or_public(home):
    published, planned = kept_back(home, "Een"), kept_back(home, "Twee")
    published.save_revision().publish()
    planned.go_live_at = timezone.now() + timedelta(days=3)
    planned.save_revision().publish()

    assert KEPT not in told(somebody("Editors"))


def test_a_page_that_is_sent_in_waits_for_the_reviewer_and_comes_back_with_a_word(home):
    reviewer, editor = somebody("Reviewers"), somebody("Editors")
    page = sent_in(home, by=editor)
    (count, [(text, note)]) = told(reviewer)[READ]
    assert (count, text, note.partition(",")[0]) == (1, page.title, f"sent in by {editor.username}")
    assert READ not in told(editor)

    state = page.current_workflow_task_state
    state.task.specific.on_action(state, reviewer, "reject", comment="Say how many.")

    assert READ not in told(reviewer)
    (count, [(text, note)]) = told(editor)[ASKS]
    assert (count, text, note.partition(", ")[2].partition(", ")[2]) == (
        1,
        page.title,
        f"{reviewer.username}: Say how many.",
    )


def test_a_page_that_is_mended_and_sent_in_again_waits_for_the_reviewer_alone(home):
    page = sent_back(home)
    page.current_workflow_state.resume()

    assert ASKS not in told(somebody("Editors"))
    assert READ in told(somebody("Reviewers"))


def test_what_somebody_may_not_edit_does_not_wait_for_them(home):
    kept_back(home)
    elsewhere = draft(home, "Elders")
    GroupPagePermission.objects.filter(group__name="Editors").update(page=elsewhere)

    assert KEPT not in told(somebody("Editors"))


def test_the_first_are_named_and_the_others_counted(home):
    for number in range(MOST + 2):
        kept_back(home, f"Pagina {number}")
    client_of = somebody("Editors")

    (found,) = [one for one in waiting(user=client_of, at=timezone.now()) if one.heading == KEPT]

    assert (found.count, len(found.rows), found.more) == (MOST + 2, MOST, 2)


def test_what_readers_see_out_of_date_is_translated_before_what_is_missing_however_new(at_once):
    outdated = standard_page(title="Verouderd", slug="verouderd")
    with at_once():
        in_english(outdated)
    with at_once():
        changed(outdated, intro="Anders.")
    standard_page(title="Ontbreekt", slug="ontbreekt")

    (_count, rows) = told(somebody("admin"))["To be translated: English"]

    # An empty database has a page of Wagtail's own.
    assert [text for text, _note in rows if text in ("Verouderd", "Ontbreekt")] == ["Verouderd", "Ontbreekt"]


def test_who_has_nothing_waiting_reads_one_friendly_line(client):
    person = somebody("Finance")
    client.force_login(person)

    text = client.get("/admin/").content.decode()

    assert "Nothing waits for you." in text
    assert 'class="tour-waiting-list"' not in text


def test_wagtails_own_panels_of_the_reviews_do_not_say_it_again(client, home):
    sent_in(home, "Eenmaal")
    client.force_login(somebody("Reviewers"))

    assert client.get("/admin/").content.decode().count("Eenmaal") == 1


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("group", "queries"), [("Editors", 7), ("Reviewers", 3)])
def test_it_asks_the_same_number_of_queries_whatever_waits(home, group, queries, number, django_assert_num_queries):
    for place in range(number):
        kept_back(home, f"Dag {place}")
        sent_in(home, f"Na te lezen {place}")
        sent_back(home, f"Terug {place}")
        standard_page(title=f"Te vertalen {place}", slug=f"vertalen-{place}")
    person = somebody(group)
    told(person)  # what is asked of a person once

    with django_assert_num_queries(queries):
        told(person)


def test_every_chapter_that_says_something_waits_says_it_of_whoever_asks():
    nobody = somebody("")

    for plugin in installed_plugins():
        assert plugin.waiting == "" or plugin.waiting.endswith(".waits.waiting")
    assert told(nobody) == {}
