"""The known issues of wagtail-localize 1.14.5, each with what happens here. Numbers are those of its own tracker."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from cms.actions.following import refresh_source
from cms.actions.translating import CannotStartAgain, publish_translation, start_again, stop_translation
from cms.models import StandardPage
from tests import factories
from tests.cms.translated import (
    changed,
    english,
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


def typed(page, **facts):
    """What the normal form of a page of text posts."""
    blocks = [("text", rich_text(facts.pop("text", "<p>See for yourself.</p><p>Register.</p>")))]
    form = {"title": page.title, "slug": page.slug, "intro": page.intro, "body": streamfield(blocks)}
    data = nested_form_data(form | {"comments": inline_formset([])} | facts)
    data["body-0-id"] = page.body[0].id
    return data


def stopped(page, editor, at_once):
    with at_once():
        in_english(page)
        stop_translation(translation=Translation.objects.get(), by=editor)
    return twin_of(page)


def test_876_what_was_written_while_stopped_is_the_translation_after_starting_again(desk, page, editor, at_once):
    """#876: re-enabling sync loses manual edits. Here they are taken over as translations first."""
    twin = stopped(page, editor, at_once)
    with at_once():
        desk.post(reverse(EDITOR, args=[twin.pk]), typed(twin, intro="By hand.") | {"action-publish": "1"})
    assert twin_of(page).intro == "By hand."

    with at_once():
        answer = desk.post(reverse(EDITOR, args=[twin.pk]), {"localize-restart-translation": "1"})
        publish_translation(translation=Translation.objects.get())

    assert "kept in step with its first language again" in said(answer)[-1]
    assert (twin_of(page).intro, twin_of(page).title) == ("By hand.", "EN: Over")
    assert "<p>See for yourself.</p>" in str(twin_of(page).body)
    given = StringTranslation.objects.get(context__path="intro")
    assert (given.data, given.translation_type, given.last_translated_by) == ("By hand.", "manual", editor)


def test_876_dutch_that_changed_meanwhile_is_to_be_translated_anew(page, editor, at_once):
    """#876: the edits are held against the source the page was made from, not against what changed since."""
    stopped(page, editor, at_once)
    with at_once():
        changed(page, intro="Anders.")
    assert state(page) == "apart"

    start_again(translation=Translation.objects.get(), by=editor)

    assert state(page) == "out-of-date"
    assert twin_of(page).intro == "EN: Kort."


def test_876_what_has_no_place_in_the_dutch_is_not_lost_and_starting_again_is_refused(desk, page, editor, at_once):
    """#876: a paragraph more than the Dutch has cannot be a translation of it."""
    twin = stopped(page, editor, at_once)
    three = "<p>One.</p><p>Two.</p><p>Three.</p>"
    desk.post(reverse(EDITOR, args=[twin.pk]), typed(twin, text=three))

    with override("en"), pytest.raises(CannotStartAgain, match="the two languages differ in"):
        start_again(translation=Translation.objects.get(), by=editor)

    assert Translation.objects.get().enabled is False
    assert ">Three.</p>" in str(twin_of(page).get_latest_revision_as_object().body)


def test_607_after_stopping_the_normal_form_saves_what_is_typed(desk, page, editor, at_once):
    """#607: stopping sync reverts to the synced translation after saving. It does not here."""
    twin = stopped(page, editor, at_once)

    answer = desk.post(reverse(EDITOR, args=[twin.pk]), typed(twin, intro="By hand."))

    assert answer.status_code == 302
    assert Translation.objects.get().enabled is False
    assert twin_of(page).get_latest_revision_as_object().intro == "By hand."
    assert b"js-translation-editor" not in desk.get(reverse(EDITOR, args=[twin.pk])).content


def test_607_stopping_keeps_what_was_translated_and_not_published(desk, page, at_once):
    """#607, #861: the plugin shows the text last published, or the Dutch. Here the draft has the texts translated."""
    with at_once():
        translation = sent_to_be_translated(page)
        give(translation)

    desk.post(reverse("wagtail_localize:stop_translation", args=[translation.pk]), {"next": "/admin/"})

    draft = twin_of(page).get_latest_revision_as_object()
    assert (draft.title, draft.intro) == ("EN: Over", "EN: Kort.")


def test_607_stopping_changes_nothing_for_readers(desk, page, at_once):
    """The plugin's own way of saving a draft writes on the live page, too."""
    with at_once():
        in_english(page)
    with at_once():
        changed(page, intro="Anders.")
    with at_once():
        desk.post(reverse("wagtail_localize:stop_translation", args=[Translation.objects.get().pk]))

    assert twin_of(page).intro == "EN: Kort."


def draft_page():
    home = factories.ground()
    page = home.add_child(
        instance=StandardPage(title="Eerst", slug="eerst", locale=home.locale, intro="Oud.", live=False)
    )
    page.intro = "Nieuw."
    page.save_revision()
    return page


