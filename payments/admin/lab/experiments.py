"""Experiments: drafted and sized, started so that the design stays, compared at the look, closed with a verdict."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from cms.admin.guards import GuardedCreateView
from cms.admin.screens import Screen
from cms.admin.seen import SeenEditView
from cms.templatetags.cms_tags import brief
from events.refusals import Refusal
from payments.actions.experimenting import close_experiment, start_experiment
from payments.admin.lab.experiment_form import USUAL, ExperimentForm, SizeForm
from payments.admin.lab.page import chance
from payments.decision_paper import percent
from payments.experiment_findings import has, need, need_of, outcome
from payments.lab.refusal import CannotCompute
from payments.models import Experiment
from payments.refusals import ExperimentStarted


def state(experiment: Experiment) -> str:
    """ "running, not compared until 12 Feb 2027", or what else it is by now."""
    if experiment.is_closed:
        return _("closed: %(verdict)s") % {"verdict": experiment.get_verdict_display()}
    if not experiment.is_started:
        return _("draft")
    if timezone.localdate() < experiment.look_on:
        return _("running, not compared until %(day)s") % {"day": brief(experiment.look_on)}
    return _("the day of the look has come: close it")


class ExperimentIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Experiment]:
        return Experiment.objects.select_related("control", "trial")

    def get_edit_url(self, instance: Experiment) -> None:
        """An experiment opens with what it is; the form of a draft is a button there."""
        return None

    def get_delete_url(self, instance: Experiment) -> str | None:
        """Only a draft can be thrown away."""
        url: str | None = super().get_delete_url(instance)
        return None if instance.is_started else url


class WithCalculator:
    """What both forms show above them: what a design asks for, against what the Tour has."""

    request: HttpRequest
    template_name = "payments/admin/lab/experiment_form.html"

    def usual(self) -> dict[str, Any]:
        """What the calculator begins with."""
        return dict(USUAL)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET if "power" in self.request.GET else None
        size = SizeForm(asked, initial=self.usual(), use_required_attribute=False)
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {"size": size, **sized(size.cleaned_data if size.is_bound and size.is_valid() else None)}


def sized(said: dict[str, Any] | None) -> dict[str, Any]:
    """The calculator's answer, in words that can be read out."""
    if said is None:
        return {}
    try:
        found = need(
            float(said["share_now"]),
            float(said["share_hoped"]),
            alpha=float(said["alpha"]),
            power=float(said["power"]),
            control=said["control"],
            trial=said["trial"],
        )
    except CannotCompute as error:
        return {"size_problem": str(error)}
    return {"need": found, "has": has(timezone.now()), "said": said}


class ExperimentCreateView(WithCalculator, GuardedCreateView):
    def get_initial_form_instance(self) -> Experiment:
        """What was tried in the calculator is filled in."""
        names = ("share_now", "share_hoped", "alpha", "power")
        tried = SizeForm(self.request.GET)
        tried.is_valid()
        return Experiment(**{name: tried.cleaned_data[name] for name in names if name in tried.cleaned_data})


