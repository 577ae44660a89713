"""Write anew what cases and lessons are found by, after a restored backup or a change of how it is written."""

from typing import Any

from django.core.management.base import BaseCommand

from cases.search import texts


class Command(BaseCommand):
    help = "Index every live case for the search on the cases page. Safe to run at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{texts.refresh_all()} cases indexed.")
