"""`make bench`: each benchmark prints one JSON object, compared with a reference of the same run.

TOUR_YEAR is the size of the year that is made (registrations), TOUR_ROWS the ledger lines its reports are measured at.
"""

import os

from tests.bench.scratch import scratch


def main() -> None:
    with scratch("bench_tour"):
        # Models exist once Django is set up.
        from tests.bench.registering import register_over_the_api  # noqa: PLC0415
        from tests.bench.reports import files_of_reports  # noqa: PLC0415

        register_over_the_api()
        files_of_reports(int(os.environ.get("TOUR_YEAR", "60")), int(os.environ.get("TOUR_ROWS", "10000")))


if __name__ == "__main__":
    main()
