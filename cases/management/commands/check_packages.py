"""Hold the learning packages of every signed-off case against the official schemas, for who has them.

    manage.py check_packages --schemas DIR

DIR, or any folder below it, holds the schemas named in cases/learning/schemas.py. What could not be checked for want of
a schema is said as NOT RUN and is no success: the command then ends with 2; with 1 when a package has a fault.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases import learning
from cases.learning import schemas
from cases.models import CasePage


class Command(BaseCommand):
    help = "Validate the SCORM 1.2 and Common Cartridge 1.3 packages of every signed-off case against official schemas."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--schemas", type=Path, required=True, help="The folder with the .xsd files.")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["schemas"]
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        checked, faulty, missing = 0, 0, set()
        live = CasePage.objects.live().public().select_related("locale").prefetch_related(*learning.PARTS)
        for case in live.order_by("pk"):
            if any(learning.keeps_from_package(case)):
                continue
            course = learning.course_of(case)
            scorm, cartridge = learning.scorm_package(course), learning.common_cartridge(course)
            for content, name, names in (
                (scorm, "imsmanifest.xml", schemas.SCORM),
                (cartridge, "imsmanifest.xml", schemas.CARTRIDGE),
                (cartridge, "quiz/assessment.xml", schemas.QUIZ),
            ):
                what = f"{'SCORM 1.2' if content is scorm else 'Common Cartridge 1.3'}, {name}"
                try:
                    found = schemas.faults(content, name, names, folder)
                except schemas.SchemaMissing as lack:
                    missing.add(f"NOT RUN: {what} (no {lack} in {folder})")
                    continue
                checked += 1
                faulty += bool(found)
                self.stdout.write(f"{case.full_url}: {what}: {'valid' if not found else 'FAULTS'}")
                for fault in found:
                    self.stdout.write(f"  {fault}")
        for line in sorted(missing):
            self.stdout.write(line)
        self.stdout.write(f"{checked} files checked, {faulty} with faults.")
        if faulty or missing or not checked:
            sys.exit(1 if faulty else 2)
