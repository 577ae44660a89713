"""The files of finance's reports: seconds and memory of each, at a tenth of the rows and at all of them."""

import csv
from collections.abc import Callable
from datetime import date
from functools import partial

from django.conf import settings
from django.db import connection
from django.test import Client

from payments.models import LedgerLine
from tests.bench.measuring import cost_apart, report
from tests.bench.rows import multiply_to
from tests.year.making import Clock, Year, standing_in
from tests.year.sources import ALL, Files
from tests.year.ties import Books

FIRST, UNTIL = date(2027, 1, 1), date(2028, 12, 31)
#: Below it, growth is noise: a page more or less of the interpreter.
LEAST_MB = 1.0


class Nowhere:
    """A file that keeps nothing."""

    def write(self, text: str) -> int:
        return len(text)


def make_year(size: int) -> Books:
    """A year without its checks; the stand-in is closed after it."""
    clock = Clock()
    with standing_in(clock) as stripe:
        settings.BEST_PRACTICE_TOUR |= {"STRIPE_API_BASE": stripe.url, "STRIPE_API_KEY": stripe.api_key}
        books = Books(Year(stripe, clock, size=size))
        for _month in books.year.run():
            pass
    return books


def download(client: Client, slug: str, kind: str) -> int:
    """The file as a browser takes it in, piece by piece; how many bytes."""
    pieces = Files(client).pieces(slug, FIRST, date(2027, 12, 31) if slug == "open-invoices" else UNTIL, kind)
    return sum(len(piece) for piece in pieces)


def plain_csv() -> int:
    """What a file of the ledger's lines costs with nothing of ours: a cursor of the server and a csv writer."""
    writer = csv.writer(Nowhere())
    rows = 0
    for row in LedgerLine.objects.values_list("pk", "entry", "attendee", "net", "vat", "gross").iterator(1000):
        writer.writerow(row)
        rows += 1
    return rows


def files_of_reports(size: int, rows: int) -> None:
    """Each report as CSV and as XLSX. Rows are ledger lines; a report of visits has a row a visit."""
    files = make_year(size).files
    costs: dict[tuple[str, str], list[tuple[float, float]]] = {}
    references = []
    for lines in (rows // 10, rows):
        rows = multiply_to(lines)
        connection.close()  # each process opens its own
        references.append(cost_apart(plain_csv)[0])
        for slug in ALL:
            for kind in ("csv", "xlsx"):
                deed: Callable[[], int] = partial(download, files.client, slug, kind)
                seconds, grown, _size = cost_apart(deed)
                costs.setdefault((slug, kind), []).append((seconds, grown))
    for (slug, kind), ((_seconds, few_mb), (seconds, many_mb)) in costs.items():
        name = f"report_{slug.replace('-', '_')}_{kind}"
        report(name, seconds, f"s at {rows} ledger lines", "a plain csv of the ledger's lines", references[-1])
        against = f"a tenth of the lines, {max(few_mb, LEAST_MB):.1f} MB (below {LEAST_MB} counts as that)"
        report(f"{name}_memory", max(many_mb, LEAST_MB), "MB grown at its peak", against, max(few_mb, LEAST_MB))
