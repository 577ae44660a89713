"""The house: pages every chapter shares, the address book, the registry, the API's core."""

from django.db.models.signals import post_delete, post_migrate
from django.utils.translation import gettext_lazy as _
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from cms.conf import Setting
from cms.plugins import Plugin

#: What an image may be asked for as. A closed list: nobody fills the disk with sizes of their own.
RENDITIONS = [
    "fill-300x200",
    "fill-600x400",
    "fill-1200x630",
    "max-1600x1600",
    "width-400",
    "width-800",
    "width-1200",
]


class CmsConfig(Plugin):
    name = "cms"
    title = _("Pages and address book")
    announces = {
        "page.published": _("A page is published, or published anew"),
        "page.unpublished": _("A page is taken off line, or deleted"),
        "page.moved": _("The address of a published page changed"),
    }
    api_routers = {
        "/pages/": "cms.headless.writing.router",
        "/preview/": "cms.headless.preview.previews",
        "/resolve": "cms.headless.resolving.resolving",
        "/types/": "cms.headless.types.types",
        "/vocabularies/": "cms.headless.facts.vocabularies",
        "/navigation/": "cms.headless.facts.navigation",
        "/settings/": "cms.headless.facts.site_settings",
        "/redirects/": "cms.headless.facts.redirects",
    }
    components = {
        "breadcrumbs": "cms.headless.components.breadcrumbs",
        "navigation": "cms.headless.components.navigation",
        "translations": "cms.headless.components.translations",
        "children": "cms.headless.components.children",
        "link-integrity": "cms.headless.components.link_integrity",
        "workflow": "cms.headless.standing.component",
        "actions": "cms.headless.standing.actions",
    }
    content = {
        "cms.HomePage": "cms.headless.house.home_page",
        "cms.StandardPage": "cms.headless.house.standard_page",
        "cms.ResultsPage": "cms.headless.house.results_page",
    }
    distribution = "best-practice-tour-cms"
    demo = "cms.demo.load"
    demo_loaded = "cms.demo.is_loaded"
    duties = [
        "cms.duties.publish_scheduled",
        "cms.duties.follow_forgotten",
        "cms.duties.read_links",
        "cms.duties.try_addresses",
        "cms.headless.throttle.forget_uses",
        "cms.headless.preview.forget_unsaved",
        "cms.duties.send_webhooks",
        "cms.duties.forget_webhooks",
    ]
    groups = {
        "Editors": [
            "wagtailadmin.access_admin",
            "wagtailimages.add_image",
            "wagtailimages.change_image",
            "wagtailimages.choose_image",
            "wagtaildocs.add_document",
            "wagtaildocs.change_document",
            "wagtaildocs.choose_document",
            "wagtail_localize.submit_translation",
            "cms.view_organisation",
            "cms.add_organisation",
            "cms.change_organisation",
        ],
        "Organisers": [
            "wagtailadmin.access_admin",
            "cms.view_organisation",
            "cms.add_organisation",
            "cms.change_organisation",
            "cms.delete_organisation",
            "cms.change_organisersettings",
        ],
        "Finance": ["wagtailadmin.access_admin", "cms.view_organisation"],
        "Reviewers": [
            "wagtailadmin.access_admin",
            "wagtailimages.choose_image",
            "wagtaildocs.choose_document",
            "cms.view_organisation",
        ],
    }
    needs = [
        "wagtail_localize",
        "wagtail_localize.locales",
        "wagtail.contrib.settings",
        "wagtail.contrib.redirects",
        "ninja",
        "django.contrib.postgres",
        "django.contrib.sitemaps",
    ]
    public_urls = "cms.public_urls"
    vocabularies = {
        "country": "cms.countries.COUNTRIES",
        "language": "cms.headless.house.languages",
        "organisation-kind": "cms.headless.house.organisation_kinds",
    }
    settings = [
        Setting(
            "FOLLOW_LINKS",
            False,
            _("Ask the addresses that pages lead to, once a week, whether they are still there."),
        ),
        Setting("API_MAX_BODY_BYTES", 262_144, _("The largest request the API reads, in bytes.")),
        Setting(
            "API_ANONYMOUS_A_MINUTE",
            300,
            _("How many requests of one address without a token the API answers in a minute; 0: it does not count."),
        ),
        Setting(
            "API_TOKEN_A_MINUTE",
            1_200,
            _("How many requests with one token the API answers in a minute; 0: it does not count."),
        ),
        Setting(
            "API_FRESH_FOR",
            60,
            _("How many seconds a cache may keep an anonymous answer about content; seats and prices never."),
        ),
        Setting("API_ORIGINS", ["*"], _("The origins whose scripts may read the API; * for all, as no cookie counts.")),
        Setting("API_RENDITIONS", RENDITIONS, _("The renditions of an image that may be asked for, and no others.")),
        Setting("API_DEFAULT_RENDITIONS", ["width-800"], _("The renditions of an image when none is asked for.")),
        Setting(
            "TRUSTED_PROXIES",
            0,
            _("How many of your own proxies stand in front: so many entries of X-Forwarded-For are believed."),
        ),
        Setting(
            "FRONT_END_PREVIEW",
            "",
            _("Where a decoupled front end shows a page that is being written; {token} is put in. Empty: nowhere."),
        ),
        Setting(
            "WEBHOOKS_TO_THIS_MACHINE",
            False,
            _("Whether webhooks may go to this machine itself and over plain http: while you try them out only."),
        ),
        Setting("DEMO_CONTENT", False, _("Whether a superuser may load invented demo content on the page of plugins.")),
        Setting("DEMO", False, _("A demonstration: logins with a known password, mails kept and shown to everybody.")),
        Setting("DEMO_MAIL_DIR", "", _("Where a demonstration keeps its mails.")),
    ]
    waiting = "cms.admin.waits.waiting"

    def ready(self) -> None:
        # Models must be loaded before what refers to them.
        from wagtail.models import Page  # noqa: PLC0415

        from cms import checks, host_checks, page_news, permissions, tasks  # noqa: F401, PLC0415
        from cms.admin.amounts import take_commas  # noqa: PLC0415
        from cms.headless import purging  # noqa: PLC0415

        take_commas()
        page_published.connect(tasks.on_publish, dispatch_uid="cms.follow")
        for signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
            signal.connect(purging.on_change, dispatch_uid="cms.purge")
        page_published.connect(page_news.on_publish, dispatch_uid="cms.tell_published")
        page_unpublished.connect(page_news.on_unpublish, dispatch_uid="cms.tell_unpublished")
        post_page_move.connect(page_news.on_move, dispatch_uid="cms.tell_moved")
        page_slug_changed.connect(page_news.on_new_slug, dispatch_uid="cms.tell_slug")
        post_delete.connect(tasks.on_delete, sender=Page, dispatch_uid="cms.forget_texts")
        post_migrate.connect(permissions.grant_groups, sender=self, dispatch_uid="cms.grant_groups")
