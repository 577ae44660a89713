"""The member list in and out of the admin."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.admin.handed_in import HandInView, HandOutView
from cms.judging import Result, Row
from events.actions.member_table import COLUMNS, NEEDED, member_table, read_members
from events.actions.members import import_members
from events.models import Scheme


class ImportView(HandInView):
    model = Scheme
    page_title = gettext_lazy("Import the member list")
    column = gettext_lazy("Organisation")
    salt = "events.members.checked"
    import_url = reverse_lazy("tour_schemes:import_members")
    export_url = reverse_lazy("tour_schemes:export_members")
    help_text = format_lazy(
        gettext_lazy(
            "The first row names the columns. Needed: organisation, scheme (its short or its full name). If you "
            "have them: {others}. Days as 2027-01-31, more than one domain with a space between, role is "
            "“purchaser” or “facilitator”. Nothing is written yet: you see first what would become of each row."
        ),
        others=", ".join(column for column in COLUMNS if column not in NEEDED),
    )

    def trail(self) -> list[tuple[str, str]]:
        return [(reverse("tour_schemes:index"), _("Schemes"))]

    def read(self, name: str, content: bytes) -> list[Row]:
        return read_members(name, content)

    def write(self, rows: list[Row], *, dry_run: bool, foreseen: str = "") -> list[Result]:
        results: list[Result] = import_members(
            rows=rows, dry_run=dry_run, at=timezone.now(), by=self.request.user, foreseen=foreseen
        )
        return results


class ExportView(HandOutView):
    model: Any = Scheme
    file_name = "members"

    def table(self) -> Iterable[list[str]]:
        return member_table()
