"""Translations that were compiled count at once: the demonstration compiles them and then names the workflow."""

import pytest
from django.core.management import call_command
from django.utils.translation import gettext, override
from django.utils.translation.reloader import translation_file_changed


@pytest.fixture
def place(tmp_path, settings):
    """A folder of translations of its own, forgotten again afterwards."""
    (tmp_path / "nl" / "LC_MESSAGES").mkdir(parents=True)
    settings.LOCALE_PATHS = [tmp_path]
    translation_file_changed(None, tmp_path / "django.mo")
    yield tmp_path
    translation_file_changed(None, tmp_path / "django.mo")


def test_what_was_compiled_is_read_in_the_same_process(place):
    with override("nl"):
        assert gettext("Nowhere translated") == "Nowhere translated"
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (place / "nl" / "LC_MESSAGES" / "django.po").write_text(
        head + 'msgid "Nowhere translated"\nmsgstr "Toch vertaald"\n'
    )

    call_command("compile_locale", verbosity=0)

    with override("nl"):
        assert gettext("Nowhere translated") == "Toch vertaald"
