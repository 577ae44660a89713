"""A page is made as a draft, where its kind has a place, with an address of its own."""

import pytest
from wagtail.models import Page

from cms.models import StandardPage
from tests import factories
from tests.cms.headless.asking import Caller, caller, key, problem
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db


def test_a_page_is_made_as_a_draft_with_an_address_of_its_own():
    home = factories.ground()
    editor = caller()
    asked = {"type": "cms.StandardPage", "parent": home.pk, "content": {"title": "Nieuw blad"}}

    answers = [editor.post("/pages/", asked) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert [answer.json()["content"]["slug"] for answer in answers] == ["nieuw-blad", "nieuw-blad-2"]
    assert answers[0].json()["live"] is False and answers[0].json()["locale"] == "nl"
    assert answers[0]["Location"] == f"/api/v1/pages/{answers[0].json()['id']}/draft/"
    made = StandardPage.objects.get(pk=answers[0].json()["id"])
    assert editor.change(made, {"intro": "Verder."}).status_code == 200
    assert not Page.find_problems()[0]


@pytest.mark.parametrize(
    ("change", "status", "loc", "kind"),
    [
        ({"type": "cms.Nothing"}, 422, ["body", "type"], "unknown_type"),
        ({"type": "auth.User"}, 422, ["body", "type"], "unknown_type"),
        ({"type": "x"}, 422, ["body", "type"], "unknown_type"),
        ({"parent": 999999}, 422, ["body", "parent"], "unknown_id"),
        ({"parent": 10**25}, 422, ["body", "parent"], "unknown_id"),
        ({"parent": "1"}, 422, ["body", "parent"], "int_parsing"),
        ({"content": {}}, 422, ["body", "content", "title"], "invalid"),
        ({"content": {"title": "!!!"}}, 422, ["body", "content", "slug"], "invalid"),
        ({"locale": "en"}, 422, ["body", "locale"], "extra_forbidden"),
    ],
)
def test_a_page_that_cannot_be_made_says_why(change, status, loc, kind):
    home = factories.ground()
    asked = {"type": "cms.StandardPage", "parent": home.pk, "content": {"title": "Nieuw"}} | change

    found = problem(caller().post("/pages/", asked))

    if loc[1] == "parent" and change["parent"] == "1":
        assert found[0] in {403, 422}
        return
    assert found[0] == status
    assert (loc, kind) in found[2]


def test_a_page_comes_only_where_its_kind_may_stand():
    home = factories.ground()
    admin = caller("admin")

    below_home = admin.post(
        "/pages/", {"type": "cms.HomePage", "parent": home.pk, "content": {"title": "Nog een", "hero": "x"}}
    )
    by_finance = caller("Finance").post(
        "/pages/", {"type": "cms.StandardPage", "parent": home.pk, "content": {"title": "x"}}
    )

    assert problem(below_home) == (403, "not_here", [])
    assert problem(by_finance) == (403, "not_permitted", [])


@pytest.mark.django_db(transaction=True)
def test_two_pages_made_at_once_have_two_addresses():
    home = factories.ground()
    secret = key(factories.user("admin"))
    asked = {"type": "cms.StandardPage", "parent": home.pk, "content": {"title": "Tegelijk"}}

    answers = at_once([lambda: Caller(secret).post("/pages/", asked).json()["content"]["slug"] for _time in range(2)])

    assert sorted(answers) == ["tegelijk", "tegelijk-2"]
    assert not any(Page.find_problems())
