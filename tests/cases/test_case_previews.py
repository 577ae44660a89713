"""A case is previewed as it stands in lists and search results, with what is typed and not saved."""

import pytest
from django.urls import reverse

from tests import factories
from tests.cases.case_forms import case_form

pytestmark = pytest.mark.django_db


def preview(client, page, mode, **facts):
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert client.post(url, case_form(page, **facts)).json() == {"is_valid": True, "is_available": True}
    return client.get(url, {"mode": mode})


@pytest.fixture
def page(client):
    client.force_login(factories.user("admin"))
    return factories.case_page(title="Tapijt", both=False)


def test_the_modes_are_the_page_the_other_language_and_the_card(page):
    assert [name for name, _label in page.preview_modes] == ["", "in-en", "card"]


def test_the_card_shows_what_is_typed_and_what_search_engines_get(client, page):
    answer = preview(client, page, "card", intro="Net getypt.", seo_title="Tapijt dat terugkeert")

    text = answer.content.decode()
    assert answer.status_code == 200
    assert '<li class="card">' in text
    assert text.count("<dd>Net getypt.</dd>") == text.count("<dd>Tapijt dat terugkeert</dd>") == 1
    assert 'name="robots" content="noindex"' in text
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]


def test_the_list_of_cases_is_previewed_in_the_other_language_too(client, page):
    index = page.get_parent()

    answers = [
        client.get(reverse("wagtailadmin_pages:view_draft", args=[index.pk]), {"mode": mode}) for mode in ("", "in-en")
    ]

    assert [
        f'<html lang="{code}">' in answer.content.decode() for code, answer in zip(("nl", "en"), answers, strict=True)
    ] == [
        True,
        True,
    ]
