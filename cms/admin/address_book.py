"""The address book in and out of the admin as a table."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse, reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.actions.address_book import COLUMNS, NEEDED, import_organisations, organisation_table, read_organisations
from cms.admin.handed_in import HandInView, HandOutView
from cms.judging import Result, Row
from cms.models import Organisation


class ImportView(HandInView):
    model = Organisation
    permission_required = "add"
    page_title = gettext_lazy("Import organisations")
    column = gettext_lazy("Organisation")
    salt = "cms.organisations.checked"
    import_url = reverse_lazy("organisations:import")
    export_url = reverse_lazy("organisations:hand_out")
    help_text = format_lazy(
        gettext_lazy(
            "The first row names the columns. Needed: name. If you have them: {others}. An organisation is known by "
            "its enterprise number, else by its name; kind is “public”, “private” or “nonprofit”. Nothing is written "
            "yet: you see first what would become of each row."
        ),
        others=", ".join(column for column in COLUMNS if column not in NEEDED),
    )

    def trail(self) -> list[tuple[str, str]]:
        return [(reverse("organisations:index"), _("Organisations"))]

    def read(self, name: str, content: bytes) -> list[Row]:
        return read_organisations(name, content)

    def write(self, rows: list[Row], *, dry_run: bool, foreseen: str = "") -> list[Result]:
        return import_organisations(rows=rows, by=self.request.user, dry_run=dry_run, foreseen=foreseen)


class ExportView(HandOutView):
    model: Any = Organisation
    permission_required = "view"
    file_name = "organisations"

    def table(self) -> Iterable[list[str]]:
        return organisation_table()
