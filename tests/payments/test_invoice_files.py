"""`manage.py export_invoices`: the documents of a period as files, refused in words where that cannot be."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from payments.models import Invoice
from tests.payments.documents_support import attached
from tests.payments.vat_cases_support import documents


@pytest.mark.django_db
def test_the_documents_of_a_period_are_written_as_files_named_by_number(tmp_path: Path, capsys: Any) -> None:
    documents("a visit in Belgium, a public body")
    out = tmp_path / "new" / "folder"

    call_command("export_invoices", "--from", "2027-01-12", "--to", "2027-01-12", "--out", str(out))

    numbers = ("C2027-0001", "C2027-0002", "F2027-0001", "F2027-0002")
    names = [f"{number}.{kind}" for number in numbers for kind in ("pdf", "xml")]
    assert sorted(path.name for path in out.iterdir()) == names
    assert sorted(Path(line).name for line in capsys.readouterr().out.splitlines()) == names
    invoice = Invoice.objects.get(number="F2027-0001")
    assert (out / "F2027-0001.xml").read_text() == invoice.ubl
    assert attached((out / "F2027-0001.pdf").read_bytes())["document.xml"] == invoice.ubl.encode()


@pytest.mark.django_db
def test_a_day_outside_the_period_writes_nothing(tmp_path: Path, capsys: Any) -> None:
    documents("a visit in Belgium, a public body")

    call_command("export_invoices", "--from", "2027-01-13", "--to", "2027-12-31", "--out", str(tmp_path))

    assert (list(tmp_path.iterdir()), capsys.readouterr().out) == ([], "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("2027-02-30", "2027-03-01", "2027-02-30 is not a day"),
        ("01/02/2027", "2027-03-01", "is not a day"),
        ("2027-03-02", "2027-03-01", "ends .* before it begins"),
    ],
)
def test_a_wrong_period_is_refused_in_words(tmp_path: Path, first: str, last: str, why: str) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("export_invoices", "--from", first, "--to", last, "--out", str(tmp_path))


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_is_refused_in_words(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")

    with pytest.raises(CommandError, match="Cannot write to"):
        call_command("export_invoices", "--from", "2027-01-01", "--to", "2027-01-02", "--out", str(in_the_way))
