"""What the house promises: plugins found and not imported, health told truly, nothing third-party, groups made."""

import re
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import Site

from cms import checks, environment, plugins
from cms.conf import Setting
from cms.models import Heartbeat, HomePage, Organisation
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_registry_finds_the_installed_plugins_in_the_order_of_the_story():
    assert [plugin.name for plugin in plugins.installed_plugins()] == settings.PLUGINS


def test_a_smaller_installation_has_nothing_of_the_others():
    assert {name: apps.is_installed(name) for name in ("cases", "events", "payments")} == {
        name: name in settings.PLUGINS for name in ("cases", "events", "payments")
    }


def test_two_ways_of_being_paid_are_refused(monkeypatch):
    class Other(plugins.Plugin):
        name = "cms"
        settlement = "x.Y"

    monkeypatch.setattr(plugins, "installed_plugins", lambda: [Other("cms", apps.get_app_config("cms").module)] * 2)

    with pytest.raises(RuntimeError, match="Two plugins"):
        plugins.settlement()


def test_every_path_a_plugin_names_is_checked(monkeypatch):
    """Of each attribute there is a wrong path: one that comes to the registry and not to the check is noticed."""
    named = {name: value for name, value in vars(plugins.Plugin).items() if not name.startswith("_")}
    words = {"title", "distribution", "default_auto_field"}
    mapped = [name for name, value in named.items() if value == {} and name not in {"groups", "announces"}]
    single = [name for name, value in named.items() if isinstance(value, str) and name not in words]
    wrong = {name: f"cms.nowhere.{name}" for name in single}
    wrong |= {name: {"x": f"cms.nowhere.{name}"} for name in mapped}
    other = type("Other", (plugins.Plugin,), {"name": "cms", **wrong, "duties": ["cms.nowhere.duties"]})
    plugin = other("cms", apps.get_app_config("cms").module)
    monkeypatch.setattr(checks, "installed_plugins", lambda: [plugin])

    problems = checks.plugins_bring_what_they_name()

    assert {problem.id for problem in problems} == {"cms.E001"}
    assert sorted(str(problem.msg).split(":")[0] for problem in problems) == sorted(
        [f"cms names cms.nowhere.{name}" for name in (*single, *mapped, "duties")]
        # The name of a block is a path, that of a page type has to be one.
        + ["cms names x", "cms says what x tells in the API, which is no page type"]
    )


def test_two_plugins_that_bring_a_name_twice_are_told_apart(monkeypatch):
    """Else the second would hide the first without a word."""
    assert checks.plugins_name_things_once() == []
    other = type(
        "Other",
        (plugins.Plugin,),
        {"name": "other", "vocabularies": {"country": "x.y"}, "settings": [Setting("FOLLOW_LINKS", True, "")]},
    )
    plugin = other("other", apps.get_app_config("cms").module)
    monkeypatch.setattr(checks, "installed_plugins", lambda: [apps.get_app_config("cms"), plugin])

    assert [(problem.id, problem.msg) for problem in checks.plugins_name_things_once()] == [
        ("cms.E004", "cms and other both bring 'country' in vocabularies"),
        ("cms.E004", "cms and other both bring 'FOLLOW_LINKS' in settings"),
    ]


@pytest.mark.parametrize(
    ("spec", "is_known"), [("fill-300x200", True), ("fill-x", False), ("nonsense", False), (3, False)]
)
def test_a_rendition_nobody_can_make_is_an_error(settings, spec, is_known):
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"API_RENDITIONS": [spec]}

    assert [problem.id for problem in checks.renditions_can_be_made()] == ([] if is_known else ["cms.E005"])


def test_health_says_the_process_lives_and_readiness_names_what_is_missing(client):
    assert client.get("/healthz").json()["status"] == "ok"
    dead = client.get("/readyz")
    assert (dead.status_code, dead.json()["worker"], dead.json()["database"]) == (503, False, True)

    Heartbeat.objects.create(name="worker", seen_at=timezone.now())
    assert client.get("/readyz").json()["duties"] is False
    call_command("run_duties", stdout=StringIO())
    alive = {"database": True, "migrations": True, "worker": True, "duties": True}
    assert client.get("/readyz").json() == {"status": "ready", **alive}

    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=1))
    assert client.get("/readyz").json() == {"status": "not ready", **alive, "worker": False}


def test_demo_content_with_its_known_passwords_is_refused_outside_the_demonstration():
    with pytest.raises(CommandError, match="start_site"):
        call_command("load_demo")
    assert get_user_model().objects.count() == 0


def test_a_new_site_stands_in_both_languages_and_is_started_once(client, settings, at_once):
    settings.WAGTAILADMIN_BASE_URL = "https://tour.example.org"

    for _time in range(2):
        with at_once():
            call_command("start_site", stdout=StringIO())

    site = Site.objects.get()
    assert (site.hostname, site.port, site.root_page.slug) == ("tour.example.org", 443, "nl")
    assert list(HomePage.objects.order_by("slug").values_list("slug", "live")) == [("en", True), ("nl", True)]
    assert [client.get(f"/{language}/").status_code for language in ("nl", "en")] == [200, 200]


