"""What a site lacks is said in words: each check with what brings it, and silence about our own site."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.utils.translation import override
from wagtail.models import Locale

from cms import conf
from cms import host_checks as checks
from cms.conf import configured
from cms.plugins import installed_plugins
from events.checks import history_is_append_only
from payments.checks import stripe_is_stripe
from tests import factories


def said(check, **asked) -> list[str]:
    """Each problem's id; every one of them has a hint."""
    found = check(**asked)
    assert all(problem.hint for problem in found)
    return [problem.id for problem in found]


def test_our_own_site_lacks_nothing():
    every = [
        checks.the_database_is_postgresql,
        checks.the_apps_stand_in_order,
        checks.the_middleware_is_there,
        checks.the_two_languages_are_set_up,
        checks.the_templates_know_the_house,
        checks.the_addresses_are_there,
        checks.the_settings_dict_is_understood,
        checks.no_setting_stands_where_nobody_reads_it,
        checks.the_advised_settings_are_given,
        checks.the_site_has_an_address,
        history_is_append_only,
        stripe_is_stripe,
    ]
    assert [said(check) for check in every] == [[]] * len(every)


def test_sqlite_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(connections["default"].__class__, "vendor", "sqlite")
    [problem] = checks.the_database_is_postgresql()
    assert problem.msg == "Best Practice Tour runs on PostgreSQL only; DATABASES['default'] is sqlite."
    assert problem.id == "cms.E010"


def test_an_app_that_is_missing_stops_the_start_in_words(monkeypatch):
    [cms] = [plugin for plugin in installed_plugins() if plugin.name == "cms"]
    monkeypatch.setattr(cms, "needs", ["wagtail_localize", "nowhere"])
    with pytest.raises(ImproperlyConfigured, match=r"^cms needs these in INSTALLED_APPS: nowhere\.$"):
        cms.import_models()


@pytest.mark.parametrize(
    ("order", "told"),
    [
        (["cms", "cases", "events", "payments", "wagtail_localize", "wagtail.admin", "wagtail"], []),
        (["wagtail.admin", "cms", "cases", "events", "payments", "wagtail"], ["cms", "cases", "events", "payments"]),
        (["cases", "cms", "events", "payments", "wagtail_localize", "wagtail.admin", "wagtail"], ["cases"]),
    ],
)
def test_the_order_of_the_apps_is_told(monkeypatch, order, told):
    monkeypatch.setattr(checks, "_installed", lambda: order)
    assert [problem.msg.split()[0] for problem in checks.the_apps_stand_in_order()] == told
    assert set(said(checks.the_apps_stand_in_order)) <= {"cms.E012"}


@pytest.mark.parametrize(
    ("check", "name", "value", "ids"),
    [
        (checks.the_middleware_is_there, "MIDDLEWARE", [], ["cms.E013"] * 8),
        (
            checks.the_middleware_is_there,
            "MIDDLEWARE",
            [*checks.MIDDLEWARE, "django.middleware.locale.LocaleMiddleware"],
            ["cms.E013"],
        ),
        (checks.the_two_languages_are_set_up, "WAGTAIL_I18N_ENABLED", False, ["cms.E014"]),
        (checks.the_two_languages_are_set_up, "WAGTAIL_CONTENT_LANGUAGES", [("nl", "")], ["cms.E015"]),
        (checks.the_two_languages_are_set_up, "LANGUAGES", [("en", ""), ("fr", "")], ["cms.E015"]),
        (checks.the_two_languages_are_set_up, "LANGUAGE_CODE", "en-us", ["cms.E015"]),
        (checks.the_templates_know_the_house, "TEMPLATES", [{"OPTIONS": {}}], ["cms.E016"] * 2),
        (checks.the_settings_dict_is_understood, "BEST_PRACTICE_TOUR", ["DEMO"], ["cms.E018"]),
        (checks.the_settings_dict_is_understood, "BEST_PRACTICE_TOUR", {"FOLOW_LINKS": True}, ["cms.E018"]),
        (checks.the_settings_dict_is_understood, "BEST_PRACTICE_TOUR", {"FOLLOW_LINKS": "no"}, ["cms.E019"]),
        (checks.the_settings_dict_is_understood, "BEST_PRACTICE_TOUR", {"API_MAX_BODY_BYTES": True}, ["cms.E019"]),
        (checks.no_setting_stands_where_nobody_reads_it, "VIES_URL", "https://example.org", ["cms.W011"]),
        (checks.the_advised_settings_are_given, "WAGTAILLOCALIZE_DISABLE_ON_DELETE", False, ["cms.W012"]),
        (checks.the_advised_settings_are_given, "WAGTAILSEARCH_BACKENDS", {}, ["cms.W013"]),
        (checks.the_advised_settings_are_given, "TASKS", {}, ["cms.W014"]),
        (checks.the_site_has_an_address, "WAGTAILADMIN_BASE_URL", "http://example.com", ["cms.W016"]),
        (checks.the_site_has_an_address, "WAGTAILADMIN_BASE_URL", "", ["cms.W016"]),
        (checks.the_site_has_an_address, "WAGTAILADMIN_BASE_URL", "http://localhost:8000", []),
        (history_is_append_only, "PGHISTORY_APPEND_ONLY", False, ["events.E001"]),
    ],
)
def test_each_setting_that_is_wrong_is_told_with_a_hint(settings, check, name, value, ids):
    setattr(settings, name, value)
    assert said(check) == ids


