"""Make the first pages of a new site."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.start import start_site


class Command(BaseCommand):
    help = "Dutch and English, a home page in each, and the site's address (PUBLIC_URL). Safe to run twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", default=settings.WAGTAIL_SITE_NAME, help="The home page's title.")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        try:
            site = start_site(name=name, url=settings.WAGTAILADMIN_BASE_URL)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{site.root_url}/nl/ and {site.root_url}/en/ are there. Next: manage.py createsuperuser")
