"""Load the demo content of every installed plugin, in the order of the story."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string
from django.utils.translation import override

from cms.conf import configured
from cms.plugins import installed_plugins


class Command(BaseCommand):
    help = "Load the demonstration's content: pages in Dutch and English, visits, invented people. Safe to run twice."

    def handle(self, *args: Any, **options: Any) -> None:
        if not configured.DEMO:
            # Its logins have a password everybody knows.
            raise CommandError("Demo content is for demo settings only. For a new site run: manage.py start_site")
        for plugin in installed_plugins():
            if plugin.demo:
                with override("nl"):
                    import_string(plugin.demo)()
                self.stdout.write(f"{plugin.title}: demo content is there")
