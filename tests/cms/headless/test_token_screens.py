"""An administrator makes a token whose text is shown once, sees what is in use, and revokes it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from cms.models import ApiToken
from tests import factories
from tests.cms.headless.asking import Caller, key

pytestmark = pytest.mark.django_db


def made(client, person, **changes):
    day = timezone.localdate() + timedelta(days=30)
    form = {"name": "Leerplatform", "user": person.pk, "scopes": ["read"], "last_day": day.isoformat()}
    return client.post(reverse("tour_api_tokens:add"), form | changes)


def test_the_text_of_a_token_is_shown_once(desk, editor):
    shown = made(desk, editor)

    token = ApiToken.objects.get()
    secret = shown.context["secret"]
    assert f'value="{secret}"' in shown.text
    assert "no-store" in shown["Cache-Control"]
    for address in (reverse("tour_api_tokens:index"), reverse("tour_api_tokens:edit", args=[token.pk])):
        page = desk.get(address)
        assert page.status_code == 200
        assert "Leerplatform" in page.text and secret not in page.text
    assert (token.scopes, token.user) == (["read"], editor)


def test_it_ends_with_its_last_day(desk, editor):
    day = timezone.localdate() + timedelta(days=3)
    made(desk, editor, last_day=day.isoformat())

    ends = timezone.localtime(ApiToken.objects.get().expires_at)
    assert (ends.date(), ends.hour) == (day + timedelta(days=1), 0)


def test_a_year_from_today_is_a_year(desk, editor):
    made(desk, editor, last_day=(timezone.localdate() + timedelta(days=366)).isoformat())

    assert ApiToken.objects.count() == 1


def test_loading_the_screen_with_the_text_again_makes_no_second_token(desk, editor):
    sent = desk.get(reverse("tour_api_tokens:add")).context["form"]["sent"].value()
    made(desk, editor, sent=sent)

    again = made(desk, editor, sent=sent)

    assert (again.status_code, ApiToken.objects.count()) == (200, 1)
    assert "secret" not in again.context
    assert len(again.context["form"].non_field_errors()) == 1
    # The form that is shown now is another, and may be sent.
    assert made(desk, editor, sent=again.context["form"]["sent"].value()).context["secret"]
    assert ApiToken.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"scopes": []},
        {"last_day": "2020-01-01"},
        {"last_day": "2099-01-01"},
        {"last_day": "9999-12-31"},
        {"name": ""},
        {"user": 0},
    ],
)
def test_a_form_that_does_not_fit_makes_none(desk, editor, change):
    assert made(desk, editor, **change).status_code == 200
    assert ApiToken.objects.count() == 0


def test_revoked_in_one_step_and_for_good(desk, editor):
    secret = key(editor)
    token = ApiToken.objects.get()
    factories.ground()
    assert Caller(secret).get("/pages/").status_code == 200
    address = reverse("tour_api_tokens:delete", args=[token.pk])

    assert desk.get(address).status_code == 200
    assert desk.post(address).status_code == 302

    assert Caller(secret).get("/pages/").status_code == 401
    assert ApiToken.objects.get().revoked_at is not None


def test_nobody_makes_a_token_of_somebody_else_but_an_administrator(client):
    person, chief = factories.user("Editors"), factories.user("admin")
    person.user_permissions.set(
        Permission.objects.filter(codename__in=["add_apitoken", "change_apitoken", "delete_apitoken"])
    )
    key(chief)
    client.force_login(person)

    assert made(client, chief).status_code == 200
    assert ApiToken.objects.filter(user=chief).count() == 1
    assert made(client, person).context["secret"]
    theirs = ApiToken.objects.get(user=chief)
    assert client.get(reverse("tour_api_tokens:edit", args=[theirs.pk])).status_code == 404
    assert client.post(reverse("tour_api_tokens:delete", args=[theirs.pk])).status_code == 404
    assert list(client.get(reverse("tour_api_tokens:index")).context["object_list"]) == [
        ApiToken.objects.get(user=person)
    ]


def test_an_editor_does_not_see_them(client):
    client.force_login(factories.user("Editors"))

    assert client.get(reverse("tour_api_tokens:index")).status_code == 302
    assert made(client, factories.user("Editors")).status_code == 302
    assert ApiToken.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_three_as_for_one(desk, editor, count, django_assert_num_queries):
    for _number in range(count):
        key(editor)
    address = reverse("tour_api_tokens:index")
    desk.get(address)

    with django_assert_num_queries(LIST):
        desk.get(address)


LIST = 8
