"""The house: pages every chapter shares, the address book, the registry, the API's core."""

from django.db.models.signals import post_delete, post_migrate
from django.utils.translation import gettext_lazy as _
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from cms.plugins import Plugin


class CmsConfig(Plugin):
    name = "cms"
    title = _("Pages and address book")
    announces = {
        "page.published": _("A page is published, or published anew"),
        "page.unpublished": _("A page is taken off line, or deleted"),
        "page.moved": _("The address of a published page changed"),
    }
    api_routers = {
        "/pages/": "cms.headless.pages.pages",
        "/resolve": "cms.headless.resolving.resolving",
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
    }
    content = {
        "cms.HomePage": "cms.headless.house.home_page",
        "cms.StandardPage": "cms.headless.house.standard_page",
        "cms.ResultsPage": "cms.headless.house.results_page",
    }
    demo = "cms.demo.load"
    duties = [
        "cms.duties.publish_scheduled",
        "cms.duties.follow_forgotten",
        "cms.duties.read_links",
        "cms.duties.try_addresses",
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
    public_urls = "cms.public_urls"
    vocabularies = {
        "country": "cms.countries.COUNTRIES",
        "language": "cms.headless.house.languages",
        "organisation-kind": "cms.headless.house.organisation_kinds",
    }
    waiting = "cms.admin.waits.waiting"

    def ready(self) -> None:
        # Models must be loaded before what refers to them.
        from wagtail.models import Page  # noqa: PLC0415

        from cms import checks, page_news, permissions, tasks  # noqa: F401, PLC0415
        from cms.headless import purging  # noqa: PLC0415

        page_published.connect(tasks.on_publish, dispatch_uid="cms.follow")
        for signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
            signal.connect(purging.on_change, dispatch_uid="cms.purge")
        page_published.connect(page_news.on_publish, dispatch_uid="cms.tell_published")
        page_unpublished.connect(page_news.on_unpublish, dispatch_uid="cms.tell_unpublished")
        post_page_move.connect(page_news.on_move, dispatch_uid="cms.tell_moved")
        page_slug_changed.connect(page_news.on_new_slug, dispatch_uid="cms.tell_slug")
        post_delete.connect(tasks.on_delete, sender=Page, dispatch_uid="cms.forget_texts")
        post_migrate.connect(permissions.grant_groups, sender=self, dispatch_uid="cms.grant_groups")
