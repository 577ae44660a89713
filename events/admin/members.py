"""The member list in and out of the admin: a dry run first, then the same file once more."""

import csv
import io
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, View
from openpyxl import Workbook
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from events.actions.members import COLUMNS, UnreadableFile, import_members, member_table, read_table
from events.admin.spreadsheets import harmless
from events.models import Scheme

BIGGEST = 5 * 1024 * 1024


class MembersForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File (CSV or XLSX)"),
        help_text=format_lazy(
            gettext_lazy(
                "The first row names the columns. Needed: organisation, scheme (its short or its full name). If you "
                "have them: {others}. Days as 2027-01-31, more than one domain with a space between, role is "
                "“purchaser” or “facilitator”."
            ),
            others=", ".join(column for column in COLUMNS if column not in {"organisation", "scheme"}),
        ),
    )
    really = forms.BooleanField(
        label=gettext_lazy("Write it"),
        required=False,
        help_text=gettext_lazy("Without this tick nothing is written: you see what would become of each row."),
    )

    def clean_file(self) -> Any:
        if self.cleaned_data["file"].size > BIGGEST:
            raise forms.ValidationError(_("The file is too large."))
        return self.cleaned_data["file"]


class ImportView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    model = Scheme
    permission_required = "change"
    template_name = "events/admin/import_members.html"
    page_title = gettext_lazy("Import the member list")
    header_icon = "upload"
    form_class = MembersForm

    def form_valid(self, form: MembersForm) -> HttpResponse:
        file, really = form.cleaned_data["file"], form.cleaned_data["really"]
        try:
            rows = read_table(file.name, file.read())
        except UnreadableFile as error:
            form.add_error("file", str(error))
            return self.form_invalid(form)
        results = import_members(rows=rows, dry_run=not really, at=timezone.now(), by=self.request.user)
        wrong = sum(1 for result in results if result.outcome == "wrong")
        if wrong:
            messages.error(self.request, _("Nothing was written: %(count)s rows are wrong.") % {"count": wrong})
        elif really:
            messages.success(self.request, _("%(count)s rows were written.") % {"count": len(results)})
        context = self.get_context_data(form=form, results=results, written=really and not wrong)
        return self.render_to_response(context)


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
            for row in rows:
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
