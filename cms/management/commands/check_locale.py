"""Say which texts are not translated. The test command fails on one; `--write` updates the .po files to fill in."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

LANGUAGES = ["nl", "en"]
#: What holds our texts; the stand-in's pages carry both languages themselves.
SOURCES = ["cms", "cases", "events", "payments", "templates"]
IGNORED = ["payments/sandbox/*"]


class Command(BaseCommand):
    help = "Fail when a text of the site has no translation, a fuzzy one, or one nobody uses any more. Needs gettext."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="Update locale/ with the texts found in the code.")

    def handle(self, *args: Any, write: bool = False, **options: Any) -> None:
        if shutil.which("xgettext") is None:
            raise CommandError("gettext is not installed. Run: apt-get install gettext")
        kept = Path(settings.LOCALE_PATHS[0])
        with tempfile.TemporaryDirectory() as directory:
            found = Path(directory) / "locale"
            shutil.copytree(kept, found, ignore=shutil.ignore_patterns("*.mo"))
            _extract(found)
            if write:
                for language in LANGUAGES:
                    _save(found / language, kept / language, language)
                return
            problems = [problem for language in LANGUAGES for problem in _problems(found, kept, language)]
        if problems:
            raise CommandError("\n".join(problems))
        self.stdout.write("Every text has its translation.")


def _extract(directory: Path) -> None:
    """Extract into a copy of locale/. makemessages writes to ./locale too, so it runs where that is the copy."""
    before, here = settings.LOCALE_PATHS, Path.cwd()
    for source in SOURCES:
        (directory.parent / source).symlink_to(Path(settings.BASE_DIR) / source)
    settings.LOCALE_PATHS = [directory]
    os.chdir(directory.parent)
    try:
        call_command(
            "makemessages",
            locale=LANGUAGES,
            no_location=True,
            no_wrap=True,
            symlinks=True,
            ignore_patterns=IGNORED,
            extensions=["html", "txt", "py"],
            verbosity=0,
        )
    finally:
        settings.LOCALE_PATHS = before
        os.chdir(here)


def _catalogue(directory: Path) -> polib.POFile:
    return polib.pofile(str(directory / "LC_MESSAGES" / "django.po"), wrapwidth=0)


def _save(found: Path, kept: Path, language: str) -> None:
    """The extracted catalogue, without dates that change at every run. English texts are their own translation."""
    catalogue = _catalogue(found)
    for entry in [entry for entry in catalogue if entry.obsolete]:
        catalogue.remove(entry)
    if language == "en":
        for entry in catalogue:
            if entry.msgid_plural:
                entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
            else:
                entry.msgstr = entry.msgid
            entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    catalogue.metadata.pop("POT-Creation-Date", None)
    catalogue.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    (kept / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    catalogue.save(str(kept / "LC_MESSAGES" / "django.po"))


def _problems(found: Path, kept: Path, language: str) -> list[str]:
    catalogue = _catalogue(found / language)
    used = {(entry.msgctxt, entry.msgid) for entry in catalogue if not entry.obsolete}
    unused = [entry.msgid for entry in _catalogue(kept / language) if (entry.msgctxt, entry.msgid) not in used]
    return [
        *(f"{language}: not translated: {entry.msgid!r}" for entry in catalogue.untranslated_entries()),
        *(f"{language}: fuzzy: {entry.msgid!r}" for entry in catalogue.fuzzy_entries()),
        *(f"{language}: no longer used: {msgid!r}" for msgid in unused),
    ]