def test_pages_without_their_language_and_addresses_that_are_missing_are_told(settings):
    settings.ROOT_URLCONF = "wagtail.urls"
    assert said(checks.the_addresses_are_there) == ["cms.E017"]


@pytest.mark.parametrize(
    ("given", "ids"),
    [
        ({"STRIPE_API_BASE": "https://example.org"}, ["payments.E001"]),
        ({"STRIPE_API_BASE": "http://127.0.0.1:1", "STRIPE_API_KEY": "sk_live_1"}, ["payments.E001", "payments.E002"]),
        ({"STRIPE_API_KEY": "sk_test_1"}, ["payments.E002"]),
        ({"STRIPE_API_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}, []),
        ({}, []),
    ],
)
def test_stripe_is_stripe(settings, given, ids):
    settings.BEST_PRACTICE_TOUR = given
    assert said(stripe_is_stripe) == ids


@pytest.mark.django_db
def test_a_language_without_a_locale_is_told_when_the_database_is_asked():
    factories.ground()
    assert said(checks.both_languages_have_a_locale, databases=["default"]) == []
    Locale.objects.filter(language_code="en").update(language_code="fr")
    assert said(checks.both_languages_have_a_locale, databases=["default"]) == ["cms.W015"]
    assert said(checks.both_languages_have_a_locale, databases=None) == []


@pytest.mark.django_db
def test_an_address_that_is_of_none_of_the_sites_is_told_when_the_database_is_asked(settings):
    factories.ground()
    assert said(checks.the_address_is_of_a_site, databases=["default"]) == []
    settings.WAGTAILADMIN_BASE_URL = "https://tour.example.org"
    [problem] = checks.the_address_is_of_a_site(databases=["default"])
    assert problem.msg == "WAGTAILADMIN_BASE_URL is of tour.example.org, which is none of the sites: testserver."
    assert said(checks.the_address_is_of_a_site, databases=None) == []


def test_a_language_is_named_in_the_reader_s_own_whatever_the_site_calls_it(settings):
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [
        ("nl", "Nederlands"),
        ("en", "English"),
        ("fr", "Français"),
    ]
    named = {}
    for reader in ("nl", "en"):
        with override(reader):
            named[reader] = [str(conf.language_name(code)) for code in ("nl", "en", "fr", "de")]
            assert named[reader][:3] == [str(name) for _code, name in conf.content_languages()]
    assert named == {"nl": ["Nederlands", "Engels", "Français", "de"], "en": ["Dutch", "English", "Français", "de"]}


def test_a_setting_is_read_when_it_is_asked(settings):
    assert configured.FOLLOW_LINKS is False
    settings.BEST_PRACTICE_TOUR = {"FOLLOW_LINKS": True}
    assert configured.FOLLOW_LINKS is True
    with pytest.raises(AttributeError, match="No installed plugin reads a setting 'FOLOW_LINKS'"):
        _ = configured.FOLOW_LINKS
