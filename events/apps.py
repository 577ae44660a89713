"""Come and see: events, who may come at what price, who comes."""

from django.utils.translation import gettext_lazy as _

from cms.plugins import Plugin

ALL = ("view", "add", "change", "delete")


class EventsConfig(Plugin):
    name = "events"
    title = _("Events and registrations")
    distribution = "best-practice-tour-events"
    api_routers = {
        "/events/": "events.api.events",
        "/registrations/": "events.registrations_api.registrations",
    }
    content = {
        "events.EventIndexPage": "events.content.event_index_page",
        "events.EventPage": "events.content.event_page",
    }
    demo = "events.demo.load"
    demo_loaded = "events.demo.is_loaded"
    duties = [
        "events.duties.expire_holds",
        "events.duties.offer_seats",
        "events.duties.remind",
        "events.duties.purge",
        "events.duties.send_letters",
    ]
    front_paper = "events.slots.visits_on_paper"
    groups = {
        "Editors": [
            "events.view_event",
            "events.view_eventpage",
        ],
        "Reviewers": ["events.view_eventpage"],
        "Organisers": [
            "events.view_eventpage",
            *(f"events.{verb}_{model}" for model in ("event", "scheme") for verb in ALL),
            *(f"events.{verb}_{model}" for model in ("tickettype", "cancellationstep", "veto") for verb in ALL),
            *(f"events.{verb}_{m}" for m in ("membership", "emaildomain", "organisationcode") for verb in ALL),
            "events.view_registration",
            "events.change_registration",
            "events.view_attendee",
            "events.view_letter",
            "events.view_needs",
        ],
        "Finance": ["events.view_event", "events.view_registration", "events.view_attendee"],
    }
    needs = ["cms", "cases", "pghistory", "pgtrigger"]
    organisation_panels = "events.panels.organisation_panels"
    page_news = "events.news.page_news"
    public_urls = "events.urls"
    results = "events.results.chapter"
    slots = {
        "home.call": "events.slots.programme_button",
        "home.programme": "events.slots.season_line",
        "case.visits": "events.slots.visits_to_case",
    }
    unlisted_pages = "events.content.not_arranged_yet"
    vocabularies = {
        "event-status": "events.content.availabilities",
        "spoken": "events.models.choices.Spoken",
    }
    waiting = "events.admin.waits.waiting"

    def ready(self) -> None:
        # A module of checks registers itself.
        from events import checks  # noqa: F401, PLC0415
