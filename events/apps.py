"""Come and see: events, who may come at what price, who comes."""

from django.utils.translation import gettext_lazy as _

from cms.conf import Setting
from cms.plugins import Plugin

ALL = ("view", "add", "change", "delete")


class EventsConfig(Plugin):
    name = "events"
    title = _("Events and registrations")
    distribution = "best-practice-tour-events"
    announces = {
        "event.changed": _("What anybody can read of a visit changed: date, place, capacity, prices"),
        "event.cancelled": _("A visit does not take place"),
        "event.seats_changed": _("Another number of places is free, or may be"),
        "registration.created": _("Somebody registered"),
        "registration.confirmed": _("A registration is certain"),
        "registration.changed": _("A registration waits for something else now: payment, approval, an answer"),
        "registration.substituted": _("Somebody else comes on a place, or a name is known"),
        "registration.seats_given_up": _("Some places of a registration were given up, not all"),
        "registration.moved": _("A registration is for another visit now"),
        "registration.cancelled": _("A registration is cancelled"),
        "registration.expired": _("A registration ended because its time ran out"),
        "registration.forgotten": _("Personal data of a registration were erased: erase your copy"),
    }
    api_routers = {
        "/events/": "events.api.events",
        # Before the one that takes any word for a reference.
        "/registrations/approval/": "events.mailed_api.approvals",
        "/registrations/seat/": "events.mailed_api.seats",
        "/registrations/quote/": "events.quotes_api.quotes",
        "/registrations/members/": "events.quotes_api.members",
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
    machine_urls = "events.machine_urls"
    organisation_panels = "events.panels.organisation_panels"
    page_news = "events.news.page_news"
    public_urls = "events.urls"
    results = "events.results.chapter"
    settings = [
        Setting(
            "REGISTRATION_ADDRESSES",
            {},
            _("Where a front end of your own manages registrations: what the mails link to. See docs/api.md."),
        ),
        Setting("EMBED_CARD_SITES", ["https:"], _("Which sites may frame the card of a visit.")),
        Setting("EMBED_REGISTRATION_SITES", [], _("Which sites may frame the registration of a visit.")),
    ]
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