@pytest.mark.parametrize(
    ("path", "method", "status", "title"),
    [
        ("nonsense/", "get", 404, "There is nothing at this address."),
        pytest.param(
            *("registrations/", "get", 405, "This method does nothing here."),
            marks=pytest.mark.skipif("events" not in settings.PLUGINS, reason="the house has no address to refuse at"),
        ),
    ],
)
def test_the_api_says_what_it_does_not_have_as_a_problem(client, path, method, status, title):
    answer = getattr(client, method)(f"/api/v1/{path}", headers={"Accept-Language": "en"})

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["title"] == title


def test_a_public_page_asks_nothing_of_anybody_else_and_sets_a_strict_policy(client):
    factories.ground()

    answer = client.get("/nl/")

    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "default-src 'none'" in policy and "unsafe" not in policy
    text = answer.content.decode()
    # A block of data is read by search engines and never executed, so that the policy says nothing of it.
    data = '<script type="application/ld+json">'
    assert [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag] == [data]
    assert re.findall(r'(?:src|href)="(?!/|#|mailto:|http://testserver|\?)[^"]*"', text) == []
    assert "style=" not in text


def test_a_visitor_gets_no_cookie_for_reading(client):
    factories.ground()

    assert client.get("/nl/").cookies == {}


def test_the_demo_mailbox_exists_in_the_demonstration_only(client):
    assert [client.get(path).status_code for path in ("/demo/mail/", "/demo/mail.json")] == [404, 404]


@pytest.mark.parametrize("group", ["Editors", "Reviewers", "Organisers", "Finance"])
def test_the_working_groups_can_log_in_and_nothing_of_accounts(client, group):
    permissions = {f"{p.content_type.app_label}.{p.codename}" for p in Group.objects.get(name=group).permissions.all()}

    assert "wagtailadmin.access_admin" in permissions
    assert not any(permission.startswith("auth.") for permission in permissions)
    client.force_login(factories.user(group))
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/users/").status_code in {302, 403, 404}


@pytest.mark.parametrize(
    ("written", "kept"), [("BE 0428.759.497", "BE0428759497"), ("be0428759497", "BE0428759497"), ("", "")]
)
def test_a_vat_number_is_kept_in_its_normal_form(written, kept):
    organisation = Organisation(name="X", vat_number=written)
    organisation.full_clean()

    assert organisation.vat_number == kept


@pytest.mark.parametrize("facts", [{"vat_number": "BE0428759498"}, {"enterprise_number": "0123456789"}])
def test_a_number_that_fails_its_check_digits_is_refused_with_an_example(facts):
    with pytest.raises(ValidationError, match=r"0xxx\.xxx\.xxx"):
        Organisation(name="X", **facts).full_clean()


def test_a_database_url_of_another_engine_is_refused():
    with pytest.raises(ValueError, match="postgresql"):
        environment.database("sqlite:///x.db")


def test_a_socket_directory_and_a_secret_survive_in_a_database_url():
    entry = environment.database("postgresql://me:p%40ss@/tour?host=%2Frun%2Fpg&sslmode=disable")

    assert {key: entry[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "OPTIONS")} == {
        "NAME": "tour",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "/run/pg",
        "OPTIONS": {"sslmode": "disable"},
    }


GIVEN = {
    "DJANGO_SETTINGS_MODULE": "cms.settings.production",
    "SECRET_KEY": "x",
    "PUBLIC_URL": "https://tour.example.org",
    "DATABASE_URL": "postgresql://u@127.0.0.1/x",
    "PATH": "/usr/bin:/bin",
}


SAY_IT = "from django.conf import settings as s; print(s.BEST_PRACTICE_TOUR.get('DEMO'), s.DEBUG)"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"STRIPE_API_BASE": "http://127.0.0.1:8431"}, "stand-in cannot be used in production"),
        ({"STRIPE_API_KEY": "sk_test_sandbox"}, "stand-in's key"),
        ({"STRIPE_API_KEY": "sk_live_1"}, "STRIPE_WEBHOOK_SECRET"),
        ({}, ""),
    ],
)
def test_production_refuses_what_only_the_demonstration_may_have(changes, said, tmp_path):
    given = {k: v for k, v in (GIVEN | {"TOUR_VAR": str(tmp_path)} | changes).items() if v is not None}

    done = subprocess.run(
        [sys.executable, "-c", SAY_IT],
        cwd=Path(settings.BASE_DIR),
        env=given | ({} if "DATABASE_URL" in given else {"DATABASE_URL": ""}),
        capture_output=True,
        text=True,
        check=False,
    )

    if said:
        assert done.returncode != 0 and said in done.stderr
    else:
        assert (done.returncode, done.stdout.strip()) == (0, "None False")
