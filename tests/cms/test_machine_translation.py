"""A machine may translate when somebody set one up and asks for it; the admin says which one, or that there is none."""

import os

import pytest
import requests
from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail_localize.machine_translators.dummy import DummyTranslator
from wagtail_localize.models import StringTranslation

from cms import environment
from cms.checks import the_machine_translator_is_one
from tests.cms.translated import sent_to_be_translated, standard_page, twin_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english_words")]

DUMMY = {"CLASS": "wagtail_localize.machine_translators.dummy.DummyTranslator"}


class Unreachable(DummyTranslator):
    display_name = "Nowhere"

    def translate(self, source_locale, target_locale, strings):
        raise requests.ConnectionError


class Refusing(DummyTranslator):
    """As DeepL's answer to a wrong key reads: JSON without translations."""

    display_name = "Nowhere"

    def translate(self, source_locale, target_locale, strings):
        return {}["translations"]


REPORT = "/admin/localize/reports/translations/"


@pytest.fixture
def translation(at_once):
    with at_once():
        return sent_to_be_translated(standard_page())


def ask(desk, translation):
    return desk.post(reverse("wagtail_localize:machine_translate", args=[translation.pk]), {"next": "/admin/"})


def editor(desk, translation):
    return desk.get(reverse("wagtailadmin_pages:edit", args=[translation.get_target_instance().pk])).content.decode()


def test_by_default_there_is_none_and_the_admin_says_so(desk, translation, settings):
    assert not hasattr(settings, "WAGTAILLOCALIZE_MACHINE_TRANSLATOR")
    for html in (editor(desk, translation), desk.get(REPORT).content.decode()):
        assert "No machine translation is set up: no text is sent to anybody." in html
    assert ask(desk, translation).status_code == 404


def test_one_that_is_set_up_is_named_and_translates_only_what_is_missing(desk, translation, settings):
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = DUMMY
    segment = translation.source.stringsegment_set.get(context__path="intro")
    StringTranslation.objects.create(
        translation_of=segment.string, context=segment.context, locale=translation.target_locale, data="By hand."
    )

    assert "Machine translation: Dummy translator." in editor(desk, translation)
    ask(desk, translation)

    given = {one.context.path: one for one in StringTranslation.objects.all()}
    assert given["intro"].data == "By hand."
    assert (given["title"].translation_type, given["title"].tool_name) == ("machine", "Dummy translator")
    assert not twin_of(translation.get_target_instance()).live


@pytest.mark.parametrize("name", ["Unreachable", "Refusing"])
def test_one_that_fails_is_told_and_changes_nothing(desk, translation, settings, name):
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {"CLASS": f"{__name__}.{name}"}

    answer = ask(desk, translation)
    update = desk.post(
        reverse("wagtail_localize:update_translations", args=[translation.source.pk]), {"use_machine_translation": "on"}
    )

    told = "Nowhere did not translate: it could not be reached, or refused. Nothing was changed."
    assert [str(message) for message in get_messages(answer.wsgi_request)] == [told]
    assert [str(message) for message in get_messages(update.wsgi_request)][-1] == told
    assert not StringTranslation.objects.exists()


@pytest.mark.parametrize(
    ("name", "problems"),
    [("", []), (DUMMY["CLASS"], []), ("nowhere.Translator", ["cms.E003"]), ("cms.views.search", ["cms.E003"])],
)
def test_a_name_that_is_no_translator_is_noticed_at_the_start(settings, name, problems):
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {"CLASS": name}

    assert [problem.id for problem in the_machine_translator_is_one()] == problems


def test_its_options_are_read_from_the_environment_and_never_repeated(monkeypatch):
    monkeypatch.setitem(os.environ, "MACHINE_TRANSLATOR_OPTIONS", '{"AUTH_KEY": "secret"}')
    assert environment.mapping("MACHINE_TRANSLATOR_OPTIONS") == {"AUTH_KEY": "secret"}

    for wrong in ("secret", '["secret"]'):
        monkeypatch.setitem(os.environ, "MACHINE_TRANSLATOR_OPTIONS", wrong)
        with pytest.raises(ValueError, match="should be a JSON object") as error:
            environment.mapping("MACHINE_TRANSLATOR_OPTIONS")
        assert "secret" not in str(error.value)
