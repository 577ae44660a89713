"""What an editor previews: the page with what is typed and not saved, and how it now reads in the other language."""

import pytest
from django.urls import reverse
from wagtail.models import GroupPagePermission
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from cms import review
from cms.models import StandardPage
from tests import factories
from tests.cms.translated import english_speaking, give, in_english, sent_to_be_translated, standard_page, twin_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return standard_page(title="Over ons")


def typed(page, **facts):
    """What the form of a page of text sends to the preview, all of it unsaved."""
    posted = {
        "title": page.title,
        "slug": page.slug,
        "intro": page.intro,
        "body": streamfield([("text", rich_text("<p>Nog niet bewaard.</p>"))]),
        "comments": inline_formset([]),
    }
    return nested_form_data(posted | facts)


def preview(client, page, mode="", **facts):
    """As the panel does: it posts the form, and then shows the mode that was chosen."""
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert client.post(url, typed(page, **facts)).json() == {"is_valid": True, "is_available": True}
    return client.get(url, {"mode": mode, "in_preview_panel": "true"})


def test_the_panel_offers_the_page_and_the_other_language(desk, page):
    html = desk.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    assert page.preview_modes[0][0] == ""
    assert '<option value="" selected>This page</option>' in html
    assert '<option value="in-en">In English</option>' in html


def test_what_is_typed_and_not_saved_is_previewed_under_the_sites_own_policy(desk, page):
    answer = preview(desk, page, intro="Net getypt.")

    assert answer.status_code == 200
    assert "Net getypt." in answer.content.decode()
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert StandardPage.objects.get(pk=page.pk).intro == "Kort."


def test_a_page_that_is_not_translated_says_so(desk, page):
    answer = preview(desk, page, "in-en", title="Net getypt")

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "‘Net getypt’" in text
    assert 'name="robots" content="noindex"' in text
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]


def test_the_other_language_reads_as_its_newest_draft(desk, page):
    twin = factories.english(page, title="About us", slug="about-us")
    twin.intro = "A newer draft."
    twin.save_revision()

    text = preview(desk, page, "in-en").content.decode()

    assert '<html lang="en">' in text
    assert [words in text for words in ("About us", "A newer draft.", "Over ons</h1>")] == [True, True, False]


def test_a_translation_shows_what_is_translated_so_far(desk, page, at_once):
    with at_once():
        translation = sent_to_be_translated(page)
    give(translation)

    text = preview(desk, page, "in-en").content.decode()

    assert "EN: Over ons" in text
    assert not twin_of(page).live


def test_from_the_translation_the_first_language_is_previewed(desk, page, at_once):
    with at_once():
        twin = in_english(page)
    page.intro = "Een nieuwer ontwerp."
    page.save_revision()

    url = reverse("wagtailadmin_pages:view_draft", args=[twin.pk])
    text = desk.get(url, {"mode": "in-nl"}).content.decode()

    assert '<html lang="nl">' in text
    assert "Een nieuwer ontwerp." in text


def test_an_alias_is_no_translation(desk, page):
    page.copy_for_translation(factories.english_locale(), alias=True)

    assert "noindex" in preview(desk, page, "in-en").content.decode()


def test_who_may_not_edit_the_other_page_sees_what_is_public_of_it(client, page):
    review.give_pages()
    twin = factories.english(page, title="About us", slug="about-us")
    twin.intro = "A newer draft."
    twin.save_revision()
    GroupPagePermission.objects.filter(group__name="Editors").update(page=page)
    client.force_login(english_speaking(factories.user("Editors")))

    live = preview(client, page, "in-en").content.decode()
    twin.unpublish()
    draft = preview(client, page, "in-en").content.decode()

    assert ("About us" in live, "A newer draft." in live) == (True, False)
    assert "About us" not in draft


@pytest.mark.parametrize("mode", ["in-fr", "in-nl", "nothing"])
def test_a_mode_that_was_made_up_shows_a_page_and_no_error(desk, page, mode):
    assert preview(desk, page, mode).status_code == 200


def test_a_page_that_does_not_exist_yet_has_no_other_language(desk, page):
    home = page.get_parent()
    url = reverse("wagtailadmin_pages:preview_on_add", args=["cms", "standardpage", home.pk])
    new = StandardPage(title="Nieuw", slug="nieuw", intro="Kort.")
    assert desk.post(url, typed(new)).json()["is_valid"]

    for mode in ("", "in-en"):
        answer = desk.get(url, {"mode": mode})
        assert (answer.status_code, "Nieuw" in answer.content.decode()) == (200, True)
