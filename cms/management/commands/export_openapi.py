"""manage.py export_openapi: write the API's contract down, so that a change of it shows as a difference."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.headless.contract import document
from cms.urls import api


def text() -> str:
    return json.dumps(document(api), indent=1, sort_keys=True, ensure_ascii=False, default=str) + "\n"


class Command(BaseCommand):
    help = "Write the OpenAPI document of the installed plugins to docs/openapi.json, or say that it changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", default=str(Path(settings.BASE_DIR) / "docs" / "openapi.json"))
        parser.add_argument(
            "--check", action="store_true", help="Write nothing; fail when the file says another thing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["to"])
        if options["check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != text():
                raise CommandError("The API's contract changed. Run: manage.py export_openapi")
            return
        path.write_text(text(), encoding="utf-8")
        self.stdout.write(f"{path.name}: {len(document(api)['paths'])} addresses")
