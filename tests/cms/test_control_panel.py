"""The control panel: plugins, versions, settings in force, health and demo content, for those who may see it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.checks import Error
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from cms import VERSION, conf, health
from cms.actions import demo
from cms.models import DemoLoad, DutyRun, Heartbeat
from cms.plugins import installed_plugins
from cms.tasks import load_demo_content
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    person = factories.user("admin")
    person.wagtail_userprofile = None
    client.force_login(person)
    return client


def panel(client) -> str:
    with override("en"):
        answer = client.get(reverse("plugins"), headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_lists_each_plugin_with_version_settings_and_duties(admin):
    told = panel(admin)

    for plugin in installed_plugins():
        assert f'id="plugin-{plugin.label}"' in told
        assert all(f"<code>{setting.name}</code>" in told for setting in plugin.settings)
        assert all(f"<code>{duty}</code>" in told for duty in plugin.duties)
    assert told.count(f"<dd>{VERSION}</dd>") == len(installed_plugins())


def test_a_secret_is_never_shown(admin, monkeypatch, settings):
    [plugin, *_others] = installed_plugins()
    secret = conf.Setting("PASSPHRASE", "", "Of nobody's business.", is_secret=True)
    monkeypatch.setattr(plugin, "settings", [*plugin.settings, secret])

    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"PASSPHRASE": "hush-hush"}
    given = panel(admin)
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"PASSPHRASE": ""}
    empty = panel(admin)

    assert "hush-hush" not in given
    every = [force for standing in health.standings() for force in standing.settings if force.setting.is_secret]
    assert all(force.value == "" for force in every)
    assert given != empty


@pytest.mark.parametrize("group", ["Editors", "Organisers", "Finance", "Reviewers"])
def test_a_working_group_does_not_see_it_and_cannot_load_anything(
    client, group, settings, django_capture_on_commit_callbacks
):
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"DEMO_CONTENT": True}
    client.force_login(factories.user(group))

    assert client.get(reverse("plugins")).status_code == 302
    assert reverse("plugins") not in client.get(reverse("wagtailadmin_home")).content.decode()
    with django_capture_on_commit_callbacks() as asked:
        assert client.post(reverse("plugins_load_demo")).status_code == 302
    assert asked == []

    client.force_login(factories.user("admin"))
    with django_capture_on_commit_callbacks() as asked:
        client.post(reverse("plugins_load_demo"))
    assert asked == [load_demo_content.enqueue]


def test_health_tells_what_the_checks_say_and_what_failed(monkeypatch):
    factories.ground()  # both languages have their locale
    [plugin, *_others] = installed_plugins()
    assert [standing.is_well for standing in health.standings()] == [True] * len(installed_plugins())

    wrong = [Error("Nobody is home.", hint="Ring.", id="cms.E999"), Error("Elsewhere.", id="models.E001")]
    monkeypatch.setattr(health.checks, "run_checks", lambda **asked: wrong)
    DutyRun.objects.create(name=plugin.duties[0], ended_at=timezone.now(), failed=True, said="KeyError")
    ours = health.standings()[0]

    assert (ours.is_well, [problem.id for problem in ours.problems]) == (False, ["cms.E999"])
    assert ours.duties[plugin.duties[0]].said == "KeyError"
    assert [problem.id for problem in health.other_problems()] == ["models.E001"]


def test_a_worker_that_was_seen_lately_lives():
    at = datetime(2027, 1, 12, 11, tzinfo=UTC)
    Heartbeat.objects.create(name="worker", seen_at=at - timedelta(seconds=20))
    Heartbeat.objects.create(name="duties", seen_at=at - timedelta(hours=1))

    assert [(beat.name, beat.lives) for beat in health.beats(at)] == [("worker", True), ("duties", False)]


def test_each_duty_is_noted_with_what_it_did_and_a_failure_only_by_its_kind(monkeypatch):
    def fails(*, at):
        raise KeyError("an@example.org")

    monkeypatch.setattr("cms.duties.read_links", fails)
    with pytest.raises(SystemExit):
        call_command("run_duties", verbosity=0)

    runs = {run.name: (run.failed, run.said) for run in DutyRun.objects.all()}
    assert runs["cms.duties.read_links"] == (True, "KeyError")
    assert runs["cms.duties.try_addresses"] == (False, "")
    assert len(runs) == sum(len(plugin.duties) for plugin in installed_plugins())


def test_demo_content_is_loaded_by_a_superuser_where_the_settings_allow_it(
    admin, settings, monkeypatch, django_capture_on_commit_callbacks
):
    loaded = []
    monkeypatch.setattr("cms.tasks.load_demo", lambda *, at: loaded.append("demo"))

    assert admin.post(reverse("plugins_load_demo")).status_code == 302  # back to where Wagtail sends the refused
    assert "DEMO_CONTENT" in panel(admin) and loaded == []
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"DEMO_CONTENT": True}
    assert reverse("plugins_load_demo") in panel(admin)
    with django_capture_on_commit_callbacks(execute=True):
        assert admin.post(reverse("plugins_load_demo"))["Location"] == reverse("plugins")
    assert admin.get(reverse("plugins_load_demo")).status_code == 405
    assert loaded == ["demo"]


def test_demo_content_is_refused_by_the_deed_itself():
    with pytest.raises(demo.DemoRefused):
        demo.load_demo(at=timezone.now())


def test_a_load_that_fails_is_told_with_its_reason_and_is_never_called_loaded(admin, monkeypatch, settings):
    [plugin, *_others] = installed_plugins()

    def fails():
        raise ValueError("The cupboard is empty.")

    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"DEMO_CONTENT": True}
    monkeypatch.setattr("cms.demo.load", fails)
    monkeypatch.setattr("cms.demo.is_loaded", lambda: True)  # some of it is there
    with pytest.raises(ValueError, match="The cupboard is empty"):
        demo.load_demo(at=timezone.now())

    standing = health.standings()[0]
    assert (standing.demo, standing.demo_said) == ("failed", "ValueError: The cupboard is empty.")
    assert standing.is_well is False
    told = panel(admin)
    assert "ValueError: The cupboard is empty." in told
    assert told.count(">Loaded</dd>") == 0
    assert [load.plugin for load in DemoLoad.objects.all()] == [plugin.label], "those after it are not tried"

    # Loaded well the next time, it is well again.
    monkeypatch.setattr("cms.demo.load", lambda: None)
    monkeypatch.setattr(
        "cms.actions.demo.installed_plugins", lambda: [one for one in installed_plugins() if one.name == "cms"]
    )
    assert demo.load_demo(at=timezone.now()) == [(plugin, "")]
    assert (health.standings()[0].demo, health.standings()[0].demo_said) == ("loaded", "")


def test_a_load_that_is_refused_says_why_and_the_site_is_well(admin, monkeypatch, settings):
    [plugin, *_others] = installed_plugins()

    def refuses():
        raise demo.DemoRefused("Not among these books.")

    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"DEMO_CONTENT": True}
    monkeypatch.setattr("cms.demo.load", refuses)
    monkeypatch.setattr("cms.actions.demo.installed_plugins", lambda: [plugin])
    assert demo.load_demo(at=timezone.now()) == [(plugin, "Not among these books.")]

    standing = health.standings()[0]
    assert (standing.demo, standing.demo_said) == ("refused", "Not among these books.")
    assert "Not among these books." in panel(admin)


def test_the_panel_asks_the_same_questions_for_any_number_of_duties(django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        health.standings()
