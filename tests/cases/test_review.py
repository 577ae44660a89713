"""Every road to the public asks the same question; a case is sent in, sent back, mended and approved."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page, Workflow, WorkflowPage, WorkflowState

from cases.models import CaseIndexPage, CasePage, Lesson
from cms import duties, permissions, review
from cms.plugins import installed_plugins
from tests import factories
from tests.cases.case_forms import case_form
from tests.cms.translated import english_speaking

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """What a migration leaves behind, on a site with a root."""
    factories.ground()
    if not Workflow.objects.active().filter(workflow_tasks__task__groupapprovaltask__groups__name="Reviewers").exists():
        review.make_workflow(Group.objects.get(name="Reviewers"))
    review.give_pages()


@pytest.fixture
def draft(house):
    page = factories.case_page(both=False, live=False)
    page.save_revision()
    return page


@pytest.fixture
def editor(client, house):
    person = factories.user("Editors")
    client.force_login(person)
    client.person = person
    return client


def as_it_is_now(page):
    return CasePage.objects.get(pk=page.pk)


def lacks_something(page):
    """A draft that was complete when it was sent in, and is not any more."""
    page = as_it_is_now(page).get_latest_revision_as_object()
    page.lessons.add(Lesson(title="Half", locale=page.locale))
    page.save_revision(clean=False)
    return as_it_is_now(page)


SAID = "Leerles 1 (Half) mist: aankoopfase, uitleg."


def post(client, page, button, **facts):
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), case_form(page, **facts) | {button: "1"})


def act(client, page, action, comment="", **headers):
    """Press a button of the dashboard or of the status panel, which carries no form of the page."""
    state = as_it_is_now(page).current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
    return client.post(address, {"comment": comment}, headers=headers)


# ------------------------------------------------------------------------------------------- groups, rights, workflow


def test_below_the_cases_everything_goes_past_the_reviewers(draft):
    workflow = draft.get_workflow()

    assert [task.specific.groups.get().name for task in workflow.tasks] == ["Reviewers"]
    assert set(WorkflowPage.objects.filter(workflow=workflow).values_list("page", flat=True)) == set(
        CaseIndexPage.objects.values_list("pk", flat=True)
    )


@pytest.mark.skipif(not any(p.name == "events" for p in installed_plugins()), reason="events is not installed")
def test_below_the_programme_too(house):
    page = factories.event_page()

    assert [task.specific.groups.get().name for task in page.get_workflow().tasks] == ["Reviewers"]


def test_a_workflow_is_put_on_index_pages_that_were_there_before_it(house):
    index = factories.case_page(both=False).get_parent()
    Workflow.objects.all().delete()

    review.make_workflow(Group.objects.get(name="Reviewers"))

    assert Page.objects.get(pk=index.pk).workflowpage.workflow.active


def test_what_an_administrator_changed_stays_after_the_next_migration(draft):
    GroupPagePermission.objects.filter(group__name="Editors", permission__codename="publish_page").delete()
    WorkflowPage.objects.all().delete()
    Workflow.objects.filter(workflow_tasks__task__groupapprovaltask__isnull=False).update(active=False)

    permissions.grant_groups()

    assert not GroupPagePermission.objects.filter(group__name="Editors", permission__codename="publish_page").exists()
    assert not WorkflowPage.objects.exists()
    assert not Workflow.objects.active().filter(workflow_tasks__task__groupapprovaltask__isnull=False).exists()


def test_without_a_group_of_reviewers_the_next_migration_makes_it_with_its_rights_and_its_workflow(draft):
    Workflow.objects.all().delete()
    Group.objects.filter(name="Reviewers").delete()

    permissions.grant_groups()

    given = GroupPagePermission.objects.filter(group__name="Reviewers", page=Page.get_first_root_node())
    assert sorted(given.values_list("permission__codename", flat=True)) == ["change_page", "publish_page"]
    assert as_it_is_now(draft).get_workflow().active


def test_the_editors_of_a_new_site_may_write_and_publish_without_the_demonstration(house):
    given = GroupPagePermission.objects.filter(group__name="Editors", page=Page.get_first_root_node())

    assert {"add_page", "change_page", "publish_page"} <= set(given.values_list("permission__codename", flat=True))


def test_an_editor_without_the_right_to_publish_sends_in_and_does_not_publish(editor, draft):
    GroupPagePermission.objects.filter(group__name="Editors", permission__codename="publish_page").delete()

    post(editor, draft, "action-publish")
    assert not as_it_is_now(draft).live
    post(editor, draft, "action-submit")

    assert as_it_is_now(draft).workflow_in_progress


# ---------------------------------------------------------------------------------------------------------- the review


def test_sent_in_sent_back_mended_approved_and_live(editor, draft, client, django_capture_on_commit_callbacks):
    reviewer = factories.user("Reviewers")
    post(editor, draft, "action-submit")
    assert not as_it_is_now(draft).live
    assert reviewer.email in [address for message in mail.outbox for address in message.to]

    client.force_login(reviewer)
    act(client, draft, "reject", "De context is te kort.")
    assert as_it_is_now(draft).current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES
    told = [message for message in mail.outbox if message.to == [editor.person.email]]
    assert "De context is te kort." in told[-1].body

    client.force_login(editor.person)
    screen = client.get(reverse("wagtailadmin_pages:edit", args=[draft.pk])).content.decode()
    assert "“De context is te kort.”" in screen
    post(client, draft, "action-restart-workflow", intro="Langer.")

    client.force_login(reviewer)
    act(client, draft, "approve")
    assert as_it_is_now(draft).live
    assert as_it_is_now(draft).intro == "Langer."


def test_a_draft_that_lacks_something_is_not_sent_in_and_nothing_typed_is_lost(editor, draft):
    answer = post(editor, draft, "action-submit", strategies=[], intro="Net getypt.")

    assert answer.status_code == 200
    assert not as_it_is_now(draft).workflow_in_progress
    assert answer.context["form"]["intro"].value() == "Net getypt."
    assert answer.context["form"].errors


def test_approving_what_lacks_something_is_refused_with_the_sentence_and_stays_in_review(editor, draft, client):
    post(editor, draft, "action-submit")
    lacks_something(draft)
    client.force_login(factories.user("Reviewers"))

    answer = act(client, draft, "approve")

    assert answer.status_code == 302
    assert answer.url == reverse("wagtailadmin_pages:edit", args=[draft.pk])
    assert SAID in client.get(answer.url).content.decode()
    assert not as_it_is_now(draft).live
    assert as_it_is_now(draft).workflow_in_progress


def test_the_dialogue_with_a_comment_closes_and_leads_to_the_sentence(editor, draft, client):
    post(editor, draft, "action-submit")
    lacks_something(draft)
    client.force_login(factories.user("Reviewers"))

    answer = act(client, draft, "approve", "Goed zo.", **{"X-Requested-With": "XMLHttpRequest"})

    assert answer.json() == {"step": "success", "redirect": reverse("wagtailadmin_pages:edit", args=[draft.pk])}
    assert not as_it_is_now(draft).live


def test_approving_from_the_form_says_it_beside_what_was_typed(editor, draft, client):
    post(editor, draft, "action-submit")
    client.force_login(factories.user("Reviewers"))
    typed = {"workflow-action-name": "approve", "primary_strategy": "recycle"}

    answer = post(client, draft, "action-workflow-action", **typed)

    assert answer.status_code == 200
    assert len(answer.context["form"].non_field_errors()) == 1
    assert not as_it_is_now(draft).live


def test_a_reviewer_can_send_back_from_the_form_what_lacks_something(editor, draft, client):
    post(editor, draft, "action-submit")
    client.force_login(factories.user("Reviewers"))
    typed = {"workflow-action-name": "reject", "primary_strategy": "recycle"}

    answer = post(client, draft, "action-workflow-action", **typed)

    assert answer.status_code == 302
    assert as_it_is_now(draft).current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES


# ----------------------------------------------------------------------------------------------------- the other roads


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("approve", "You approved it, and it is published."),
        ("reject", "You asked for changes; whoever sent it in is told."),
    ],
)
def test_the_reviewer_is_told_what_the_press_did(editor, draft, client, deed, said):
    post(editor, draft, "action-submit")
    client.force_login(english_speaking(factories.user("Reviewers")))

    answer = post(client, as_it_is_now(draft), "action-workflow-action", **{"workflow-action-name": deed})

    assert [str(message).strip() for message in get_messages(answer.wsgi_request)][-1] == said
    assert as_it_is_now(draft).live is (deed == "approve")


def bulk(client, pages, **choice):
    query = "&".join(f"id={page.pk}" for page in pages)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    return client.post(f"{address}?next=/admin/&{query}", choice)


def test_publishing_many_at_once_publishes_none_when_one_lacks_something(editor, draft):
    whole = factories.case_page(both=False, live=False)
    whole.save_revision()
    lacks_something(draft)

    answer = bulk(editor, [draft, whole])

    assert answer.status_code == 302
    said = editor.get("/admin/").content.decode()
    assert f"“{draft.title}”: {SAID}" in said
    assert [as_it_is_now(page).live for page in (draft, whole)] == [False, False]


def test_nor_when_one_below_them_does(editor, draft):
    lacks_something(draft)

    bulk(editor, [draft.get_parent()], include_descendants="on")

    assert f"“{draft.title}”: {SAID}" in editor.get("/admin/").content.decode()
    assert not as_it_is_now(draft).live


def test_publishing_many_at_once_publishes_all_that_are_ready(editor, draft):
    bulk(editor, [draft])

    assert as_it_is_now(draft).live


def test_the_admins_own_api_answers_what_is_lacking(client, draft):
    lacks_something(draft)
    client.force_login(factories.user("admin"))

    answer = client.post(reverse("wagtailadmin_api:pages:action", args=[draft.pk, "publish"]))

    assert (answer.status_code, answer.json()["obstacles"]) == (409, [SAID])
    assert not as_it_is_now(draft).live


def test_a_case_planned_when_it_was_whole_is_kept_back_when_it_is_not_on_its_day(
    editor, draft, django_capture_on_commit_callbacks
):
    at = timezone.now()
    tomorrow = timezone.localtime(at + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    post(editor, draft, "action-publish", go_live_at=tomorrow)
    planned = as_it_is_now(draft).scheduled_revision
    planned.content["strategies"] = "[]"
    planned.save(update_fields=["content"])

    with django_capture_on_commit_callbacks(execute=True):
        said = duties.publish_scheduled(at=at + timedelta(days=2))

    assert said == "1 kept back"
    assert not as_it_is_now(draft).live
    assert as_it_is_now(draft).scheduled_revision is None
    assert "De case mist: circulaire strategieën." in mail.outbox[-1].body
    assert mail.outbox[-1].to == [editor.person.email]


def test_the_edit_screen_says_what_keeps_a_case_from_going_live(editor, draft):
    lacks_something(draft)

    text = editor.get(reverse("wagtailadmin_pages:edit", args=[draft.pk])).content.decode()

    assert SAID in text


def test_a_copy_that_is_to_be_live_asks_too(draft):
    whole = factories.case_page(both=False)

    copy = whole.copy(update_attrs={"slug": "kopie", "title": "Kopie"}, keep_live=True)

    assert copy.live
    CasePage.objects.filter(pk=whole.pk).update(strategies=[])
    with pytest.raises(Exception, match="Kopie 2"):
        as_it_is_now(whole).copy(update_attrs={"slug": "kopie-2", "title": "Kopie 2"}, keep_live=True)
