"""One visit as its organiser runs it: what is taken, who waits, what there is to do; many at once."""

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from events import actions
from events.admin.bulk import BulkForm, ask, carry_out, fingerprint, some
from events.admin.needs import NEEDS_COUNTED, coming_needs, label
from events.admin.told import event_history
from events.admin.visit_view import VisitView
from events.models import Approval, Attendee, Letter, Registration
from events.models.registration import RegistrationQuerySet
from events.settlement import ToBePaid, installed

Status = Registration.Status
#: Rows on a page of the cockpit; a deed on many may be for all pages at once.
ROWS = 100


class ToDo(NamedTuple):
    """Something that waits for a person."""

    text: str
    url: str


class CockpitView(VisitView):
    """GET shows; POST says what it will do and asks (`step=ask`), then does it and says what became of it (`step=do`)."""

    template_name = "events/admin/cockpit.html"
    asking_template_name = "events/admin/bulk.html"
    page_title = gettext_lazy("Cockpit")
    header_icon = "calendar-alt"
    form_class = BulkForm

    @cached_property
    def at(self) -> datetime:
        return timezone.now()

    @cached_property
    def may_act(self) -> bool:
        return bool(self.request.user.has_perm("events.change_registration"))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "listed": self.listed()}

    @cached_property
    def status(self) -> str:
        """The one state that is listed, empty for all."""
        asked = self.request.GET.get("status", "")
        return asked if asked in Status.values else ""

    def listed(self) -> RegistrationQuerySet:
        registrations = Registration.objects.filter(event=self.object).order_by("status", "created_at", "pk")
        return registrations.filter(status=self.status) if self.status else registrations

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("tour_events:index"), "label": _("Events")},
            {"url": "", "label": str(self.object)},
        ]

    def get_success_url(self) -> str:
        return reverse("tour_events:cockpit", args=[self.object.pk])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_act:
            messages.error(request, _("You may see this visit, not change its registrations."))
            return redirect(self.get_success_url())
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: BulkForm) -> HttpResponse:
        step = self.request.POST.get("step")
        if step == "back":
            return self.render_to_response(self.get_context_data(form=form))  # as it was filled in, nothing is lost
        asked = ask(form.cleaned_data, self.object, at=self.at)
        if step == "do":
            if self.request.POST.get("rows", fingerprint(asked)) == fingerprint(asked):
                return self._done(form)
            messages.warning(self.request, _("The list has changed meanwhile: look again before it is done."))
        context = self.get_context_data(form=form) | {
            "asked": asked,
            "fingerprint": fingerprint(asked),
            "header_title": f"{asked.title}: {self.object}",
            "breadcrumbs_items": [
                *self.breadcrumbs_items,
                *({"url": url, "label": label} for url, label in self.trail()),
                {"url": "", "label": asked.title},
            ],
        }
        return TemplateResponse(self.request, self.asking_template_name, context)

    def _done(self, form: BulkForm) -> HttpResponse:
        batch = str(self.request.POST.get("batch", "")).replace("\x00", "")[:40] or f"{self.at:%Y%m%d%H%M}"
        outcome = carry_out(form.cleaned_data, batch=batch, at=self.at, by=self.request.user)
        if outcome.done:
            said = ngettext("Done for %(count)s registration.", "Done for %(count)s registrations.", outcome.done)
            messages.success(self.request, said % {"count": outcome.done})
        for line in outcome.failed:
            messages.error(self.request, line)
        if left_alone := [registration.reference for registration in outcome.left_alone]:
            said = ngettext(
                "There was nothing to do for %(count)s registration: %(which)s.",
                "There was nothing to do for %(count)s registrations: %(which)s.",
                len(left_alone),
            )
            messages.warning(self.request, said % {"count": len(left_alone), "which": some(left_alone)})
        return redirect(self.get_success_url())

    def to_dos(self) -> list[ToDo]:
        """What waits for a person, each with where to do it."""
        event, listed = self.object, f"{reverse('tour_registrations:index')}?event={self.object.pk}"
        of_event = Q(registration__event=event)
        found = [
            (
                Approval.objects.for_organiser().filter(of_event).count(),
                lambda n: ngettext(
                    "%(n)s registration waits for your approval", "%(n)s registrations wait for your approval", n
                ),
                f"{listed}&status=awaiting_approval",
            ),
            (
                event.attendees.taking_a_seat(self.at).filter(email="").count(),
                lambda n: ngettext("%(n)s seat has its name to follow", "%(n)s seats have their name to follow", n),
                listed,
            ),
            (
                Letter.objects.given_up().filter(of_event).count(),
                lambda n: ngettext("%(n)s letter could not be delivered", "%(n)s letters could not be delivered", n),
                f"{listed}&letters=lost",
            ),
            (
                max(0, event.seats_taken(self.at) - event.capacity),
                lambda n: ngettext(
                    "%(n)s seat more than there is room for", "%(n)s seats more than there is room for", n
                ),
                reverse("tour_events:edit", args=[event.pk]),
            ),
        ]
        first = Registration.objects.waiting_in_order(event).first()
        left = event.seats_left(self.at)
        if first is not None and left:
            found.append((
                left,
                lambda n: ngettext(
                    "%(n)s seat stays free for the group in front of the line: ask whether fewer seats are welcome",
                    "%(n)s seats stay free for the group in front of the line: ask whether fewer seats are welcome",
                    n,
                ),
                reverse("tour_registrations:inspect", args=[first.pk]),
            ))  # fmt: skip
        settlement = installed()
        about_money = settlement.to_dos(event, at=self.at) if settlement is not None else []
        return [
            *(ToDo(text(count) % {"n": count}, url) for count, text, url in found if count),
            *(ToDo(text, url) for text, url in about_money),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        event = self.object
        event.count_seats(self.at)
        states = actions.seats_by_state(event)
        present = set(event.registrations.order_by().values_list("status", flat=True).distinct())
        registrations = (
            self.listed().with_total().prefetch_related(Prefetch("attendees", Attendee.objects.live().order_by("pk")))
        )
        page = Paginator(registrations, ROWS).get_page(self.request.GET.get("p"))
        context = super().get_context_data(**kwargs)
        return context | {
            "event": event,
            "states": [(Status(status).label, count) for status, count in sorted(states.items()) if status in Status],
            "taken": event.seats_taken(self.at),
            "left": event.seats_left(self.at),
            "fill": round(100 * event.seats_taken(self.at) / event.capacity),
            "waiting": states.get(Status.WAITING, 0),
            "to_dos": self.to_dos(),
            "page": page,
            "registrations": list(page.object_list),
            "statuses": [(value, label) for value, label in Status.choices if value in present],
            "listed_status": self.status,
            "due": self.due(),
            "needs": self.needs_counted(),
            "may_see_needs": self.request.user.has_perm("events.view_needs"),
            "history": event_history(event),
            "line": {
                pk: place
                for place, pk in enumerate(Registration.objects.line(event).values_list("pk", flat=True), start=1)
            },
            "may_act": self.may_act,
            "batch": f"{self.at:%Y%m%d%H%M%S}",
        }

    def due(self) -> ToBePaid | None:
        """What is still to be paid; None without payments."""
        settlement = installed()
        return settlement.to_be_paid(self.object) if settlement is not None else None

    def needs_counted(self) -> list[tuple[str, list[tuple[str, int]]]]:
        """(what, [(answer, people)]): what a kitchen or a wardrobe needs to know, without a name."""
        rows = list(coming_needs(self.object))
        counted = []
        for name in NEEDS_COUNTED:
            answers = Counter(value.strip() for row in rows if (value := getattr(row, name)).strip())
            if answers:
                counted.append((label(name), sorted(answers.items())))
        return counted
