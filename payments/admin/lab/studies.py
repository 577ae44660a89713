"""What people say they would pay: studies, their answers from a file, and what they show."""

import csv
from io import StringIO
from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateInput

from cms.admin.guards import GuardedCreateView, GuardedDeleteView
from cms.admin.read_only import FigureColumn
from cms.admin.screens import Screen
from cms.admin.seen import SeenEditView
from cms.templatetags.cms_tags import brief
from payments.actions.asking import forget_answers, keep_answers
from payments.admin.lab.study_result import StudyResultView
from payments.lab.refusal import CannotCompute
from payments.models import PriceStudy

#: A survey of a Tour has hundreds of answers; a larger file is not one.
LARGEST = 1024 * 1024

#: The columns of each layout, and answers as an example of them.
LAYOUTS: dict[str, list[list[str]]] = {
    PriceStudy.Method.FOUR_PRICES: [
        ["too_cheap", "cheap", "expensive", "too_expensive", "segment", "paid"],
        ["20", "50", "95", "130", "member", ""],
        ["25.50", "60", "110", "150", "guest", "95"],
    ],
    PriceStudy.Method.ASKED_PRICES: [
        ["person", "price", "answer", "segment", "paid"],
        ["1", "50", "yes", "member", ""],
        ["1", "95", "no", "member", ""],
        ["2", "50", "yes", "guest", "95"],
        ["2", "95", "yes", "guest", "95"],
    ],
}


class StudyForm(WagtailAdminModelForm):
    """A study as it was put to people. Its method stays once there are answers to it."""

    class Meta:
        model = PriceStudy
        fields = ["name", "method", "question", "source", "starts_on", "ends_on", "is_example"]
        widgets = {
            "starts_on": AdminDateInput,
            "ends_on": AdminDateInput,
            "question": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "method": gettext_lazy(
                "Four prices: from which price is it too cheap, cheap, expensive, too expensive? "
                "Asked prices: the same few prices to everybody, yes or no. Ask for prices excl. VAT."
            ),
            "starts_on": gettext_lazy("The first day somebody could answer."),
            "ends_on": gettext_lazy("The last day somebody could answer; the same day is fine."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.answers.exists():
            self.fields["method"].disabled = True
            self.fields["method"].help_text = _("There are answers to this method: it stays. Delete them to change it.")


class StudyIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[PriceStudy]:
        return PriceStudy.objects.annotate(n=Count("answers")).order_by("-ends_on", "name")

    def get_edit_url(self, instance: PriceStudy) -> None:
        """A study opens with what it shows; its form is a button there."""
        return None


class AnswersForm(forms.Form):
    """A file with answers."""

    file = forms.FileField(
        label=gettext_lazy("File with answers (CSV)"),
        help_text=gettext_lazy(
            "One answer a line, at most 1 MB; commas or semicolons. The answers are added to those that are there. "
            "Leave out names and addresses: they are not kept."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> str:
        """Its text, as a spreadsheet saves it: UTF-8, or the letters of Windows."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is too large."))
        content = file.read()
        try:
            return str(content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            return str(content.decode("cp1252", errors="replace"))


class OfStudy(PermissionCheckedMixin, BaseObjectMixin, Screen):
    """A screen below one study."""

    model = PriceStudy
    permission_required = "change"
    header_icon = "help"
    object: PriceStudy

    def get_page_subtitle(self) -> str:
        return str(self.object)

    @property
    def back_url(self) -> str:
        return reverse("lab_studies:inspect", args=[self.object.pk])

    def trail(self) -> list[tuple[str, str]]:
        return [(reverse("lab_studies:index"), _("Price studies")), (self.back_url, str(self.object))]


class AnswersView(OfStudy, FormView):
    """Takes answers in: all of a file, or none of it and the line that is wrong."""

    form_class = AnswersForm
    template_name = "payments/admin/lab/answers.html"
    page_title = gettext_lazy("Add answers")
    header_icon = "upload"

    def form_valid(self, form: AnswersForm) -> HttpResponse:
        try:
            count = keep_answers(study=self.object, text=form.cleaned_data["file"])
        except CannotCompute as error:
            form.add_error("file", _("%(problem)s Nothing of this file was kept.") % {"problem": error})
            return self.form_invalid(form)
        if not count:
            form.add_error("file", _("There is no answer in this file."))
            return self.form_invalid(form)
        said = ngettext("%(count)s answer was added.", "%(count)s answers were added.", count)
        messages.success(self.request, said % {"count": count})
        return redirect(self.back_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        layout = LAYOUTS[self.object.method]
        return {
            **super().get_context_data(**kwargs),
            "study": self.object,
            "columns": layout[0],
            "lines": layout[1:],
            "count": self.object.answers.count(),
            "back_url": self.back_url,
        }


class TemplateFileView(PermissionCheckedMixin, BaseObjectMixin, View):
    """A CSV of the right layout with a few answers as an example."""

    model = PriceStudy
    permission_required = "change"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        study: PriceStudy = self.object
        text = StringIO()
        csv.writer(text).writerows(LAYOUTS[study.method])
        response = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{study.method.replace("_", "-")}.csv"'
        return response


class ForgetView(OfStudy, TemplateView):
    """Asks once more, then deletes every answer of a study. The study itself stays."""

    permission_required = "delete"
    template_name = "payments/admin/lab/forget_answers.html"
    page_title = gettext_lazy("Delete the answers")
    header_icon = "bin"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        count = forget_answers(study=self.object)
        said = ngettext("%(count)s answer was deleted.", "%(count)s answers were deleted.", count)
        messages.success(request, said % {"count": count})
        return redirect(self.back_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        count = self.object.answers.count()
        return {**super().get_context_data(**kwargs), "count": count, "back_url": self.back_url}


class PriceStudyViewSet(ModelViewSet):
    model = PriceStudy
    name = "lab_studies"
    url_prefix = "revenue-lab/studies"
    icon = "help"
    menu_label = gettext_lazy("Price studies")
    index_view_class = StudyIndexView
    add_view_class = GuardedCreateView
    edit_view_class = SeenEditView
    delete_view_class = GuardedDeleteView
    inspect_view_class = StudyResultView
    inspect_view_enabled = True
    copy_view_enabled = False
    add_to_reference_index = False
    search_fields = ["name", "source"]
    list_display: list[Any] = [
        "name",
        Column("method", label=gettext_lazy("Method"), accessor="get_method_display"),
        FigureColumn("n", label=gettext_lazy("Answers"), decimals=0),
        Column("period", label=gettext_lazy("Period"), accessor=lambda s: f"{brief(s.starts_on)} – {brief(s.ends_on)}"),
        Column(
            "is_example", label=gettext_lazy("Example"), accessor=lambda study: _("example") if study.is_example else ""
        ),
    ]

    def get_form_class(self, for_update: bool = False) -> type[StudyForm]:
        return StudyForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/answers/", self.construct_view(AnswersView), name="answers"),
            path("<int:pk>/answers/template.csv", self.construct_view(TemplateFileView), name="template_file"),
            path("<int:pk>/answers/delete/", self.construct_view(ForgetView), name="forget"),
        ]