def sent_by(desk, page):
    url = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
    return desk.post(url, {"locales": [english().pk], "next": "/admin/"})


def test_861_a_draft_is_translated_as_it_was_last_saved(desk, at_once):
    """#861: a draft translation keeps an old version: the first one that was saved."""
    page = draft_page()
    with at_once():
        sent_by(desk, page)

    assert refresh_source(source=TranslationSource.objects.get()) is False
    texts = TranslationSource.objects.get().stringsegment_set.filter(context__path="intro")
    assert [one.string.data for one in texts] == ["Nieuw."]


def test_861_publishing_the_draft_brings_its_last_texts_to_the_translator(desk, at_once):
    """#861: nothing told that the Dutch had changed."""
    page = draft_page()
    with at_once():
        sent_by(desk, page)
        give(Translation.objects.get())
    with at_once():
        page.intro = "Nieuwer."
        page.save_revision().publish()

    assert state(page) == "being-translated"
    twin = twin_of(page)
    assert "Nieuwer." in desk.get(reverse(EDITOR, args=[twin.pk])).content.decode()


def test_guide_293_a_new_translation_begins_with_the_dutch_of_today(desk, page, at_once):
    """wagtail/guide#293: new translations were made from the source stored for an earlier one."""
    with at_once():
        in_english(page)
    twin_of(page).delete()
    TranslationSource.update_or_create_from_instance(page)
    changed(page, intro="Vandaag.")  # nothing committed: no task refreshed the stored source
    with at_once():
        sent_by(desk, Page.objects.get(pk=page.pk))

    texts = TranslationSource.objects.get().stringsegment_set.filter(context__path="intro")
    assert [one.string.data for one in texts] == ["Vandaag."]


def test_a_translation_deleted_by_mistake_has_its_texts_when_the_page_is_translated_again(desk, page, at_once):
    """Found here: the plugin deletes all that was translated along with the page, and says nothing of it."""
    with at_once():
        in_english(page)
    with at_once():
        desk.post(reverse("wagtailadmin_pages:delete", args=[twin_of(page).pk]))
    assert state(page) == "missing"
    with at_once():
        sent_by(desk, page)

    assert (twin_of(page).live, state(page)) == (False, "ready")
    with at_once():
        publish_translation(translation=Translation.objects.get())
    assert (twin_of(page).title, twin_of(page).slug, twin_of(page).intro) == ("EN: Over", "over-en", "EN: Kort.")
    assert state(page) == "up-to-date"


def test_deleting_the_dutch_page_leaves_no_texts_behind(page, at_once):
    """They are translations of nothing: what was written of people goes with the page."""
    with at_once():
        in_english(page)
    with at_once():
        twin_of(page).delete()
    assert StringTranslation.objects.exists()
    with at_once():
        Page.objects.get(pk=page.pk).delete()

    assert (StringTranslation.objects.count(), TranslationSource.objects.count()) == (0, 0)


def test_743_a_live_page_sent_to_be_translated_is_not_live_in_dutch_under_english(desk, page, at_once):
    """#743, #655: by default the plugin publishes the copy at once, in the first language."""
    with at_once():
        sent_by(desk, page)

    twin = twin_of(page)
    assert (twin.live, twin.title) == (False, "Over")
    assert desk.get("/en/over/").status_code == 200  # the notice, not the page
    assert "not available in English" in desk.get("/en/over/").content.decode()


def test_a_translation_is_not_turned_into_an_alias_that_shows_dutch(desk, page, at_once):
    """The plugin's "Convert to alias page" puts the Dutch on the live English page and drops the translation."""
    with at_once():
        in_english(page)
    twin = twin_of(page)

    answer = desk.post(reverse("wagtail_localize:convert_to_alias", args=[twin.pk]))

    assert answer["Location"] == reverse(EDITOR, args=[twin.pk])
    assert (twin_of(page).alias_of_id, twin_of(page).title) == (None, "EN: Over")
    assert Translation.objects.count() == 1


def test_no_api_writes_beside_the_translation(client, page):
    """Wagtail's API v3 writes on pages that are kept in step, and the next sync overwrites it: it is not open here.

    Ours asks for a token, and with one refuses such a page: tests/cms/headless/test_translating.py.
    """
    change = {"content": {"title": "Beside it"}}

    assert client.get("/api/v3/pages/").status_code == 404
    answer = client.patch(f"/api/v1/pages/{page.pk}/", change, content_type="application/json")
    assert answer.status_code == 401


def test_a_copy_made_by_code_is_told_as_edited_apart(page):
    """`copy_for_translation` makes no Translation: the plugin shows such a page nowhere."""
    page.copy_for_translation(english()).save_revision().publish()

    assert state(page) == "apart"
