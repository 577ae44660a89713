"""Bank statements on screen: imported after looking at what they will do, and whether they tie with the books."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cms.admin.read_only import FigureColumn, MomentColumn, ReadOnlyIndexView, ReadOnlyInspectView, ReadOnlyViewSet
from cms.templatetags.cms_tags import brief
from payments import actions
from payments.actions.bank_matching import Outcome
from payments.bank_questions import tie
from payments.models import (
    BankStatement,
    BankTransaction,
    BankUpload,
    SellerSettings,
)
from payments.statements import LARGEST, StatementRefused


class UploadForm(forms.Form):
    """A file, not larger than what is read."""

    file = forms.FileField(
        label=gettext_lazy("File of the bank"),
        help_text=gettext_lazy("CAMT.053 (XML) or CODA, at most 10 MB. You see what it will do before it is booked."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xml,.cod,.coda,.txt"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(str(StatementRefused.because("too_large")))
        return file


class ImportView(PermissionCheckedMixin, View):
    """Takes a file in, to be looked at. Nothing is booked yet."""

    model = BankStatement
    permission_required = "add"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, UploadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, form)
        file, at = form.cleaned_data["file"], timezone.now()
        content = file.read()
        try:
            actions.foresee_statement(content=content, at=at)
        except StatementRefused as refusal:
            form.add_error("file", str(refusal))
            return self._page(request, form)
        upload = actions.keep_upload(content=content, file_name=file.name, by=request.user, at=at)
        return redirect(reverse("tour_bank_statements:look", args=[upload.pk]))

    def _page(self, request: HttpRequest, form: UploadForm) -> HttpResponse:
        context = {"form": form, "page_title": _("Import a bank statement")}
        return TemplateResponse(request, "payments/admin/bank_import.html", context, status=422 if form.errors else 200)


#: In the session of who uploads: what became of each file, for a second tab that still shows it.
SEEN = "bank_uploads"
SEEN_MOST = 20


def _remember(request: HttpRequest, pk: int, statements: list[BankStatement]) -> None:
    seen = {**request.session.get(SEEN, {}), str(pk): [statement.pk for statement in statements]}
    request.session[SEEN] = dict(list(seen.items())[-SEEN_MOST:])


def _became_of(request: HttpRequest, pk: int) -> HttpResponse:
    """The way to what a file became that waits no more; raises Http404 for one this person did not upload."""
    imported = request.session.get(SEEN, {}).get(str(pk))
    if imported is None:
        raise Http404
    statements = BankStatement.objects.filter(pk__in=imported)
    if not statements:
        messages.info(request, _("This file was put away in another tab: nothing new came of it."))
        return redirect(reverse("tour_bank_statements:index"))
    messages.info(request, _("This file was imported already, in another tab: here is what it became."))
    return _to(list(statements))


def _to(statements: list[BankStatement]) -> HttpResponse:
    if len(statements) == 1:
        return redirect(reverse("tour_bank_statements:inspect", args=[statements[0].pk]))
    return redirect(reverse("tour_bank_statements:index"))


class LookView(PermissionCheckedMixin, View):
    """What importing a file will do; and importing it. To whom uploaded it only."""

    model = BankStatement
    permission_required = "add"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = BankUpload.objects.filter(pk=pk, uploaded_by=request.user.pk).first()
        if upload is None:
            return _became_of(request, pk)
        try:
            foreseen = actions.foresee_statement(content=bytes(upload.content), at=timezone.now())
        except StatementRefused as refusal:
            return self._refused(request, upload, refusal)
        counts = [(outcome.label, count) for outcome in Outcome if (count := foreseen.count(outcome))]
        context = {
            "page_title": _("Look before it is booked"),
            "upload": upload,
            "foreseen": foreseen,
            "counts": counts,
        }
        return TemplateResponse(request, "payments/admin/bank_look.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = BankUpload.objects.filter(pk=pk, uploaded_by=request.user.pk).first()
        if upload is None:
            return _became_of(request, pk)
        if "cancel" in request.POST:
            upload.delete()
            _remember(request, pk, [])
            messages.info(request, _("Nothing was imported."))
            return redirect(reverse("tour_bank_statements:index"))
        try:
            done = actions.import_statement(
                content=bytes(upload.content), file_name=upload.file_name, by=request.user, at=timezone.now()
            )
        except StatementRefused as refusal:
            return self._refused(request, upload, refusal)
        upload.delete()
        _remember(request, pk, done.statements)
        messages.success(
            request,
            _("Imported: %(new)s new movements, %(known)s were known.")
            % {"new": len(done.results), "known": done.known},
        )
        return _to(done.statements)

    def _refused(self, request: HttpRequest, upload: BankUpload, refusal: StatementRefused) -> HttpResponse:
        upload.delete()
        messages.error(request, str(refusal))
        return redirect(reverse("tour_bank_statements:import"))


class StatementIndexView(ReadOnlyIndexView):
    results_template_name = "payments/admin/bank_statements_results.html"
    related = ("imported_by",)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        iban = SellerSettings.load().iban
        may_import = self.request.user.has_perm("payments.add_bankstatement")
        return {**super().get_context_data(*args, **kwargs), "tie": tie(iban), "may_import": may_import, "iban": iban}


class StatementInspectView(ReadOnlyInspectView):
    template_name = "payments/admin/bank_statement.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = BankTransaction.objects.filter(statement=self.object).with_state()
        movements = list(rows.select_related("party").order_by("position"))
        return {**super().get_context_data(**kwargs), "movements": movements}


class BankStatementViewSet(ReadOnlyViewSet):
    model = BankStatement
    name = "tour_bank_statements"
    url_prefix = "bank-statements"
    icon = "doc-full"
    menu_label = gettext_lazy("Bank statements")
    deeds = ("add",)
    index_view_class = StatementIndexView
    inspect_view_class = StatementInspectView
    search_fields = ["statement_id", "file_name"]
    list_display = [
        "statement_id",
        Column("opened_on", label=gettext_lazy("From"), accessor=lambda row: brief(row.opened_on)),
        Column("closed_on", label=gettext_lazy("Until"), accessor=lambda row: brief(row.closed_on)),
        FigureColumn("opening", label=gettext_lazy("Opening balance")),
        FigureColumn("closing", label=gettext_lazy("Closing balance")),
        Column("imported_by", label=gettext_lazy("Imported by")),
        MomentColumn("imported_at", label=gettext_lazy("Imported at"), sort_key="imported_at"),
    ]
    list_export = [
        "iban",
        "statement_id",
        "format",
        "opened_on",
        "closed_on",
        "opening",
        "closing",
        "pending",
        "digest",
        "imported_at",
    ]
    inspect_view_fields = [
        "iban",
        "statement_id",
        "format",
        "opened_on",
        "closed_on",
        "opening",
        "closing",
        "pending",
        "file_name",
        "imported_at",
        "imported_by",
        "digest",
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("import/", self.construct_view(ImportView), name="import"),
            path("import/<int:pk>/", self.construct_view(LookView), name="look"),
        ]
