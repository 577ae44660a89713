"""`TOUR_YEAR=20000 python -m tests.year`: the year at any size, one JSON object a month with what does not tie."""

import json
import os
import time

from tests.bench.scratch import scratch


def main() -> None:
    with scratch("year_tour"):
        # Models exist once Django is set up.
        from django.conf import settings  # noqa: PLC0415

        from tests.year.making import Clock, Year, standing_in  # noqa: PLC0415
        from tests.year.sources import last_of  # noqa: PLC0415
        from tests.year.ties import Books, faults_of, faults_of_year  # noqa: PLC0415

        clock = Clock()
        with standing_in(clock) as stripe:
            settings.BEST_PRACTICE_TOUR |= {"STRIPE_API_BASE": stripe.url, "STRIPE_API_KEY": stripe.api_key}
            books = Books(Year(stripe, clock, size=int(os.environ.get("TOUR_YEAR", "240"))))
            start = time.perf_counter()
            for month in books.year.run():
                made = time.perf_counter() - start
                books.close(month)
                faults = faults_of(books, month, last_of(month))
                tell(month=f"{month:%Y-%m}", registrations=books.year.made, seconds=round(made, 1), faults=faults)
            tell(month="all", registrations=books.year.made, faults=faults_of_year(books), **_counts())


def _counts() -> dict[str, int]:
    from payments.models import Invoice, LedgerEntry, LedgerLine, Payment, Payout, Refund  # noqa: PLC0415

    models = (Payment, Refund, Payout, Invoice, LedgerEntry, LedgerLine)
    return {model.__name__: model.objects.count() for model in models}


def tell(**facts: object) -> None:
    print(json.dumps(facts), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
