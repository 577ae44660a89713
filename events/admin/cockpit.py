"""One visit as its organiser runs it: what is taken, who waits, what there is to do; and deeds on many at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from events import actions
from events.actions import Approver, Attending, Contact, Order
from events.models import Approval, Attendee, Event, Letter, Membership, Registration
from events.models.registration import MAX_ATTENDEES
from events.refusals import Refusal

Status = Registration.Status
#: More is a list with filters: the registrations' own.
MOST = 500


class ToDo(NamedTuple):
    """Something that waits for a person."""

    text: str
    url: str


class BulkForm(forms.Form):
    """What to do with the ticked registrations."""

    deed = forms.ChoiceField(
        label=gettext_lazy("With the ticked registrations"),
        choices=[
            ("approve", gettext_lazy("Approve")),
            ("message", gettext_lazy("Write to the contacts")),
            ("cancel", gettext_lazy("Cancel all their seats")),
            ("move", gettext_lazy("Move to another visit")),
        ],
    )
    chosen = forms.ModelMultipleChoiceField(
        queryset=Registration.objects.none(),
        error_messages={"required": gettext_lazy("Tick at least one registration.")},
    )
    to = forms.ModelChoiceField(label=gettext_lazy("To the visit"), queryset=Event.objects.none(), required=False)
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=120, required=False)
    text = forms.CharField(
        label=gettext_lazy("Message, or the reason the contacts read"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    free_of_charge = forms.BooleanField(label=gettext_lazy("Keep nothing of the price"), required=False)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].queryset = event.registrations.all()  # type: ignore[attr-defined]
        coming = Event.objects.filter(status=Event.Status.SCHEDULED, starts_at__gt=timezone.now())
        self.fields["to"].queryset = coming.exclude(pk=event.pk)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        needed = {"message": ("subject", "text"), "cancel": ("text",), "move": ("to", "text")}
        for name in needed.get(facts.get("deed", ""), ()):
            if not facts.get(name):
                self.add_error(name, _("This field is required."))
        return facts


class VisitView(PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, FormView):
    """A screen about who comes to one visit. Seeing the visit itself is not enough: `needs` says what else is."""

    model = Event
    permission_required = "view"
    needs = "events.view_registration"
    object: Event

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perms({VisitView.needs, self.needs}):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "event": self.object}

    def get_page_subtitle(self) -> str:
        return str(self.object)


class CockpitView(VisitView):
    """GET shows; POST asks once more what it will do (`step=ask`), then does it row by row, and says what failed."""

    template_name = "events/admin/cockpit.html"
    page_title = gettext_lazy("Cockpit")
    header_icon = "calendar-alt"
    form_class = BulkForm

    @cached_property
    def at(self) -> datetime:
        return timezone.now()

    @cached_property
    def may_act(self) -> bool:
        return bool(self.request.user.has_perm("events.change_registration"))

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
        if self.request.POST.get("step") != "do":
            return self.render_to_response(self.get_context_data(form=form, asks=True))
        done, failed = 0, []
        for registration in form.cleaned_data["chosen"]:
            try:
                done += self._do(form.cleaned_data, registration)
            except Refusal as refusal:
                failed.append(f"{registration.reference}: {refusal.text()}")
        if done:
            said = ngettext("Done for %(count)s registration.", "Done for %(count)s registrations.", done)
            messages.success(self.request, said % {"count": done})
        for line in failed:
            messages.error(self.request, line)
        return redirect(self.get_success_url())

    def _do(self, facts: dict[str, Any], registration: Registration) -> bool:
        """One row. Raises a Refusal; the others go on."""
        user, at = self.request.user, self.at
        deeds: dict[str, Callable[[], Any]] = {
            "approve": lambda: self._approve(registration),
            "message": lambda: actions.write_message(
                registration=registration,
                subject=facts["subject"],
                text=facts["text"],
                occasion=str(self.request.POST.get("batch", "")).replace("\x00", "")[:40] or f"{at:%Y%m%d%H%M}",
                at=at,
            ),
            "cancel": lambda: actions.cancel(
                registration=registration, at=at, by=user, why=facts["text"], free_of_charge=facts["free_of_charge"]
            ),
            "move": lambda: actions.move(registration=registration, to=facts["to"], at=at, by=user, why=facts["text"]),
        }
        return deeds[facts["deed"]]() is not False

    def _approve(self, registration: Registration) -> bool:
        asked = registration.approvals.open().filter(asked=Approval.Asked.ORGANISER).first()
        if asked is None:
            return False
        actions.approve(approval=asked, at=self.at, by=self.request.user)
        return True

    def to_dos(self) -> list[ToDo]:
        """What waits for a person, each with where to do it."""
        event, listed = self.object, f"{reverse('tour_registrations:index')}?event={self.object.pk}"
        of_event = Q(registration__event=event)
        found = [
            (
                Approval.objects.open()
                .filter(of_event, asked=Approval.Asked.ORGANISER, registration__status=Status.AWAITING_APPROVAL)
                .count(),
                lambda n: ngettext(
                    "%(n)s registration waits for your approval", "%(n)s registrations wait for your approval", n
                ),
                f"{listed}&status=awaiting_approval",
            ),
            (
                event.attendees.live().filter(registration__status=Status.CONFIRMED, email="").count(),
                lambda n: ngettext("%(n)s seat has its name to follow", "%(n)s seats have their name to follow", n),
                listed,
            ),
            (
                Letter.objects.given_up().filter(of_event).count(),
                lambda n: ngettext("%(n)s letter could not be delivered", "%(n)s letters could not be delivered", n),
                listed,
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
        return [ToDo(text(count) % {"n": count}, url) for count, text, url in found if count]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        event = self.object
        event.count_seats(self.at)
        states = actions.seats_by_state(event)
        registrations = (
            event.registrations.with_total()
            .annotate(unanswered=Count("approvals", filter=Q(approvals__answer=""), distinct=True))
            .prefetch_related(Prefetch("attendees", Attendee.objects.live().order_by("pk")))
            .order_by("status", "created_at", "pk")
        )
        context = super().get_context_data(**kwargs)
        return context | {
            "event": event,
            "states": [(Status(status).label, count) for status, count in sorted(states.items()) if status in Status],
            "taken": event.seats_taken(self.at),
            "left": event.seats_left(self.at),
            "fill": min(100, round(100 * event.seats_taken(self.at) / event.capacity)),
            "waiting": states.get(Status.WAITING, 0),
            "to_dos": self.to_dos(),
            "registrations": list(registrations[:MOST]),
            "line": {
                pk: place
                for place, pk in enumerate(
                    Registration.objects.waiting_in_order(event).values_list("pk", flat=True), start=1
                )
            },
            "may_act": self.may_act,
            "batch": f"{self.at:%Y%m%d%H%M%S}",
        }


class DeskForm(forms.Form):
    """Somebody on the phone. One line of the list is one seat; an empty list is the contact alone."""

    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=80)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=80)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    organisation_name = forms.CharField(label=gettext_lazy("Organisation"), max_length=200)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[("nl", gettext_lazy("Dutch")), ("en", gettext_lazy("English"))]
    )
    people = forms.CharField(
        label=gettext_lazy("Participants"),
        required=False,
        help_text=gettext_lazy(
            "One a line: first name; last name; e-mail. A line with a question mark is a name to follow. Empty: the "
            "contact alone."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    membership = forms.ModelChoiceField(
        label=gettext_lazy("Price for members, by your decision"),
        queryset=Membership.objects.select_related("organisation", "scheme"),
        required=False,
    )
    approver_email = forms.EmailField(label=gettext_lazy("E-mail of the approver"), required=False)
    why = forms.CharField(label=gettext_lazy("Reason"), max_length=250, required=False)
    accept_terms = forms.BooleanField(
        label=gettext_lazy("I told them the price and the terms, and they accept both"),
        error_messages={"required": gettext_lazy("Accept the terms to register.")},
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        self.event = event
        super().__init__(*args, **kwargs)
        field = self.fields["membership"]
        field.queryset = field.queryset.entitling_on(event.date).filter(scheme__ticket_types__event=event)  # type: ignore[attr-defined]

    def clean_people(self) -> list[Attending]:
        people = []
        check = forms.EmailField(max_length=254)
        for number, line in enumerate(filter(str.strip, self.cleaned_data["people"].splitlines()), start=1):
            parts = [part.strip() for part in line.split(";")]
            if parts == ["?"]:
                people.append(Attending())
                continue
            if len(parts) != 3 or not all(parts):
                raise forms.ValidationError(
                    _("Line %(number)s: write first name; last name; e-mail.") % {"number": number}
                )
            people.append(Attending(parts[0][:80], parts[1][:80], check.clean(parts[2])))
        if len(people) > MAX_ATTENDEES:
            raise forms.ValidationError(_("At most %(max)s people in one registration.") % {"max": MAX_ATTENDEES})
        return people

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        if facts.get("membership") and not facts.get("why"):
            self.add_error("why", _("Say why: it is the evidence for the price."))
        return facts

    def order(self) -> Order:
        facts = self.cleaned_data
        contact = Contact(
            facts["first_name"], facts["last_name"], facts["email"], facts["organisation_name"], facts["phone"]
        )
        approver = facts["approver_email"]
        return Order(
            contact=contact,
            attendees=tuple(facts["people"]) or (Attending(contact.first_name, contact.last_name, contact.email),),
            language=facts["language"],
            membership=facts["membership"],
            approver=Approver(approver, approver) if approver else None,
            channel=Registration.Channel.DESK,
        )


class DeskView(VisitView):
    """Register somebody who telephones. They get the same letters, with their own page to pay and change."""

    needs = "events.change_registration"
    template_name = "events/admin/desk.html"
    page_title = gettext_lazy("Register somebody")
    header_icon = "plus"
    form_class = DeskForm

    def form_valid(self, form: DeskForm) -> HttpResponse:
        try:
            registration = actions.register(
                event=self.object,
                order=form.order(),
                at=timezone.now(),
                by=self.request.user,
                why=form.cleaned_data["why"],
            )
        except Refusal as refusal:
            form.add_error(None, refusal.text())
            return self.form_invalid(form)
        messages.success(self.request, f"{registration.reference}: {registration.get_status_display()}")
        return redirect("tour_registrations:inspect", registration.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "event": self.object}
