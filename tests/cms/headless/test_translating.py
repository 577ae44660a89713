"""Pages kept in step with the first language are safe over HTTP: nothing is written that the next publishing undoes."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from cms.models import StandardPage
from tests import factories
from tests.cms.headless.asking import Caller, caller, key, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    home = factories.ground()
    made = home.add_child(
        instance=StandardPage(
            title="Blad", slug="blad", locale=home.locale, intro="Kort.", body=[("text", "<p>Hallo</p>")]
        )
    )
    made.save_revision().publish()
    made.refresh_from_db()
    return made


@pytest.fixture
def editor():
    return caller()


@pytest.fixture
def twin(page, editor):
    made = editor.post(f"/pages/{page.pk}/translations/", {"locale": "en"})
    assert made.status_code == 201
    return Page.objects.get(pk=made.json()["id"])


ENGLISH = {"Blad": "Sheet", "blad": "sheet", "Kort.": "Short.", "Hallo": "Hello"}


def translated(editor, twin, **changes):
    items = editor.get(f"/pages/{twin.pk}/texts/").json()["items"]
    texts = {str(one["id"]): (ENGLISH | changes)[one["source"]] for one in items}
    return editor.patch(f"/pages/{twin.pk}/texts/", {"texts": texts})


def test_a_translation_is_made_as_editors_make_it(page, twin):
    source = TranslationSource.objects.get(object_id=page.translation_key)

    assert Translation.objects.get(source=source).enabled
    assert (twin.live, twin.locale.language_code) == (False, "en")


def test_its_texts_stand_beside_those_of_the_first_language(page, editor, twin):
    told = editor.get(f"/pages/{twin.pk}/texts/").json()

    assert (told["source_locale"], told["locale"], told["untranslated"]) == ("nl", "en", 4)
    assert {one["source"] for one in told["items"]} == set(ENGLISH)


def test_what_is_written_survives_the_next_publishing_of_the_first_language(page, editor, twin, at_once):
    assert translated(editor, twin).json()["untranslated"] == 0
    with at_once():
        assert editor.post(f"/pages/{twin.pk}/workflow/publish/").status_code == 200
    with at_once():
        editor.change(page, {"intro": "Heel kort."})
        editor.post(f"/pages/{page.pk}/workflow/publish/")

    TranslationSource.objects.get(object_id=page.translation_key).update_from_db()
    told = editor.get(f"/pages/{twin.pk}/texts/").json()

    assert StandardPage.objects.get(pk=twin.pk).title == "Sheet"
    assert [one["source"] for one in told["items"] if not one["translation"]] == ["Heel kort."]


def test_a_translated_page_is_not_written_over(editor, twin):
    answer = editor.change(twin, {"title": "Written over"})

    assert problem(answer) == (409, "translated_page", [])
    assert answer["Link"] == f'</api/v1/pages/{twin.pk}/texts/>; rel="edit"'
    assert f"/api/v1/pages/{twin.pk}/texts/" in answer.json()["detail"]
    assert editor.get(f"/pages/{twin.pk}/draft/").json()["is_translation"] is True


def test_nothing_goes_live_with_texts_of_the_first_language(editor, twin):
    answer = editor.post(f"/pages/{twin.pk}/workflow/publish/")

    assert problem(answer)[:2] == (409, "cannot_go_live")
    assert not Page.objects.get(pk=twin.pk).live


def test_a_translation_that_lost_its_link_or_its_html_is_not_taken(page, editor, twin):
    first = editor.get(f"/pages/{twin.pk}/texts/").json()["items"][-1]

    for text in ("<p>Hello</p>", '<a id="a1">Hello</a>', "<script>x</script>"):
        answer = editor.patch(f"/pages/{twin.pk}/texts/", {"texts": {str(first["id"]): text}})
        assert problem(answer) == (422, "about:blank", [(["body", "texts", str(first["id"])], "text")])
    assert not StringTranslation.objects.exists()


@pytest.mark.parametrize(
    "texts", [{"999999": "x"}, {"99999999999999999999999": "x"}, {"x": "x"}, {}, {"1": 7}, {"1": "a\x00"}]
)
def test_a_text_that_is_not_there_is_refused(editor, twin, texts):
    assert problem(editor.patch(f"/pages/{twin.pk}/texts/", {"texts": texts}))[0] == 422


def test_a_text_of_another_page_is_not_taken_for_one_of_this(page, editor, twin):
    other = factories.ground().add_child(instance=StandardPage(title="Ander", slug="ander", locale=page.locale))
    other.save_revision().publish()
    made = editor.post(f"/pages/{other.pk}/translations/", {"locale": "en"}).json()
    theirs = editor.get(f"/pages/{made['id']}/texts/").json()["items"]
    [strange] = [one["id"] for one in theirs if one["source"] == "Ander"]

    refused = problem(editor.patch(f"/pages/{twin.pk}/texts/", {"texts": {str(strange): "Other"}}))

    assert refused == (422, "about:blank", [(["body", "texts", str(strange)], "text")])
    assert not StringTranslation.objects.exists()


def test_a_locked_translation_waits_for_its_colleague(editor, twin):
    [first, *_others] = editor.get(f"/pages/{twin.pk}/texts/").json()["items"]
    Page.objects.filter(pk=twin.pk).update(locked=True, locked_by=factories.user("admin"), locked_at=timezone.now())

    assert problem(editor.patch(f"/pages/{twin.pk}/texts/", {"texts": {str(first["id"]): "Sheet"}}))[0] == 423
    assert not StringTranslation.objects.exists()


def test_who_publishes_what_others_write_gives_no_texts(editor, twin):
    """May publish, and so sees the page at the desk; may not edit it."""
    group = Group.objects.create(name="Publishers")
    may = Permission.objects.get(content_type__app_label="wagtailcore", codename="publish_page")
    GroupPagePermission.objects.create(group=group, page=Page.get_first_root_node(), permission=may)
    [first, *_others] = editor.get(f"/pages/{twin.pk}/texts/").json()["items"]

    refused = caller("Publishers").patch(f"/pages/{twin.pk}/texts/", {"texts": {str(first["id"]): "Sheet"}})

    assert problem(refused)[:2] == (403, "not_permitted")


def test_an_ampersand_is_an_ampersand(editor, twin):
    told = translated(editor, twin, Blad="R&D").json()

    assert [one["translation"] for one in told["items"] if one["source"] == "Blad"] == ["R&amp;D"]


def test_an_empty_one_takes_it_away(editor, twin):
    translated(editor, twin)
    one = editor.get(f"/pages/{twin.pk}/texts/").json()["items"][0]

    assert editor.patch(f"/pages/{twin.pk}/texts/", {"texts": {str(one["id"]): ""}}).json()["untranslated"] == 1


def test_what_cannot_be_translated_says_why(page, editor, twin):
    home_of_twin = twin.get_parent()

    assert problem(editor.post(f"/pages/{page.pk}/translations/", {"locale": "en"}))[:2] == (409, "translated_already")
    assert problem(editor.post(f"/pages/{page.pk}/translations/", {"locale": "xx"}))[2] == [
        (["body", "locale"], "unknown_locale")
    ]
    assert problem(editor.get(f"/pages/{page.pk}/texts/"))[:2] == (409, "no_translation")
    assert home_of_twin.locale.language_code == "en"


def test_below_what_is_not_translated_nothing_is(page, editor):
    below = page.add_child(instance=StandardPage(title="Onder", slug="onder", locale=page.locale))

    assert problem(editor.post(f"/pages/{below.pk}/translations/", {"locale": "en"}))[:2] == (
        409,
        "parent_untranslated",
    )


def test_who_may_not_send_pages_to_be_translated_makes_none(page):
    reviewer = Caller(key(factories.user("Reviewers")))

    assert problem(reviewer.post(f"/pages/{page.pk}/translations/", {"locale": "en"}))[:2] == (403, "not_permitted")
