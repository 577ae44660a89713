"""Tell Stripe itself, with a test key, the story the stand-in is told: does it answer as our code expects?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cms.conf import configured
from payments.live_check import LiveCheck

WHAT = """This tells Stripe the story of a payment, with the configured TEST key, and compares its answers:
  a Checkout session as the site opens it (2 seats, 229.90 EUR), asked for twice with one key;
  {paid};
  its notice, its fee and its balance transaction, booked;
  one seat given back, asked for twice with one key;
  a payment of 114.95 EUR with a card that disputes it, a page that expires, and the payouts of this account.
It needs no money. What it makes at Stripe has live_check in its metadata, and is given back or closed at the end, but
for the dispute. In this site's database everything happens in one transaction that is rolled back; until it ends,
closing a month of the books waits for it. It was written against the stand-in and stripe-python's types."""
BY_BUYER = "you pay it in your browser with a test card (the address is printed)"
BY_API = "a payment of that amount through the API with pm_card_visa (the page itself stays unpaid)"


class Command(BaseCommand):
    help = "Tell Stripe the story of a payment with your own test key, and compare each answer with what we expect."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="Do not ask first.")
        parser.add_argument("--pay-with-api", action="store_true", help="Pay through the API, without a browser.")
        parser.add_argument("--wait", type=float, default=600, help="Seconds to wait for the payment in the browser.")
        parser.add_argument("--poll", type=float, default=3, help="Seconds between two questions to Stripe.")
        parser.add_argument("--stand-in", action="store_true", help="Ask the stand-in at STRIPE_API_BASE: a rehearsal.")

    def handle(self, *args: Any, **options: Any) -> None:
        self._must_be_a_test_key(options["stand_in"])
        self.stdout.write(WHAT.format(paid=BY_API if options["pay_with_api"] else BY_BUYER))
        if not options["yes"] and input("Go on? [y/N] ").strip().lower() not in {"y", "yes"}:
            raise CommandError("Nothing was asked of Stripe.")
        check = LiveCheck(
            say=self.stdout.write, with_api=options["pay_with_api"], wait=options["wait"], poll=options["poll"]
        )
        table = check.run()
        self.stdout.write("\n".join(table.lines()))
        if table.wrong:
            raise CommandError("Not as expected: " + "; ".join(row.step for row in table.wrong))
        whom = "The stand-in" if options["stand_in"] else "Stripe"
        self.stdout.write(f"{whom} answered all {len(table.rows)} steps as our code expects.")

    def _must_be_a_test_key(self, is_rehearsal: bool) -> None:
        key = configured.STRIPE_API_KEY
        if not key:
            raise CommandError("Give a test key of your own Stripe account in STRIPE_API_KEY (sk_test_… or rk_test_…).")
        if not key.startswith(("sk_test_", "rk_test_")):
            raise CommandError("This is no test key. The check moves money: it never takes a live key.")
        if is_rehearsal:
            if not configured.STRIPE_API_BASE:
                raise CommandError("STRIPE_API_BASE does not point at a stand-in: leave --stand-in out to ask Stripe.")
            return
        if key == "sk_test_sandbox":
            raise CommandError("This is the stand-in's key: give a test key of your own Stripe account.")
        if configured.STRIPE_API_BASE:
            raise CommandError("STRIPE_API_BASE points at the stand-in: unset it to ask Stripe itself.")
