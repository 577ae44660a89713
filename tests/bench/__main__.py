"""`make bench`: each benchmark prints one JSON object, compared with a reference of the same run.

TOUR_YEAR is the size of the year that is made (registrations), TOUR_ROWS the ledger lines its reports are measured at,
TOUR_CASES the number of cases, TOUR_RUNS the seasons that are drawn; TOUR_BENCH=api, cases or season measures
that alone.
"""

import os

from tests.bench.scratch import scratch


def main() -> None:
    with scratch("bench_tour"):
        # Models exist once Django is set up.
        from tests.bench.api import lists_as_data  # noqa: PLC0415
        from tests.bench.cases import cases_at_size  # noqa: PLC0415
        from tests.bench.registering import register_over_the_api  # noqa: PLC0415
        from tests.bench.reports import files_of_reports  # noqa: PLC0415
        from tests.bench.season import draw_a_season  # noqa: PLC0415

        if os.environ.get("TOUR_BENCH") == "season":
            return draw_a_season(int(os.environ.get("TOUR_RUNS", "100000")))

        if os.environ.get("TOUR_BENCH") == "api":
            return lists_as_data()

        cases_at_size(int(os.environ.get("TOUR_CASES", "200")))
        if os.environ.get("TOUR_BENCH") == "cases":
            return
        draw_a_season(int(os.environ.get("TOUR_RUNS", "100000")))
        register_over_the_api()
        files_of_reports(int(os.environ.get("TOUR_YEAR", "60")), int(os.environ.get("TOUR_ROWS", "10000")))


if __name__ == "__main__":
    main()
