"""What somebody is writing can be seen on a front end of its own: with a token, for an hour, by nobody else."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.signing import TimestampSigner
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from cms.actions.unsaved import keep_unsaved
from cms.headless import preview
from cms.headless.components import components
from cms.models import StandardPage, UnsavedPage
from tests import factories
from tests.cms.headless.asking import Caller, caller, problem
from tests.cms.headless.making import conforms

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    home = factories.ground()
    made = home.add_child(instance=StandardPage(title="Blad", slug="blad", locale=home.locale))
    made.save_revision()
    return made


@pytest.fixture(autouse=True)
def front_end(settings):
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {
        "FRONT_END_PREVIEW": "https://front.example/preview?token={token}"
    }


def test_a_change_is_seen_and_nothing_is_saved(page):
    revisions = page.revisions.count()

    made = (
        caller()
        .post(
            f"/pages/{page.pk}/preview/",
            {"content": {"title": "Nog niet", "body": [{"type": "quote", "value": "Misschien."}]}},
        )
        .json()
    )
    seen = Caller().get(f"/preview/{made['token']}/")

    assert seen.status_code == 200
    assert (seen.json()["id"], seen.json()["title"]) == (page.pk, "Nog niet")
    assert "Misschien." in str(seen.json()["body"])
    assert seen["Cache-Control"] == "no-store"
    assert seen["Referrer-Policy"] == "no-referrer"
    assert made["html_url"] == f"https://front.example/preview?token={made['token'].replace(':', '%3A')}"
    assert page.revisions.count() == revisions
    assert Page.objects.get(pk=page.pk).title == "Blad"


def test_typing_on_is_seen_with_the_same_token(page):
    editor = caller()
    first = editor.post(f"/pages/{page.pk}/preview/", {"content": {"title": "Eerst"}}).json()["token"]
    editor.post(f"/pages/{page.pk}/preview/", {"content": {"title": "Dan"}})

    assert Caller().get(f"/preview/{first}/").json()["title"] == "Dan"
    assert UnsavedPage.objects.count() == 1


def test_two_at_one_page_see_their_own(page):
    tokens = [
        caller().post(f"/pages/{page.pk}/preview/", {"content": {"title": title}}).json()["token"]
        for title in ("Een", "Twee")
    ]

    assert [Caller().get(f"/preview/{token}/").json()["title"] for token in tokens] == ["Een", "Twee"]


def test_it_ends_after_an_hour(page, monkeypatch):
    token = caller().post(f"/pages/{page.pk}/preview/", {"content": {}}).json()["token"]
    monkeypatch.setattr(preview, "LASTS", timedelta(seconds=-1))

    answer = Caller().get(f"/preview/{token}/")

    assert problem(answer) == (403, "preview_ended", [])
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("token", ["x", "a:b:c", "0" * 32, "%00", "x" * 5000])
def test_a_token_that_names_nothing_shows_nothing(page, token):
    answer = Caller().get(f"/preview/{token}/")

    assert answer.status_code in {400, 404}
    assert answer["Content-Type"] == "application/problem+json"


def test_a_token_somebody_signed_for_something_else_shows_nothing(page):
    caller().post(f"/pages/{page.pk}/preview/", {"content": {}})
    forged = TimestampSigner(salt="other").sign(UnsavedPage.objects.get().key.hex)

    assert problem(Caller().get(f"/preview/{forged}/")) == (404, "not_found", [])


def test_what_was_written_is_thrown_away(page):
    token = caller().post(f"/pages/{page.pk}/preview/", {"content": {}}).json()["token"]

    assert preview.forget_unsaved(at=timezone.now()) is None
    assert preview.forget_unsaved(at=timezone.now() + preview.LASTS) == "1 page(s) being written forgotten"
    assert problem(Caller().get(f"/preview/{token}/"))[0] == 404


def test_a_change_that_does_not_fit_is_not_shown(page):
    answer = caller().post(f"/pages/{page.pk}/preview/", {"content": {"bogus": 1}})

    assert problem(answer)[0] == 422
    assert UnsavedPage.objects.count() == 0


def form_data(page, **changes):
    """What the admin's editor sends of this page."""
    return {
        "title": page.title,
        "slug": page.slug,
        "intro": "",
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
    } | changes


def shown(client, address, data):
    assert client.post(address, data).json() == {"is_valid": True, "is_available": True}
    sent = client.get(address, {"mode": "front-end", "in_preview_panel": "true"})
    assert sent.status_code == 302
    parts = urlsplit(sent["Location"])
    assert (parts.netloc, parts.path) == ("front.example", "/preview")
    return Caller().get(f"/preview/{parse_qs(parts.query)['token'][0]}/").json()


def test_the_admins_preview_goes_to_the_front_end(page, client):
    client.force_login(factories.user("admin"))

    told = shown(client, reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk]), form_data(page, title="Getypt"))

    assert (told["id"], told["title"]) == (page.pk, "Getypt")
    assert Page.objects.get(pk=page.pk).title == "Blad"


def test_so_does_that_of_a_page_that_is_being_made(page, client):
    client.force_login(factories.user("admin"))
    address = reverse("wagtailadmin_pages:preview_on_add", args=["cms", "standardpage", page.get_parent().pk])

    told = shown(client, address, form_data(page, title="Komt nog", slug="komt-nog"))

    assert told["title"] == "Komt nog"
    assert not Page.objects.filter(title="Komt nog").exists()


def test_without_a_front_end_there_is_no_such_preview(page, settings):
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"FRONT_END_PREVIEW": ""}

    assert "front-end" not in [mode for mode, _name in page.preview_modes]


@pytest.mark.parametrize("component", ["", *components()])
def test_a_page_that_is_being_made_is_told_as_any_other(page, component):
    """It has no number, no place and nothing below it yet."""
    new = StandardPage(title="Nieuw", slug="nieuw", locale=page.locale)
    token = preview.token_of(keep_unsaved(page=new, by=factories.user("Editors"), at=timezone.now()))

    answer = Caller().get(f"/preview/{token}/?expand={component}")

    if component in {"workflow", "actions"}:  # whoever has the token is nobody who works on it
        assert problem(answer)[0] == 422
        return
    conforms(answer, "/api/v1/preview/{token}/")
    assert (answer.status_code, answer.json()["id"], answer.json()["title"]) == (200, 0, "Nieuw")


def test_no_other_version_of_it_can_be_asked(page):
    token = preview.token_of(keep_unsaved(page=page, by=factories.user("Editors"), at=timezone.now()))

    refused = problem(Caller().get(f"/preview/{token}/?version=draft"))

    assert refused == (422, "about:blank", [(["query", "version"], "extra_forbidden")])
