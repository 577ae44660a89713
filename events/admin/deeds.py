"""What an organiser does to one registration, each deed with its form."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms.templatetags.cms_tags import money
from cms.validators import check_one_line
from events import actions
from events.admin.bulk import some
from events.admin.deed import DeedView, WhyForm
from events.admin.price_deeds import GrantView, LowerPriceView, WithdrawEntitlementView
from events.asked_why import why_asked
from events.letter_catalogue import CATALOGUE
from events.models import Approval, Attendee, Event, Registration


class SeatsForm(WhyForm):
    """Which of the registration's seats are given up; all of them unless somebody unticks one."""

    seats = forms.MultipleChoiceField(
        label=gettext_lazy("Seats to give up"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one seat.")},
    )
    free_of_charge = forms.BooleanField(
        label=gettext_lazy("Keep nothing of the price"),
        required=False,
        help_text=gettext_lazy("Otherwise the terms of the order hold."),
    )
    field_order = ("seats", "free_of_charge", "why")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = False
        self.fields["why"].help_text = _("The contact reads it in the letter.")
        choices = [(str(seat.pk), f"{seat.name} ({seat.email})") for seat in self.registration.attendees.live()]
        self.fields["seats"].choices = choices  # type: ignore[attr-defined]
        self.fields["seats"].initial = [pk for pk, _label in choices]


class AnswerForm(WhyForm):
    remark = forms.CharField(
        label=gettext_lazy("A word to the contact"), max_length=500, required=False, widget=forms.Textarea
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = False
        self.fields["why"].help_text = _("Private: for the history alone.")


class NameForm(WhyForm):
    seat = forms.ModelChoiceField(label=gettext_lazy("Seat"), queryset=Attendee.objects.none())
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=80, validators=[check_one_line])
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=80, validators=[check_one_line])
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254, validators=[check_one_line])
    field_order = ("seat", "first_name", "last_name", "email", "why")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = False
        self.fields["seat"].queryset = self.registration.attendees.live()  # type: ignore[attr-defined]


class MoveForm(WhyForm):
    to = forms.ModelChoiceField(label=gettext_lazy("To the visit"), queryset=Event.objects.none())
    field_order = ("to", "why")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        coming = Event.objects.filter(status=Event.Status.SCHEDULED, starts_at__gt=timezone.now())
        self.fields["to"].queryset = coming.exclude(pk=self.registration.event_id)  # type: ignore[attr-defined]


class CancelView(DeedView):
    page_title = gettext_lazy("Cancel seats")
    header_icon = "cross"
    form_class = SeatsForm
    button = gettext_lazy("Continue …")
    sure_button = gettext_lazy("Yes, give up these seats")
    explanation = gettext_lazy(
        "The seats become free for others. What is kept and paid back and who gets a letter is said first."
    )
    not_possible = gettext_lazy(
        "There is no seat to give up: the registration has ended, or the visit has taken place. Who did not come is "
        "noted under “Attendance”; the price can be lowered."
    )
    done = gettext_lazy("The seats were given up; the contact gets a letter.")

    @property
    def is_possible(self) -> bool:
        return not self.object.is_ended and self.object.event.ends_at > timezone.now()

    def warnings(self, facts: dict[str, Any]) -> list[str]:
        """What of the money stays and goes, and each letter: all that follows is read before it is done."""
        leaving = actions.foresee_cancelling(
            registration=self.object,
            attendee_ids=[int(pk) for pk in facts["seats"]],
            at=timezone.now(),
            by=self.request.user,
            free_of_charge=facts["free_of_charge"],
        )
        said = []
        if leaving.price:
            said.append(
                _("Of %(price)s for these seats %(kept)s is kept.")
                % {"price": money(leaving.price), "kept": money(leaving.kept)}
            )
            said.append(_("%(amount)s goes back to whoever paid.") % {"amount": money(leaving.paid_back)})
        if leaving.credited:
            said.append(_("%(amount)s of the invoice is credited.") % {"amount": money(leaving.credited)})
        which = some([f"{CATALOGUE[kind].name} ({recipient})" for kind, recipient in leaving.letters])
        count = len(leaving.letters)
        letters = ngettext("%(count)s letter goes out: %(which)s.", "%(count)s letters go out: %(which)s.", count)
        return [*said, letters % {"count": count, "which": which}]

    def act(self, facts: dict[str, Any]) -> None:
        actions.cancel(
            registration=self.object,
            attendee_ids=[int(pk) for pk in facts["seats"]],
            at=timezone.now(),
            by=self.request.user,
            why=facts["why"],
            free_of_charge=facts["free_of_charge"],
        )