class DraftOnly:
    """Opens for a draft; a started experiment is shown, with why it stays as it is."""

    request: HttpRequest
    kwargs: dict[str, Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if Experiment.objects.filter(pk=kwargs["pk"], started_at__isnull=False).exists():
            return self._stays()
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return answer

    def _stays(self) -> HttpResponse:
        messages.error(self.request, ExperimentStarted().text())
        return redirect(reverse("lab_experiments:inspect", args=[self.kwargs["pk"]]))


class ExperimentEditView(DraftOnly, WithCalculator, SeenEditView):
    def usual(self) -> dict[str, Any]:
        names = ("share_now", "share_hoped", "alpha", "power")
        return USUAL | {name: getattr(self.object, name) for name in names}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            answer: HttpResponse = super().form_valid(form)
        except ExperimentStarted:
            return self._stays()
        return answer


class ExperimentDeleteView(DraftOnly, generic.DeleteView):
    pass


class ExperimentView(generic.InspectView):
    """A draft with what it needs, a running one without a figure, a closed one with its verdict."""

    template_name = "payments/admin/lab/experiment.html"
    page_title = gettext_lazy("Experiment")
    any_permission_required = ["view"]
    object: Experiment

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.request.user.has_perm("payments.change_experiment") or self.object.is_closed:
            return []
        pk = self.object.pk
        if not self.object.is_started:
            edit = HeaderButton(_("Edit"), reverse("lab_experiments:edit", args=[pk]), icon_name="edit")
            start = HeaderButton(_("Start"), reverse("lab_experiments:start", args=[pk]), icon_name="lock")
            return [edit, start]
        if timezone.localdate() < self.object.look_on:
            return []
        return [HeaderButton(_("Look and close"), reverse("lab_experiments:close", args=[pk]), icon_name="view")]

    def get_fields_context(self) -> list[dict[str, Any]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | design(self.object) | _verdict(self.object)


def design(experiment: Experiment) -> dict[str, Any]:
    """What is fixed when it starts, and what that needs. No figure of its visits."""
    visits = list(experiment.visits.select_related("event"))
    control, trial = ([visit.event for visit in visits if visit.group == group] for group in ("control", "trial"))
    told: dict[str, Any] = {
        "experiment": experiment,
        "state": state(experiment),
        "groups": [(_("Control visits"), experiment.control, control), (_("Trial visits"), experiment.trial, trial)],
        "share_now": percent(experiment.share_now),
        "share_hoped": percent(experiment.share_hoped),
        "has": has(timezone.now()) if not experiment.is_closed else None,
    }
    try:
        return told | {"need": need_of(experiment, control=len(control), trial=len(trial))}
    except CannotCompute as error:
        return told | {"size_problem": str(error)}


def _verdict(experiment: Experiment) -> dict[str, Any]:
    found = outcome(experiment)
    if found is None:
        return {}
    facts = {
        "trial": percent(found.trial.share),
        "control": percent(found.control.share),
        "p": chance(found.p),
        "alpha": number_format(experiment.alpha, 2),
    }
    sentence = {
        "better": _("The trial is better: %(trial)s against %(control)s (p %(p)s, below %(alpha)s)."),
        "worse": _("The trial is worse: %(trial)s against %(control)s (p %(p)s, below %(alpha)s)."),
        "not decidable": _(
            "Not decidable with this many: %(trial)s against %(control)s (p %(p)s, not below %(alpha)s). "
            "That does not show that there is no difference."
        ),
    }[experiment.verdict]
    return {
        "found": found,
        "sentence": sentence % facts,
        "p": facts["p"],
        "fisher": chance(found.fisher),
        "low": percent(found.low),
        "high": percent(found.high),
        "rows": [
            (
                _("control") if one.group == "control" else _("trial"),
                one.name,
                one.yes,
                one.of,
                percent(one.share),
            )
            for one in found.visits
        ],
        "sums": [
            (_("control, together"), found.control, facts["control"]),
            (_("trial, together"), found.trial, facts["trial"]),
        ],
    }


class Deed(PermissionCheckedMixin, BaseObjectMixin, Screen, FormView):
    """Repeats the design, asks once more, and does the deed. A refusal is a message; nothing was changed then."""

    model = Experiment
    permission_required = "change"
    template_name = "payments/admin/lab/experiment_deed.html"
    explanation: Any = ""
    button: Any = ""
    done: Any = ""
    object: Experiment

    def act(self, facts: dict[str, Any]) -> None:
        """Raises a Refusal or CannotCompute."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            self.act(form.cleaned_data)
        except Refusal as refusal:
            messages.error(self.request, refusal.text())
        except CannotCompute as error:
            messages.error(self.request, str(error))
        else:
            messages.success(self.request, self.done)
        return redirect(self.back_url)

    @property
    def back_url(self) -> str:
        return reverse("lab_experiments:inspect", args=[self.object.pk])

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def trail(self) -> list[tuple[str, str]]:
        return [(reverse("lab_experiments:index"), _("Experiments")), (self.back_url, str(self.object))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        told = {"explanation": self.explanation, "button": self.button, "back_url": self.back_url}
        return context | design(self.object) | told


class StartForm(forms.Form):
    """Nothing to fill in: the design is what is agreed to."""


class StartView(Deed):
    form_class = StartForm
    page_title = gettext_lazy("Start the experiment")
    header_icon = "lock"
    button = gettext_lazy("Yes, fix this and start")
    done = gettext_lazy(
        "Started. The design stays as it is, and the lab compares the groups on the day of the look, not before."
    )
    explanation = gettext_lazy(
        "From now on nobody can change what stands below, not even an administrator, and the lab compares the two "
        "groups no sooner than on the day of the look. The books are not hidden: finance's reports, the season and the "
        "comparison of models go on saying what each visit brings, marked there as in a running experiment. Starting "
        "changes no price: set those on the trial visits yourself."
    )

    def act(self, facts: dict[str, Any]) -> None:
        start_experiment(experiment=self.object, at=timezone.now(), by=self.request.user)


class CloseForm(forms.Form):
    """What somebody wants to have said about it before seeing the figures."""

    conclusion = forms.CharField(
        label=gettext_lazy("What happened that the figures do not say"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "For instance: a strike on the day of a trial visit. You write it before you see the figures; it stays "
            "with the verdict as it is."
        ),
    )


class CloseView(Deed):
    form_class = CloseForm
    page_title = gettext_lazy("Look and close")
    header_icon = "view"
    button = gettext_lazy("Look once, and close")
    done = gettext_lazy("Closed. The verdict and the figures it was given on stay.")
    explanation = gettext_lazy(
        "The figures are counted once, now, and judged by the rule below. Neither the verdict nor the figures can be "
        "changed afterwards."
    )

    def act(self, facts: dict[str, Any]) -> None:
        at, by = timezone.now(), self.request.user
        close_experiment(experiment=self.object, conclusion=facts["conclusion"], at=at, by=by)


class ExperimentViewSet(ModelViewSet):
    model = Experiment
    name = "lab_experiments"
    url_prefix = "revenue-lab/experiments"
    icon = "no-view"
    menu_label = gettext_lazy("Experiments")
    index_view_class = ExperimentIndexView
    add_view_class = ExperimentCreateView
    edit_view_class = ExperimentEditView
    delete_view_class = ExperimentDeleteView
    inspect_view_class = ExperimentView
    inspect_view_enabled = True
    copy_view_enabled = False
    add_to_reference_index = False
    search_fields = ["name", "hypothesis"]
    list_display: list[Any] = [
        "name",
        Column("state", label=gettext_lazy("State"), accessor=state),
        Column("measure", label=gettext_lazy("Measure"), accessor="get_measure_display"),
        Column("models", label=gettext_lazy("Models"), accessor=lambda one: f"{one.control} / {one.trial}"),
        Column("look_on", label=gettext_lazy("Look on"), accessor=lambda one: brief(one.look_on), sort_key="look_on"),
    ]

    def get_form_class(self, for_update: bool = False) -> type[ExperimentForm]:
        return ExperimentForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/start/", self.construct_view(StartView), name="start"),
            path("<int:pk>/close/", self.construct_view(CloseView), name="close"),
        ]
