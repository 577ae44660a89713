"""manage.py mark_bounced: the mail server said that a letter came back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from events import actions
from events.models import Letter


class Command(BaseCommand):
    help = "Mark the latest letter sent to an address as bounced, so that an organiser sees it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")
        parser.add_argument("reason", help="What the mail server said.")

    def handle(self, *args: Any, **options: Any) -> None:
        sent = Letter.objects.filter(recipient__iexact=options["address"], sent_at__isnull=False)
        letter = sent.order_by("-sent_at", "-pk").first()
        if letter is None:
            raise CommandError(f"No letter went out to {options['address']}.")
        actions.mark_bounced(letter=letter, reason=options["reason"], at=timezone.now())
        self.stdout.write(f"{letter.registration.reference}: {letter.kind} is marked as bounced.")
