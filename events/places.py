"""Where somebody registers: on the site itself, or in a frame on somebody else's."""

from dataclasses import dataclass

from django.urls import reverse

from events.models import EventPage


@dataclass(frozen=True)
class Place:
    #: Name of the URL that takes the form's steps.
    url_name: str
    base_template: str
    is_framed: bool = False

    def url(self, page: EventPage) -> str:
        return reverse(self.url_name, args=[page.pk])


ON_SITE = Place("events:register", "cms/base.html")
FRAMED = Place("events:embed_register", "events/embed/base.html", is_framed=True)
