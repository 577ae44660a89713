"""The letters of a visit before anybody gets one: each kind, in each language, to somebody invented."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from events.admin.visit_view import VisitScreen
from events.letter_catalogue import CATALOGUE
from events.models import Registration
from events.sample_letters import TO_THE_DESK, NothingToSell, sample


class LettersView(VisitScreen, TemplateView):
    """Which letters there are. Those to the office are in the office's own language alone."""

    template_name = "events/admin/letters.html"
    page_title = gettext_lazy("Letters")
    header_icon = "mail"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        languages = Registration._meta.get_field("language").flatchoices
        rows = [(kind, about.name, [] if kind in TO_THE_DESK else languages) for kind, about in CATALOGUE.items()]
        return {**super().get_context_data(**kwargs), "event": self.object, "rows": rows}


class LetterPreviewView(VisitScreen, TemplateView):
    """One of them. Nothing is sent and nothing is kept."""

    def trail(self) -> list[tuple[str, str]]:
        return [*super().trail(), (reverse("tour_events:letters", args=[self.object.pk]), _("Letters"))]

    template_name = "events/admin/letter_preview.html"
    page_title = gettext_lazy("Preview of a letter")
    header_icon = "mail"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kind, language = self.kwargs["kind"], self.kwargs["language"]
        languages = dict(Registration._meta.get_field("language").flatchoices)
        if kind not in CATALOGUE or language not in languages:
            raise Http404
        context = {"event": self.object, "name": CATALOGUE[kind].name, "language": languages[language]}
        try:
            mail = sample(self.object, kind, language, timezone.now())
        except NothingToSell:
            context["missing"] = _("This visit has no ticket type yet: add one first.")
        else:
            context |= {"mail": mail, "html": mail.alternatives[0][0]}
        return {**super().get_context_data(**kwargs), **context}
