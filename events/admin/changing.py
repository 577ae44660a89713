"""Changing a visit in the admin: what it will cause is said first, and nobody undoes what somebody else changed."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from cms.admin.guards import GuardedEditView
from cms.templatetags.cms_tags import money
from events import actions
from events.actions.running import Consequences
from events.admin.meanwhile import Meeting, Sent, Told, meet, opened_with, sent
from events.admin.told import said
from events.letter_catalogue import CATALOGUE
from events.locks import lock_event
from events.models import Event, TicketType
from events.refusals import ChangedMeanwhile, Refusal

#: What the form and the preview send beside the form's own fields.
ABOUT_THE_FORM = frozenset(["csrfmiddlewaretoken", "foreseen", "why", "opened"])


class EventEditView(GuardedEditView):
    """Says what a change will cause before it is done: `foreseen` is "yes" once it was seen, "back" to go back.

    `opened` is what the form was opened with, so that what an organiser changed is not what a colleague changed since.
    """

    template_name = "events/admin/change_event.html"

    @cached_property
    def now(self) -> Sent:
        """The visit as it is when this page is asked for, before the form writes into its own instance."""
        return sent(self._unbound())

    @cached_property
    def meeting(self) -> Meeting:
        posted = self.request.POST
        opened = opened_with(posted)
        if opened is None or opened == self.now:
            return Meeting(posted, [], [])
        return meet(self._unbound(), opened=opened, posted=posted)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        elsewhere = reverse("tour_events:embed", args=[self.object.pk])
        buttons = [HeaderButton(_("On another site"), url=elsewhere, icon_name="code")]
        if self.request.user.has_perm("events.view_registration"):
            url = reverse("tour_events:cockpit", args=[self.object.pk])
            buttons.insert(0, HeaderButton(_("Cockpit"), url=url, icon_name="calendar-alt"))
        return buttons

    @property
    def why(self) -> str:
        """The sentence for the letters, typed in the preview; the form keeps it for the next one."""
        return self.request.POST.get("why", "").replace("\x00", "").strip()[:250]

    def _unbound(self) -> Any:
        event = Event.objects.get(pk=self.object.pk)
        return self.get_form_class()(instance=event, for_user=self.request.user)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        if self.meeting.theirs:
            what = "; ".join(f"{told.label}: {told.now}" for told in self.meeting.theirs)
            messages.warning(request, _("Somebody else changed this visit since you opened it. That stays: %s") % what)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return kwargs | {"data": self.meeting.data} if self.request.method == "POST" else kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"opened": json.dumps(self.now), "why": self.why}

    def is_valid(self, form: Any) -> bool:
        for told in self.meeting.both:
            form.add_error(*self._both_changed(told))
        return bool(super().is_valid(form))

    @staticmethod
    def _both_changed(told: Told) -> tuple[str | None, str]:
        facts = {"what": told.label, "now": told.now}
        return told.field or None, _(
            "%(what)s: somebody else changed this since you opened it, to “%(now)s”. What you filled in is still here: "
            "save again to make it so."
        ) % facts

    def form_valid(self, form: Any) -> HttpResponse:
        if self.request.POST.get("foreseen") == "back":
            return self.render_to_response(self.get_context_data(form=form))
        try:
            return self._ask_or_save(form)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.text())
            self.produced_error_message = self.get_error_message()
            response: HttpResponse = self.form_invalid(form)
            return response

    def _ask_or_save(self, form: Any) -> HttpResponse:
        is_news = bool(self.meeting.theirs)
        if self.request.POST.get("foreseen") != "yes" or is_news:
            foreseen = self._foresee(form)
            if foreseen or (is_news and form.has_changed()):
                return self._ask(form, foreseen)
        response: HttpResponse = super().form_valid(form)
        return response

    def _ask(self, form: Any, foreseen: Consequences) -> HttpResponse:
        posted = [(name, value) for name, values in self.meeting.data.lists() for value in values]
        context = self.get_context_data(form=form) | {
            "foreseen": foreseen,
            "letters": [(CATALOGUE[kind].name, count) for kind, count in foreseen.by_kind],
            "changed": self._changed(form),
            "posted": [(name, value) for name, value in posted if name not in ABOUT_THE_FORM],
        }
        return render(self.request, "events/admin/change_foreseen.html", context)

    def _foresee(self, form: Any) -> Consequences:
        prices = form.formsets.get("ticket_types")
        return actions.foresee(
            event=form.instance,
            changed=form.changed_data,
            new_prices=bool(prices and any("price_excl_vat" in row.changed_data for row in prices)),
            at=timezone.now(),
        )

    def _changed(self, form: Any) -> list[tuple[str, str, str]]:
        """(field, as it is, as it will be), as the list of changes says it; rows below the form are not among them."""
        now = Event.objects.get(pk=form.instance.pk)
        fields = [(name, Event._meta.get_field(name)) for name in form.changed_data if name in form.fields]
        changed = [(str(form[name].label), said(now, field), said(form.instance, field)) for name, field in fields]
        return [*changed, *self._changed_prices(form)]

    def _changed_prices(self, form: Any) -> list[tuple[str, str, str]]:
        rows = form.formsets["ticket_types"].forms if "ticket_types" in form.formsets else []
        label = TicketType._meta.get_field("price_excl_vat").verbose_name
        return [
            (f"{row.instance.name}, {label}", money(before), money(row.instance.price_excl_vat))
            for row in rows
            for before in [row.initial.get("price_excl_vat")]
            if row.instance.pk and "price_excl_vat" in row.changed_data
        ]

    def save_instance(self) -> Event:
        """Every save goes through the deed: only what was changed here is written, onto the row as it is now."""
        lock_event(self.object.pk)
        if sent(self._unbound()) != self.now:
            raise ChangedMeanwhile
        event: Event = self.form.save(commit=False)
        rows = [name for name, formset in self.form.formsets.items() if formset.has_changed()]
        saved = actions.change_event(
            event=event,
            changed=[*self.form.changed_data, *rows],
            at=timezone.now(),
            by=self.request.user,
            why=self.why,
        )
        self.has_content_changes = self.form.has_changed()
        log(instance=saved, action="wagtail.edit", content_changed=self.has_content_changes)
        return saved
