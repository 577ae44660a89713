"""A table in and out of the admin: a file is judged first, and what was shown is then written."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, View
from openpyxl import Workbook
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cms.admin.screens import Screen
from cms.admin.spreadsheets import begin_sheet
from cms.cells import harmless
from cms.judging import OutcomeDiffers, Result, Row, fingerprint
from cms.tables import UnreadableFile

BIGGEST = 5 * 1024 * 1024
#: What one request may carry of checked rows, in signs; well below DATA_UPLOAD_MAX_MEMORY_SIZE.
MOST_KEPT = 2_000_000
#: Seconds the outcome on a screen may be written: a day.
KEPT = 24 * 60 * 60


class FileForm(forms.Form):
    """`help_text` says what the first row names."""

    file = forms.FileField(label=gettext_lazy("File (CSV or XLSX)"))

    def __init__(self, *args: Any, help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = help_text

    def clean_file(self) -> Any:
        if self.cleaned_data["file"].size > BIGGEST:
            raise forms.ValidationError(_("The file is too large."))
        return self.cleaned_data["file"]


@dataclass(frozen=True)
class Checked:
    """A file that was read and judged, as the page that shows the outcome carries it to the deed."""

    rows: list[Row]
    #: What was shown: nothing else is written.
    foreseen: str

    def sealed(self, user: Any, salt: str) -> str:
        """As text nobody can change, for this person and for a day."""
        return signing.dumps([user.pk, self.rows, self.foreseen], salt=salt, compress=True)

    @classmethod
    def opened(cls, sealed: str, user: Any, salt: str) -> "Checked | None":
        """None when it is not ours, another person's or too old."""
        try:
            whose, rows, foreseen = signing.loads(sealed, salt=salt, max_age=KEPT)
        except signing.BadSignature:
            return None
        return cls(rows, foreseen) if whose == user.pk else None


class HandInView(PermissionCheckedMixin, Screen, FormView):
    """POST with a file says what would become of each row; with what that page `checked`, it is written.

    A subclass says how the file is read and which deed writes it.
    """

    permission_required = "change"
    template_name = "cms/admin/hand_in.html"
    header_icon = "upload"
    form_class = FileForm
    help_text: Any = ""
    #: What a row is called in the table of outcomes.
    column: Any = ""
    #: Of the signature: what was checked for one list is no use for another.
    salt = ""
    #: The addresses of this page and of its export.
    import_url: Any = ""
    export_url: Any = ""

    def read(self, name: str, content: bytes) -> list[Row]:
        """Raises UnreadableFile."""
        raise NotImplementedError

    def write(self, rows: list[Row], *, dry_run: bool, foreseen: str = "") -> list[Result]:
        """Raises OutcomeDiffers."""
        raise NotImplementedError

    def beside(self) -> list[tuple[str, str]]:
        """(address, label) of like pages."""
        return []

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "help_text": self.help_text}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "checked" not in request.POST:
            return super().post(request, *args, **kwargs)
        checked = Checked.opened(request.POST["checked"], request.user, self.salt)
        if checked is None:
            messages.error(request, _("What was checked is too old by now, or not yours. Choose the file again."))
            return self._show([])
        try:
            results = self.write(checked.rows, dry_run=False, foreseen=checked.foreseen)
        except OutcomeDiffers as differs:
            said = _("Nothing was written: the list has changed since the file was checked. See what would happen now.")
            messages.warning(request, said)
            return self._foresee(checked.rows, differs.results)
        count = _to_write(results)
        messages.success(
            request, ngettext("%(count)s row was written.", "%(count)s rows were written.", count) % {"count": count}
        )
        return self._show(results, is_written=True)

    def form_valid(self, form: FileForm) -> HttpResponse:
        file = form.cleaned_data["file"]
        try:
            rows = self.read(file.name, file.read())
        except UnreadableFile as error:
            form.add_error("file", str(error))
            return self.form_invalid(form)
        # Before its rows are judged one by one: what is shown adds no more than a digest to it.
        if len(Checked(rows, fingerprint([])).sealed(self.request.user, self.salt)) > MOST_KEPT:
            form.add_error("file", _("The file is too large: make two of it."))
            return self.form_invalid(form)
        return self._foresee(rows, self.write(rows, dry_run=True))

    def _foresee(self, rows: list[Row], results: list[Result]) -> HttpResponse:
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
        return self._show(results, checked=Checked(rows, fingerprint(results)).sealed(self.request.user, self.salt))

    def _show(self, results: list[Result], *, checked: str = "", is_written: bool = False) -> HttpResponse:
        shown = {"results": results, "to_write": _to_write(results), "checked": checked, "is_written": is_written}
        form = FileForm(help_text=self.help_text)
        return self.render_to_response(self.get_context_data(form=form) | shown)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            "column": self.column,
            "beside": self.beside(),
            "import_url": self.import_url,
            "export_url": self.export_url,
            **super().get_context_data(**kwargs),
        }


def _to_write(results: list[Result]) -> int:
    return sum(result.outcome in {"new", "changed"} for result in results)


class HandOutView(PermissionCheckedMixin, View):
    """The list as the import reads it. Harmless text: a cell never runs as a formula."""

    permission_required = "change"
    #: Of the file, without its extension.
    file_name = ""

    def table(self) -> Iterable[list[str]]:
        """The rows, heading first."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = [[harmless(cell) for cell in row] for row in self.table()]
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
        name = f"{self.file_name}.{'xlsx' if 'spreadsheet' in kind else 'csv'}"
        response = HttpResponse(content, content_type=kind)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