class AnswerView(DeedView):
    """Approve or reject for the organiser; the same form, the other deed."""

    form_class = AnswerForm

    @cached_property
    def approval(self) -> Approval | None:
        return self.object.approvals.open().filter(asked=Approval.Asked.ORGANISER).first()

    @property
    def is_possible(self) -> bool:
        return self.approval is not None and not self.object.is_ended

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        because = why_asked(self.approval, at=timezone.now()) if self.approval is not None else []
        return super().get_context_data(**kwargs) | {"because": because}


class ApproveView(AnswerView):
    page_title = gettext_lazy("Approve")
    button = gettext_lazy("Yes, approve")
    explanation = gettext_lazy("The registration goes on: it is confirmed, or the contact is asked to pay.")

    def act(self, facts: dict[str, Any]) -> None:
        assert self.approval is not None  # noqa: S101  (the form is not shown otherwise)
        actions.approve(
            approval=self.approval, at=timezone.now(), by=self.request.user, remark=facts["remark"], why=facts["why"]
        )


class RejectView(AnswerView):
    page_title = gettext_lazy("Do not approve")
    button = gettext_lazy("Do not approve")
    explanation = gettext_lazy(
        "The seats become free. The contact gets a letter with your words, and never the reason."
    )
    for_quota = gettext_lazy(
        "The seats within the quota go on, those beyond it become free. The contact gets a letter with your words, and "
        "how the others can come at the normal price."
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asks_for_more = self.approval is not None and self.approval.is_for_quota_alone
        context = super().get_context_data(**kwargs)
        return context | {"explanation": self.for_quota} if asks_for_more else context

    def act(self, facts: dict[str, Any]) -> None:
        assert self.approval is not None  # noqa: S101  (the form is not shown otherwise)
        actions.reject(
            approval=self.approval, at=timezone.now(), by=self.request.user, remark=facts["remark"], why=facts["why"]
        )


class SubstituteView(DeedView):
    page_title = gettext_lazy("Change a name")
    form_class = NameForm
    button = gettext_lazy("Save")
    explanation = gettext_lazy("Somebody else comes on this seat, or the name that was to follow. It costs nothing.")

    def act(self, facts: dict[str, Any]) -> None:
        actions.substitute(
            registration=self.object,
            attendee_id=facts["seat"].pk,
            person=actions.Attending(facts["first_name"], facts["last_name"], facts["email"]),
            at=timezone.now(),
            by=self.request.user,
            why=facts["why"],
        )


class MoveView(DeedView):
    page_title = gettext_lazy("Move to another visit")
    form_class = MoveForm
    button = gettext_lazy("Move")
    explanation = gettext_lazy("The same people go to another visit at the price they had. They may cancel for free.")

    def act(self, facts: dict[str, Any]) -> None:
        actions.move(
            registration=self.object, to=facts["to"], at=timezone.now(), by=self.request.user, why=facts["why"]
        )


class AttendanceForm(forms.Form):
    """One question per seat: was there, was not, not known."""

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answers = [("", _("Not known")), ("yes", _("Was there")), ("no", _("Was not there, and did not say so"))]
        for seat in registration.attendees.live().order_by("pk"):
            self.fields[str(seat.pk)] = forms.ChoiceField(
                label=seat.name,
                choices=answers,
                required=False,
                initial={None: "", True: "yes", False: "no"}[seat.attended],
            )


class AttendanceView(DeedView):
    page_title = gettext_lazy("Attendance")
    header_icon = "check"
    form_class = AttendanceForm
    button = gettext_lazy("Save")
    done = gettext_lazy("Noted.")
    explanation = gettext_lazy(
        "Who did not come and did not say so counts for the organisation: after a few of them its quota goes down for "
        "a while. Nothing is charged. It can be changed here at any time."
    )

    @property
    def is_possible(self) -> bool:
        return self.object.status == Registration.Status.CONFIRMED

    def act(self, facts: dict[str, Any]) -> None:
        meant = {"": None, "yes": True, "no": False}
        for seat in self.object.attendees.live():
            attended = meant[facts.get(str(seat.pk), "")]
            if seat.attended != attended:
                actions.mark_attendance(attendee=seat, attended=attended, at=timezone.now(), by=self.request.user)


#: Name in the address -> view.
DEEDS: dict[str, type[DeedView]] = {
    "cancel": CancelView,
    "approve": ApproveView,
    "reject": RejectView,
    "substitute": SubstituteView,
    "grant": GrantView,
    "withdraw": WithdrawEntitlementView,
    "lower": LowerPriceView,
    "move": MoveView,
}
