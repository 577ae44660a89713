"""The member list in and out of the admin: a file is judged first, and what was shown is then written."""

import csv
import io
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, View
from openpyxl import Workbook
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cms.admin.spreadsheets import begin_sheet
from cms.cells import harmless
from cms.tables import UnreadableFile
from events.actions.member_table import COLUMNS, NEEDED, member_table, read_members
from events.actions.members import OutcomeDiffers, Result, fingerprint, import_members
from events.admin.screens import Screen
from events.models import Scheme

BIGGEST = 5 * 1024 * 1024
#: What one request may carry of checked rows, in signs; well below DATA_UPLOAD_MAX_MEMORY_SIZE.
MOST_KEPT = 2_000_000
#: Seconds the outcome on a screen may be written: a day.
KEPT = 24 * 60 * 60
SALT = "events.members.checked"


class MembersForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File (CSV or XLSX)"),
        help_text=format_lazy(
            gettext_lazy(
                "The first row names the columns. Needed: organisation, scheme (its short or its full name). If you "
                "have them: {others}. Days as 2027-01-31, more than one domain with a space between, role is "
                "“purchaser” or “facilitator”. Nothing is written yet: you see first what would become of each row."
            ),
            others=", ".join(column for column in COLUMNS if column not in NEEDED),
        ),
    )

    def clean_file(self) -> Any:
        if self.cleaned_data["file"].size > BIGGEST:
            raise forms.ValidationError(_("The file is too large."))
        return self.cleaned_data["file"]


@dataclass(frozen=True)
class Checked:
    """A file that was read and judged, as the page that shows the outcome carries it to the deed."""

    rows: list[dict[str, str]]
    #: What was shown: nothing else is written.
    foreseen: str

    def sealed(self, user: Any) -> str:
        """As text nobody can change, for this person and for a day."""
        return signing.dumps([user.pk, self.rows, self.foreseen], salt=SALT, compress=True)

    @classmethod
    def opened(cls, sealed: str, user: Any) -> "Checked | None":
        """None when it is not ours, another person's or too old."""
        try:
            whose, rows, foreseen = signing.loads(sealed, salt=SALT, max_age=KEPT)
        except signing.BadSignature:
            return None
        return cls(rows, foreseen) if whose == user.pk else None


class ImportView(PermissionCheckedMixin, Screen, FormView):
    """POST with a file says what would become of each row; with what that page `checked`, it is written."""

    model = Scheme
    permission_required = "change"
    template_name = "events/admin/import_members.html"
    page_title = gettext_lazy("Import the member list")
    header_icon = "upload"
    form_class = MembersForm

    def trail(self) -> list[tuple[str, str]]:
        return [(reverse("tour_schemes:index"), _("Schemes"))]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "checked" not in request.POST:
            return super().post(request, *args, **kwargs)
        checked = Checked.opened(request.POST["checked"], request.user)
        if checked is None:
            messages.error(request, _("What was checked is too old by now, or not yours. Choose the file again."))
            return self._show([])
        try:
            results = import_members(
                rows=checked.rows, dry_run=False, at=timezone.now(), by=request.user, foreseen=checked.foreseen
            )
        except OutcomeDiffers as differs:
            said = _("Nothing was written: the list has changed since the file was checked. See what would happen now.")
            messages.warning(request, said)
            return self._foresee(checked.rows, differs.results)
        count = _to_write(results)
        messages.success(
            request, ngettext("%(count)s row was written.", "%(count)s rows were written.", count) % {"count": count}
        )
        return self._show(results, is_written=True)

    def form_valid(self, form: MembersForm) -> HttpResponse:
        file = form.cleaned_data["file"]
        try:
            rows = read_members(file.name, file.read())
        except UnreadableFile as error:
            form.add_error("file", str(error))
            return self.form_invalid(form)
        # Before its rows are judged one by one: what is shown adds no more than a digest to it.
        if len(Checked(rows, fingerprint([])).sealed(self.request.user)) > MOST_KEPT:
            form.add_error("file", _("The file is too large: make two of it."))
            return self.form_invalid(form)
        results = import_members(rows=rows, dry_run=True, at=timezone.now(), by=self.request.user)
        return self._foresee(rows, results)

    def _foresee(self, rows: list[dict[str, str]], results: list[Result]) -> HttpResponse:
        wrong = sum(result.outcome == "wrong" for result in results)
        if wrong:
            said = ngettext(
                "Nothing can be written yet: %(count)s row is wrong. Mend it in your file, and choose that again.",
                "Nothing can be written yet: %(count)s rows are wrong. Mend them in your file, and choose that again.",
                wrong,
            )
            messages.error(self.request, said % {"count": wrong})
            return self._show(results)
        if not _to_write(results):
            messages.info(self.request, _("There is nothing to write: the list says all of this already."))
            return self._show(results)
        return self._show(results, checked=Checked(rows, fingerprint(results)).sealed(self.request.user))

    def _show(self, results: list[Result], *, checked: str = "", is_written: bool = False) -> HttpResponse:
        shown = {"results": results, "to_write": _to_write(results), "checked": checked, "is_written": is_written}
        return self.render_to_response(self.get_context_data(form=MembersForm()) | shown)


def _to_write(results: list[Result]) -> int:
    return sum(result.outcome in {"new", "changed"} for result in results)


class ExportView(PermissionCheckedMixin, View):
    """The list as the import reads it. Harmless text: a cell never runs as a formula."""

    model = Scheme
    permission_required = "change"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = [[harmless(cell) for cell in row] for row in member_table()]
        if request.GET.get("format") == "xlsx":
            buffer = io.BytesIO()
            book = Workbook(write_only=True)
            sheet = book.create_sheet()
            for row in begin_sheet(sheet, rows[0], rows[1:], list):
                sheet.append(row)
            book.save(buffer)
            content, kind = buffer.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        else:
            text = io.StringIO()
            csv.writer(text).writerows(rows)
            content, kind = text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8"
        name = f"members.{'xlsx' if 'spreadsheet' in kind else 'csv'}"
        response = HttpResponse(content, content_type=kind)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
