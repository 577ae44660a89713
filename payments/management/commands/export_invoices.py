"""Write the documents of a period to a folder, for the accountant or an access point."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from payments.documents.pdf import file_name, pdf
from payments.models import Invoice


def day(text: str) -> date:
    """A day as YYYY-MM-DD. Raises CommandError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text} is not a day: write it as YYYY-MM-DD.") from None


class Command(BaseCommand):
    help = "Write each invoice and credit note issued from --from to --to, both days included, as UBL and PDF."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", required=True, metavar="DATE")
        parser.add_argument("--to", dest="last", required=True, metavar="DATE")
        parser.add_argument("--out", required=True, metavar="DIR", help="Made when it is not there.")

    def handle(self, *args: Any, **options: Any) -> None:
        first, last = day(options["first"]), day(options["last"])
        if last < first:
            raise CommandError(f"The period ends ({last}) before it begins ({first}).")
        folder = Path(options["out"])
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(f"Cannot write to {folder}: {error.strerror}.") from error
        documents = Invoice.objects.filter(issued_on__range=(first, last)).select_related("refers_to")
        written = 0
        for document in documents.order_by("issued_on", "number").iterator(chunk_size=100):
            self._write(folder / file_name(document, "xml"), document.ubl.encode())
            self._write(folder / file_name(document, "pdf"), pdf(document))
            written += 1
        self.stderr.write(f"{written} documents from {first} to {last}.")

    def _write(self, path: Path, content: bytes) -> None:
        """Whole or not at all: a file that was broken off never looks like an invoice."""
        unfinished = path.with_suffix(path.suffix + ".part")
        try:
            unfinished.write_bytes(content)
            unfinished.replace(path)
        except OSError as error:
            raise CommandError(f"Cannot write {path}: {error.strerror}.") from error
        self.stdout.write(str(path))
