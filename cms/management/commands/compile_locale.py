"""Compile the translations without gettext installed: polib reads the .po and writes the .mo beside it."""

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation.reloader import translation_file_changed


class Command(BaseCommand):
    help = "Compile locale/*/LC_MESSAGES/*.po. Fuzzy entries are left out, as gettext does."

    def handle(self, *args: Any, **options: Any) -> None:
        for directory in settings.LOCALE_PATHS:
            for source in Path(directory).glob("*/LC_MESSAGES/*.po"):
                target = source.with_suffix(".mo")
                if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
                    polib.pofile(str(source)).save_as_mofile(str(target))
                    # What runs in this same process next must not go on without: Django has read the old ones already.
                    translation_file_changed(None, target)
                    self.stdout.write(f"compiled {source.parent.parent.name}/{source.name}")
