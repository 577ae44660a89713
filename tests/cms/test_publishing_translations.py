"""No Dutch on a live English page by surprise, whichever road leads to publishing; and no work is lost over it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.messages import get_messages
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import (
    GroupApprovalTask,
    GroupPagePermission,
    Page,
    PageLogEntry,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from cms import duties
from cms.actions.following import refresh_source
from cms.actions.publishing import KEPT_BACK
from cms.actions.translating import CannotBeSaved, publish_translation
from cms.untranslated import LeftUntranslated, texts_left_in
from tests import factories
from tests.cms.translated import (
    changed,
    english_speaking,
    give,
    in_english,
    sent_to_be_translated,
    standard_page,
    state,
    twin_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english_words")]

EDITOR = "wagtailadmin_pages:edit"


@pytest.fixture
def page():
    return standard_page()


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def with_page_permissions(*codenames):
    person = english_speaking(factories.user("Organisers"))
    group = Group.objects.get(name="Organisers")
    for codename in codenames:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=group, page=Page.get_first_root_node(), permission=permission)
    return person


def reviewer():
    person = factories.user("Editors")
    permission = Permission.objects.get(content_type__app_label="wagtailcore", codename="publish_page")
    GroupPagePermission.objects.get_or_create(
        group=person.groups.get(), page=Page.get_first_root_node(), permission=permission
    )
    reviewed_by(person)
    return person


def reviewed_by(person):
    task = GroupApprovalTask.objects.create(name="Nalezen")
    task.groups.add(person.groups.get())
    workflow = Workflow.objects.create(name="Nalezen")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    WorkflowPage.objects.update_or_create(page=Page.get_first_root_node(), defaults={"workflow": workflow})


def test_the_editors_publish_button_is_refused_and_names_what_is_missing(desk, page, at_once):
    with at_once():
        translation = sent_to_be_translated(page)
        give(translation)
        StringTranslation.objects.filter(context__path="intro").delete()

    with at_once():
        answer = desk.post(reverse(EDITOR, args=[twin_of(page).pk]), {"action": "publish"})

    assert said(answer) == ["“EN: Over” was not published: one text is not translated yet: Introduction (“Kort.”)."]
    assert not twin_of(page).live
    assert state(page) == "being-translated"


def test_the_editors_publish_button_publishes_what_is_translated(desk, page, at_once):
    with at_once():
        give(sent_to_be_translated(page))
        answer = desk.post(reverse(EDITOR, args=[twin_of(page).pk]), {"action": "publish"})

    assert (answer.status_code, twin_of(page).live, twin_of(page).intro) == (302, True, "EN: Kort.")


def test_new_dutch_after_a_publishing_does_not_appear_and_what_was_translated_stays(desk, page, at_once):
    with at_once():
        in_english(page)
    with at_once():
        changed(page, intro="Anders.", in_footer=True)
    with at_once():
        desk.post(reverse(EDITOR, args=[twin_of(page).pk]), {"action": "publish"})

    html = desk.get(twin_of(page).url).content.decode()
    assert "EN: Kort." in html
    assert "Anders." not in html
    assert twin_of(page).in_footer


def test_updating_all_translations_at_once_publishes_no_dutch_either(desk, page, at_once):
    with at_once():
        in_english(page)
    with at_once():
        changed(page, intro="Anders.")
    source = TranslationSource.objects.get()
    with at_once():
        answer = desk.post(
            reverse("wagtail_localize:update_translations", args=[source.pk]), {"publish_translations": "on"}
        )

    assert said(answer)[0] == (
        "“EN: Over” was not published: one text is not translated yet: Introduction (“Anders.”)."
    )
    assert twin_of(page).intro == "EN: Kort."


def test_a_draft_filled_with_dutch_is_not_published_with_many_pages_at_once(desk, page, at_once):
    with at_once():
        sent_to_be_translated(page)
    twin = twin_of(page)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    answer = desk.post(f"{url}?id={twin.pk}&next=/admin/", {"include_descendants": ""})

    assert answer["Location"] == reverse(EDITOR, args=[twin.pk])
    assert "not translated yet" in said(answer)[0]
    assert not twin_of(page).live


def test_translated_since_then_the_old_draft_with_its_dutch_is_still_refused(page, at_once):
    with at_once():
        translation = sent_to_be_translated(page)
        give(translation)

    with pytest.raises(LeftUntranslated) as refusal:
        twin_of(page).get_latest_revision().publish()
    assert [text.field for text in refusal.value.texts] == ["Title", "Slug", "Introduction", "Text", "Text"]


def test_a_name_that_is_the_same_in_both_languages_is_translated_as_itself(page, at_once):
    with at_once():
        in_english(page, {"Over": "Over", "over": "over"})

    assert (twin_of(page).title, twin_of(page).live) == ("Over", True)
    assert texts_left_in(twin_of(page)) == []


def test_signs_that_html_escapes_are_known_again(at_once):
    page = standard_page(title="R&D", slug="rd")
    with at_once():
        in_english(page, {"R&amp;D": "R&D"})

    assert twin_of(page).title == "R&D"
    assert texts_left_in(twin_of(page)) == []


def test_a_translation_too_long_for_its_field_is_named_and_nothing_is_lost(page, at_once):
    with at_once():
        translation = sent_to_be_translated(page)
        give(translation, {"Kort.": "Long. " * 80})

    with pytest.raises(CannotBeSaved, match="Introduction"):
        publish_translation(translation=translation)
    assert StringTranslation.objects.get(context__path="intro").data == "Long. " * 80


def test_a_text_left_is_refused_when_it_is_planned_and_once_more_on_its_day(page, at_once):
    with at_once():
        in_english(page)
    twin = twin_of(page)
    before = twin.intro
    twin.intro, twin.go_live_at = page.intro, timezone.now() + timedelta(days=1)
    revision = twin.save_revision()

    with pytest.raises(LeftUntranslated):
        revision.publish()
    revision.approved_go_live_at = timezone.now()
    revision.save()

    assert duties.publish_scheduled(at=timezone.now()) == "1 kept back"
    assert (twin_of(page).live, twin_of(page).intro) == (True, before)


def test_the_planner_of_a_translation_kept_back_reads_which_text_is_missing(page, at_once):
    with at_once():
        in_english(page)
    twin = twin_of(page)
    twin.intro, twin.go_live_at = page.intro, timezone.now() + timedelta(days=1)
    revision = twin.save_revision(user=english_speaking(factories.user("Editors")))
    revision.approved_go_live_at = timezone.now()
    revision.save()

    with at_once():
        duties.publish_scheduled(at=timezone.now())

    missing = "“EN: Over” was not published: one text is not translated yet: Introduction (“Kort.”)."
    assert missing in mail.outbox[-1].body
    with override("nl"):
        assert (
            PageLogEntry.objects.get(action=KEPT_BACK).data["obstacles"]
            == LeftUntranslated(twin, texts_left_in(revision.as_object())).obstacles
        )


def test_who_may_not_publish_can_translate_and_send_it_to_be_reviewed(client, page, at_once):
    reviewer()
    client.force_login(with_page_permissions("add_page", "change_page"))
    with at_once():
        translation = sent_to_be_translated(page)
        give(translation)
    twin = twin_of(page)

    editor = client.get(reverse(EDITOR, args=[twin.pk])).content.decode()
    refused = client.post(reverse(EDITOR, args=[twin.pk]), {"action": "publish"})
    sent = client.post(reverse("submit_translation", args=[translation.pk]))

    assert reverse("submit_translation", args=[translation.pk]) in editor
    assert refused["Location"] == reverse("wagtailadmin_home")  # Wagtail's answer to who may not
    assert said(sent)[-1:] == ["“EN: Over” is sent to be reviewed."]
    assert twin_of(page).current_workflow_state.status == "in_progress"
    assert not twin_of(page).live
    assert said(client.post(reverse("submit_translation", args=[translation.pk])))[-1] == (
        "This translation waits for its reviewer already."
    )


def test_what_is_sent_to_be_reviewed_is_not_on_the_live_page_before_the_yes(client, page, at_once):
    reviewer()
    with at_once():
        in_english(page)
    client.force_login(with_page_permissions("add_page", "change_page"))
    given = StringTranslation.objects.get(context__path="intro")
    given.data = "Brief."
    given.save()
    with at_once():
        client.post(reverse("submit_translation", args=[Translation.objects.get().pk]))

    twin = twin_of(page)
    assert (twin.intro, twin.get_latest_revision_as_object().intro) == ("EN: Kort.", "Brief.")
    assert state(page) == "ready"


def test_a_reviewers_yes_publishes_what_was_sent(client, page, at_once):
    whose_yes = reviewer()
    with at_once():
        translation = sent_to_be_translated(page)
        give(translation)
        client.force_login(with_page_permissions("add_page", "change_page"))
        client.post(reverse("submit_translation", args=[translation.pk]))
    state_now = twin_of(page).current_workflow_state
    with at_once():
        state_now.current_task_state.specific.approve(user=whose_yes)

    assert twin_of(page).live
    assert state(page) == "up-to-date"


def test_what_lacks_a_translation_is_not_sent_to_be_reviewed(client, page, at_once):
    reviewer()
    client.force_login(with_page_permissions("add_page", "change_page"))
    with at_once():
        translation = sent_to_be_translated(page)

    answer = client.post(reverse("submit_translation", args=[translation.pk]))

    assert "5 texts are not translated yet" in said(answer)[-1]
    assert twin_of(page).current_workflow_state is None


def test_without_a_reviewer_the_editor_is_told_whom_to_ask(client, page, at_once):
    WorkflowPage.objects.all().delete()
    client.force_login(with_page_permissions("add_page", "change_page"))
    with at_once():
        translation = sent_to_be_translated(page)
        give(translation)

    answer = client.post(reverse("submit_translation", args=[translation.pk]))

    assert said(answer) == ["Nobody is named to review this page. Ask somebody who may publish it."]


def test_a_stranger_to_the_page_does_nothing_with_its_translation(client, page, at_once):
    with at_once():
        translation = sent_to_be_translated(page)
        give(translation)
    client.force_login(factories.user("Finance"))

    for name in ("submit_translation", "wagtail_localize:stop_translation", "wagtail_localize:upload_pofile"):
        client.post(reverse(name, args=[translation.pk]))

    translation.refresh_from_db()
    assert translation.enabled
    assert twin_of(page).current_workflow_state is None


def test_the_dutch_page_itself_is_published_as_ever(page):
    refresh_source(source=sent_to_be_translated(page).source)
    changed(page, intro="Anders.")

    assert type(page).objects.get(pk=page.pk).intro == "Anders."
