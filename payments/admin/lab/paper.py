"""The decision paper: chosen on the page, read there, and taken along as a PDF in either language."""

from datetime import date
from decimal import Decimal
from typing import Any

import typst
from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from wagtail.admin.widgets import AdminDateInput

from cms import paper
from cms.admin.amounts import AmountField, WholeField
from payments import decision_paper
from payments.admin.lab.page import LabPages, LabView
from payments.admin.lab.scenario_form import ScenarioForm
from payments.admin.lab.sentences import asks
from payments.decision_paper import Paper
from payments.evidence import Chosen, pilot_paper, season_paper
from payments.lab.pilot import PARTICIPANTS, VISITS, Inputs
from payments.lab.refusal import CannotCompute
from payments.lab_figures import seasons, year
from payments.models import PriceStudy, RevenueModel
from payments.models.days import DAYS
from payments.scenarios import Drawn, drawn

PILOT, PERIOD = "pilot", "period"
#: More models than these cannot be read side by side.
MOST_MODELS = 6
LANGUAGES = (("nl", gettext_lazy("PDF in Dutch")), ("en", gettext_lazy("PDF in English")))


class PaperForm(forms.Form):
    """What the paper is about, and what is put side by side in it."""

    season = forms.ChoiceField(
        label=gettext_lazy("About"),
        help_text=gettext_lazy("A calendar year of the Tour, a period you name below, or the pilot with its examples."),
    )
    since = forms.DateField(
        label=gettext_lazy("First day"),
        required=False,
        widget=AdminDateInput,
        validators=DAYS,
        help_text=gettext_lazy("Only for a period: visits from this day on."),
    )
    until = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=AdminDateInput,
        validators=DAYS,
        help_text=gettext_lazy("Only for a period: visits until this day, itself included."),
    )
    models = forms.ModelMultipleChoiceField(
        RevenueModel.objects.filter(is_archived=False),
        label=gettext_lazy("Revenue models"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("At most six. Without any the paper says what was, and recommends nothing."),
    )
    studies = forms.ModelMultipleChoiceField(
        PriceStudy.objects.filter(method=PriceStudy.Method.FOUR_PRICES),
        label=gettext_lazy("Price studies"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Those that asked four prices."),
    )
    scenario = forms.CharField(required=False, widget=forms.HiddenInput, max_length=12_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"use_required_attribute": False})
        field: Any = self.fields["season"]
        field.choices = [
            *((str(number), str(number)) for number in seasons()),
            (PERIOD, _("a period")),
            (
                PILOT,
                _("the pilot (%(visits)s visits, %(people)s participants)")
                % {"visits": VISITS, "people": PARTICIPANTS},
            ),
        ]

    def clean_models(self) -> Any:
        if len(self.cleaned_data["models"]) > MOST_MODELS:
            raise forms.ValidationError(_("Choose at most %(most)s models.") % {"most": MOST_MODELS})
        return self.cleaned_data["models"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("season") != PERIOD:
            return cleaned
        since, until = cleaned.get("since"), cleaned.get("until")
        for name in ("since", "until"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("A period needs both days."))
        if since and until and until < since:
            self.add_error("until", _("The last day should not come before the first."))
        return cleaned

    def period(self) -> tuple[date, date]:
        """Of a valid form that is not about the pilot."""
        said = self.cleaned_data
        return (said["since"], said["until"]) if said["season"] == PERIOD else year(int(said["season"]))


def _share(label: Any, help_text: Any, *, most: Decimal = Decimal(1)) -> AmountField:
    return AmountField(label=label, min_value=0, max_value=most, help_text=help_text)


def _money(label: Any, help_text: Any) -> AmountField:
    return AmountField(label=label, min_value=0, max_value=1_000_000, decimal_places=2, help_text=help_text)


EXAMPLE = gettext_lazy("Example")
KNOWN = gettext_lazy("Known: Vlaanderen Circulair, page of the pilot")


class PilotForm(forms.Form):
    """The figures the pilot's paper is reckoned from: two are known, the others stand in for what is not."""

    visits = WholeField(label=gettext_lazy("Visits"), min_value=1, max_value=500, help_text=KNOWN)
    participants = WholeField(label=gettext_lazy("Participants"), min_value=1, max_value=100_000, help_text=KNOWN)
    capacity = WholeField(label=gettext_lazy("Seats per visit"), min_value=1, max_value=2_000, help_text=EXAMPLE)
    price = _money(gettext_lazy("Price, excl. VAT"), EXAMPLE)
    members = _share(
        gettext_lazy("Members of the Green Deal"),
        gettext_lazy("Example: 0.6 is 60 % of the participants, who are free"),
    )
    per_visit = _money(gettext_lazy("Cost per visit"), EXAMPLE)
    per_participant = _money(gettext_lazy("Cost per participant"), EXAMPLE)
    programme = _money(gettext_lazy("Programme costs"), EXAMPLE)
    fee_share = _share(
        gettext_lazy("Share of the payment service"), gettext_lazy("Example: 0.02 is 2 %"), most=Decimal("0.99")
    )

    def inputs(self) -> Inputs:
        """Of a valid form."""
        return Inputs(**self.cleaned_data)


def _usual() -> dict[str, Any]:
    usual = Inputs()
    return {name: getattr(usual, name) for name in PilotForm.base_fields}


class PaperPage(LabView):
    """What the paper on the page and the PDF share: a form in the address, and the paper that follows from it."""

    page_title = gettext_lazy("Decision paper")
    header_icon = "doc-full"

    @cached_property
    def forms(self) -> tuple[PaperForm, PilotForm]:
        """As sent; what is not said of the pilot is as usual. Without a season nothing is made yet."""
        sent = self.request.GET
        if "season" not in sent:
            years = seasons()
            models = list(RevenueModel.objects.filter(is_archived=False)[:MOST_MODELS])
            first = {
                "season": str(years[0]) if years else PILOT,
                "models": models,
                "studies": PriceStudy.objects.filter(method=PriceStudy.Method.FOUR_PRICES),
                "scenario": sent.get("scenario", ""),
            }
            return PaperForm(initial=first), PilotForm(initial=_usual(), use_required_attribute=False)
        told = sent.copy()
        for name, value in _usual().items():
            told.setdefault(name, str(value))
        return PaperForm(sent), PilotForm(told, use_required_attribute=False)

    def made(self) -> tuple[Paper | None, list[str]]:
        """The paper in the active language, and sentences: what keeps it from being made, or was left out of it."""
        form, pilot = self.forms
        if not form.is_bound:
            return None, []
        # Looked at both, so that a figure of the pilot that cannot be is said even when the season is wrong too.
        if not all([form.is_valid(), form.cleaned_data.get("season") != PILOT or pilot.is_valid()]):
            return None, [_("The form has errors: see below.")]
        said = form.cleaned_data
        left_out: list[str] = []
        studies = list(said["studies"].prefetch_related("answers"))
        chosen = Chosen(list(said["models"]), studies, self._drawn(left_out), asks)
        try:
            if said["season"] == PILOT:
                made, more = pilot_paper(pilot.inputs(), chosen)
            else:
                made, more = season_paper(*form.period(), chosen, at=timezone.now())
        except CannotCompute as error:
            return None, [str(error)]
        return made, left_out + more

    def _drawn(self, left_out: list[str]) -> Drawn | None:
        """The scenario whose address came along."""
        query = self.forms[0].cleaned_data["scenario"]
        if not query:
            return None
        form = ScenarioForm(QueryDict(query))
        try:
            if not form.problems:
                return drawn(form.asked())
            why = form.problems[0]
        except CannotCompute as error:
            why = str(error)
        left_out.append(_("Left out: %(name)s. %(problem)s") % {"name": _("Scenario"), "problem": why})
        return None


class PaperView(PaperPage):
    """The form, and below it the paper."""

    template_name = "payments/admin/lab/paper.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        made, said = self.made()
        form, pilot = self.forms
        query = self.request.GET.copy()
        files = []
        for language, label in LANGUAGES:
            query["language"] = language
            files.append((f"{reverse('lab_paper:pdf')}?{query.urlencode()}", label, language))
        sections = decision_paper.sections(made) if made else []
        return context | {
            "form": form,
            "pilot": pilot,
            "is_pilot": form["season"].value() == PILOT,
            "made": made,
            "said": said,
            "sections": sections,
            "files": files,
            "scenario": form["scenario"].value(),
        }


class PaperPdfView(PaperPage):
    """The same as a PDF; the language is asked by name, whatever the reader's own is."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = request.GET.get("language")
        if language not in dict(LANGUAGES):
            return _text(_("Ask for nl or en."))
        with override(language):
            made, said = self.made()
            if made is None:
                return _text("\n".join(said or [_("Choose what the paper is about.")]))
            try:
                content = decision_paper.pdf(made, on=timezone.localdate())
            except typst.TypstError:
                return _text(_("The PDF could not be made."), status=500)
            return paper.response(content, _("decision-paper"))


def _text(said: str, *, status: int = 400) -> HttpResponse:
    return HttpResponse(said, status=status, content_type="text/plain; charset=utf-8")


class PaperPages(LabPages):
    name = "lab_paper"
    url_prefix = "revenue-lab/paper"
    icon = "doc-full"
    menu_label = gettext_lazy("Decision paper")
    view_class = PaperView

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("paper.pdf", self.construct_view(PaperPdfView), name="pdf")]
