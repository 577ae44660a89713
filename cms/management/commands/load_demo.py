"""Load the demo content of every installed plugin, in the order of the story."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cms.actions.demo import load_demo, may_load_demo


class Command(BaseCommand):
    help = "Load the demonstration's content: pages in Dutch and English, visits, invented people. Safe to run twice."

    def handle(self, *args: Any, **options: Any) -> None:
        if not may_load_demo():
            # On a demonstration its logins have a password everybody knows.
            raise CommandError("Demo content is for demo settings only. For a new site run: manage.py start_site")
        for plugin, refusal in load_demo(at=timezone.now()):
            self.stdout.write(f"{plugin.title}: {refusal or 'demo content is there'}")
