"""A file that is handed in is read no further than what is taken, however small it is for what it says it holds."""

import io
import tracemalloc

import pytest
from django.utils.translation import override
from openpyxl import Workbook

from cms.tables import MOST_COLUMNS, MOST_ROWS, UnreadableFile, read_table


def xlsx(*cells):
    """A workbook with a heading "name" and these cells: (row, column, value)."""
    book = Workbook()
    book.active["A1"] = "name"
    for row, column, value in cells:
        book.active.cell(row, column, value)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def refusal(name, content):
    with override("en"), pytest.raises(UnreadableFile) as refused:
        read_table(name, content, columns=["name"], needed=["name"])
    return str(refused.value)


TOO_MANY_ROWS = f"At most {MOST_ROWS} rows at once."
TOO_MANY_COLUMNS = f"At most {MOST_COLUMNS} columns: delete what stands beside the table, empty columns too."


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (MOST_ROWS + 1, 1, TOO_MANY_ROWS),
        (300_000, 90, TOO_MANY_ROWS),
        (2, MOST_COLUMNS + 1, TOO_MANY_COLUMNS),
        (300_000, 200, TOO_MANY_COLUMNS),
    ],
)
def test_one_far_cell_is_refused_before_the_cells_on_the_way_to_it_are_made(row, column, said):
    content = xlsx((row, column, "x"))
    tracemalloc.start()

    assert refusal("x.xlsx", content) == said

    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(content) < 10_000 and most < 20_000_000


def test_the_last_row_and_the_last_column_that_are_taken_are_read():
    rows = read_table("x.xlsx", xlsx((MOST_ROWS, 1, "Laatste")), columns=["name"], needed=["name"])
    (wide,) = read_table("x.xlsx", xlsx((2, 1, "An"), (2, MOST_COLUMNS, "x")), columns=["name"], needed=["name"])

    assert (len(rows), rows[-1]["name"], wide["name"]) == (MOST_ROWS - 1, "Laatste", "An")


def test_a_file_that_unpacks_to_far_more_than_it_weighs_is_too_large():
    content = xlsx(*((row, 1, f"{row}" + "x" * 32_000) for row in range(2, 1_800)))

    assert len(content) < 1_000_000
    assert refusal("x.xlsx", content) == "The file is too large."


def test_a_csv_is_held_to_the_same():
    assert refusal("x.csv", b"name\n" + b"An\n" * MOST_ROWS) == TOO_MANY_ROWS
    assert refusal("x.csv", b"name\nAn" + b"," * MOST_COLUMNS) == TOO_MANY_COLUMNS
