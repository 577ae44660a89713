"""Ask Stripe itself, with a test key, what the stand-in is asked: does it answer as we read it?"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from payments import stripe_gateway as gateway


class Command(BaseCommand):
    help = "Open, read and close one Checkout session at Stripe with the configured test key. Moves no money."

    def handle(self, *args: Any, **options: Any) -> None:
        key = settings.STRIPE_API_KEY
        if not key.startswith(("sk_test_", "rk_test_")) or key == "sk_test_sandbox":
            raise CommandError("Give a test key of your own Stripe account in STRIPE_API_KEY (sk_test_… or rk_test_…).")
        if settings.STRIPE_API_BASE:
            raise CommandError("STRIPE_API_BASE points at the stand-in: unset it to ask Stripe itself.")
        at = timezone.now()
        try:
            opened = gateway.create_checkout(
                lines=[gateway.Line("Live check", "No seat is sold", Decimal("114.95"), 1)],
                currency="EUR",
                language="nl",
                email="live-check@example.org",
                reference="BPT-LIVECHEK",
                payment_pk=0,
                success_url="https://example.org/?session_id={CHECKOUT_SESSION_ID}",
                cancel_url="https://example.org/",
                expires_at=at + timedelta(minutes=34),
                idempotency_key=f"bpt-live-check-{at.timestamp()}",
            )
            self._expect("opened", opened.is_open and opened.amount == Decimal("114.95") and opened.currency == "EUR")
            read = gateway.fetch_checkout(opened.session_id)
            self._expect("read back", read.reference == "BPT-LIVECHEK" and not read.is_paid)
            gateway.expire_checkout(opened.session_id)
            closed = gateway.fetch_checkout(opened.session_id)
            self._expect("closed", not closed.is_open and not closed.is_complete)
        except gateway.GatewayError as error:
            raise CommandError(f"Stripe said: {error}") from error
        self.stdout.write("Stripe took every request and answered as we read it. Paying itself was not tried.")

    def _expect(self, step: str, holds: bool) -> None:
        if not holds:
            raise CommandError(f"Not as expected: {step}")
        self.stdout.write(f"{step}: as expected")
