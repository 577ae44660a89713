"""A token opens what it says, for as long as it says; a wrong one opens nothing and is never taken for nobody."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, ModelLogEntry, PageViewRestriction

from cms.actions.api_tokens import USE_NOTED_EVERY, TokenRefused, create_token, revoke_token
from cms.headless.access import ANONYMOUS, Reader, images_for, pages_for
from cms.models import ApiToken, StandardPage
from tests import factories
from tests.cms.headless.asking import Caller, caller, key, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    home = factories.ground()
    return home.add_child(instance=StandardPage(title="Blad", slug="blad", locale=home.locale))


def make(person=None, scopes=("read",), days=30):
    at = timezone.now()
    return create_token(
        user=person or factories.user("Editors"),
        name="Leerplatform",
        scopes=scopes,
        expires_at=at + timedelta(days=days),
        by=None,
        at=at,
    )


# ------------------------------------------------------------------------------------------------------------ its life


def test_only_a_digest_of_it_is_kept():
    token, secret = make()

    stored = ApiToken.objects.values().get(pk=token.pk)
    assert re.fullmatch(r"tour_[\w-]{43}", secret)
    assert stored["prefix"] == secret[:11]
    assert not [value for value in stored.values() if secret[11:] in str(value)]
    assert re.fullmatch(r"[0-9a-f]{64}", stored["digest"])


def test_no_two_are_alike():
    assert make()[1] != make()[1]


def test_making_and_revoking_are_in_the_log():
    admin = factories.user("admin")
    token, secret = make()

    assert revoke_token(token=token, by=admin, at=timezone.now())
    assert not revoke_token(token=token, by=admin, at=timezone.now())

    entries = ModelLogEntry.objects.filter(object_id=str(token.pk)).order_by("pk")
    assert [entry.action for entry in entries] == ["cms.api_token.made", "cms.api_token.revoked"]
    assert secret not in str([entry.data for entry in entries])


@pytest.mark.parametrize("days", [0, -1, 367, 100_000])
def test_it_ends_within_a_year(days):
    with pytest.raises(TokenRefused):
        make(days=days)


def test_it_may_do_something():
    with pytest.raises(TokenRefused):
        make(scopes=["everything"])


@pytest.mark.parametrize(
    "change", [{"expires_at": timezone.now() + timedelta(days=800)}, {"scopes": ["root"]}, {"scopes": []}]
)
def test_the_database_keeps_it_so(change):
    token, _secret = make()

    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.filter(pk=token.pk).update(**change)


def test_when_it_was_used_is_noted_now_and_then(page):
    token, secret = make(scopes=["drafts"])
    reader = Caller(secret)

    reader.get(f"/pages/{page.pk}/draft/")
    first = ApiToken.objects.get(pk=token.pk).last_used_at
    reader.get(f"/pages/{page.pk}/draft/")
    again = ApiToken.objects.get(pk=token.pk).last_used_at
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=first - USE_NOTED_EVERY)
    reader.get(f"/pages/{page.pk}/draft/")

    assert first == again
    assert ApiToken.objects.get(pk=token.pk).last_used_at > first


def test_it_costs_one_query(page):
    _token, secret = make()
    reader = Caller(secret)
    reader.get("/pages/")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        reader.get("/pages/")

    assert len([q for q in queries if '"cms_apitoken"' in q["sql"]]) == 1


# ------------------------------------------------------------------------------------------------------- wrong is wrong


def revoked(token):
    revoke_token(token=token, by=None, at=timezone.now())


def ended(token):
    now = timezone.now()
    ApiToken.objects.filter(pk=token.pk).update(
        created_at=now - timedelta(days=9), expires_at=now - timedelta(seconds=1)
    )


def left(token):
    token.user.is_active = False
    token.user.save()


@pytest.mark.parametrize("happens", [revoked, ended, left])
def test_one_that_opens_nothing_any_more_is_refused_everywhere(page, happens):
    token, secret = make(factories.user("admin"), ["read", "drafts", "write", "workflow"])
    reader = Caller(secret)
    happens(token)

    answers = [
        reader.get("/pages/"),
        reader.get(f"/pages/{page.pk}/"),
        reader.get(f"/pages/{page.pk}/draft/"),
        reader.get(f"/pages/{page.pk}/workflow/"),
        reader.patch(f"/pages/{page.pk}/", {"content": {}}, **{"If-Match": "*"}),
        reader.post(f"/pages/{page.pk}/workflow/publish/"),
    ]

    assert [problem(answer)[:2] for answer in answers] == [(401, "invalid_token")] * 6
    assert {answer["WWW-Authenticate"] for answer in answers} == {'Bearer realm="api", error="invalid_token"'}


@pytest.mark.parametrize(
    "header",
    [
        "Bearer tour_wrong",
        "Bearer wrong",
        "Bearer",
        "Bearer ",
        "",
        "Basic dXNlcjpzZWNyZXQ=",
        "Token x",
        "Bearer tour_" + "x" * 5000,
        "Bearer tour_\x80é",
    ],
)
def test_a_wrong_one_is_never_read_as_nobody(page, header):
    answer = Caller(Authorization=header).get(f"/pages/{page.pk}/")

    assert problem(answer)[:2] == (401, "invalid_token")


def test_what_needs_a_token_says_so_to_who_has_none(page):
    answer = Caller().get(f"/pages/{page.pk}/draft/")

    assert problem(answer)[:2] == (401, "token_needed")
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


BOTH = ["write", "drafts"]


@pytest.mark.parametrize(
    ("scopes", "ask"),
    [
        (["drafts"], lambda reader, pk: reader.get(f"/pages/{pk}/draft/")),
        (["drafts"], lambda reader, pk: reader.get(f"/pages/{pk}/texts/")),
        # What is written is told again, with what stood beside it.
        (BOTH, lambda reader, pk: reader.patch(f"/pages/{pk}/", {"content": {}}, **{"If-Match": "*"})),
        (BOTH, lambda reader, pk: reader.post("/pages/", {"type": "cms.StandardPage", "parent": pk, "content": {}})),
        (BOTH, lambda reader, pk: reader.post(f"/pages/{pk}/preview/", {"content": {}})),
        (BOTH, lambda reader, pk: reader.patch(f"/pages/{pk}/texts/", {"texts": {"1": "x"}})),
        (["write"], lambda reader, pk: reader.post(f"/pages/{pk}/translations/", {"locale": "en"})),
        (["write"], lambda reader, pk: reader.get("/types/")),
        (["workflow"], lambda reader, pk: reader.post(f"/pages/{pk}/workflow/publish/")),
    ],
)
def test_each_deed_asks_for_its_scopes(page, scopes, ask):
    for scope in scopes:
        others = {"read", "drafts", "write", "workflow"} - {scope}
        answer = ask(Caller(key(factories.user("admin"), *others)), page.pk)
        assert problem(answer)[:2] == (403, "missing_scope")
        assert f'scope="{scope}"' in answer["WWW-Authenticate"]

    assert ask(Caller(key(factories.user("admin"), *scopes)), page.pk).status_code in {200, 201, 409, 422}


def test_a_token_gives_no_more_than_its_person_has(page):
    finance = caller("Finance")

    assert finance.post(f"/pages/{page.pk}/workflow/unpublish/").status_code == 403
    assert (
        finance.post(
            "/pages/", {"type": "cms.StandardPage", "parent": page.get_parent().pk, "content": {"title": "x"}}
        ).status_code
        == 403
    )


# --------------------------------------------------------------------------------------------------- what reading shows


def restrict(page, kind, *groups):
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, password="geheim")
    restriction.groups.set(groups)


@pytest.mark.parametrize(
    ("kind", "seen_by"),
    [
        ("login", {"Editors", "Finance", "admin"}),
        ("groups", {"Finance", "admin"}),
        ("password", set()),
    ],
)
def test_a_token_to_read_opens_what_its_person_may_see(page, kind, seen_by):
    restrict(page, kind, Group.objects.get(name="Finance"))

    def sees(reader):
        return pages_for(reader, RequestFactory().get("/")).filter(pk=page.pk).exists()

    found = {
        group for group in ("Editors", "Finance", "admin") if sees(Reader(factories.user(group), frozenset({"read"})))
    }
    assert found == seen_by
    assert not sees(ANONYMOUS)
    assert not sees(Reader(factories.user("admin"), frozenset({"write"})))


def test_pictures_of_a_closed_collection_open_likewise(page):
    closed = Collection.get_first_root_node().add_child(name="Dicht")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    from wagtail.images import get_image_model  # noqa: PLC0415
    from wagtail.images.tests.utils import get_test_image_file  # noqa: PLC0415

    image = get_image_model().objects.create(title="Dicht", file=get_test_image_file(), collection=closed)

    assert list(images_for(ANONYMOUS)) == []
    assert list(images_for(Reader(factories.user("Finance"), frozenset({"read"})))) == [image]


def test_a_person_without_rights_on_pages_reads_what_everybody_does(page):
    person = factories.user()
    assert not Permission.objects.filter(user=person).exists()

    def seen(reader):
        return set(pages_for(reader, RequestFactory().get("/")).values_list("pk", flat=True))

    assert page.pk in seen(ANONYMOUS)
    assert seen(Reader(person, frozenset({"read"}))) == seen(ANONYMOUS)
