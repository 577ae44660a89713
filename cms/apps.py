"""The house: pages every chapter shares, the address book, the registry, the API's core."""

from django.db.models.signals import post_delete, post_migrate
from django.utils.translation import gettext_lazy as _
from wagtail.signals import page_published

from cms.conf import Setting
from cms.plugins import Plugin


class CmsConfig(Plugin):
    name = "cms"
    title = _("Pages and address book")
    distribution = "best-practice-tour-cms"
    demo = "cms.demo.load"
    demo_loaded = "cms.demo.is_loaded"
    duties = [
        "cms.duties.publish_scheduled",
        "cms.duties.follow_forgotten",
        "cms.duties.read_links",
        "cms.duties.try_addresses",
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
    settings = [
        Setting(
            "FOLLOW_LINKS",
            False,
            _("Ask the addresses that pages lead to, once a week, whether they are still there."),
        ),
        Setting("API_MAX_BODY_BYTES", 262_144, _("The largest request the API reads, in bytes.")),
        Setting("DEMO_CONTENT", False, _("Whether a superuser may load invented demo content on the page of plugins.")),
        Setting("DEMO", False, _("A demonstration: logins with a known password, mails kept and shown to everybody.")),
        Setting("DEMO_MAIL_DIR", "", _("Where a demonstration keeps its mails.")),
    ]
    waiting = "cms.admin.waits.waiting"

    def ready(self) -> None:
        # Models must be loaded before what refers to them.
        from wagtail.models import Page  # noqa: PLC0415

        from cms import checks, host_checks, permissions, tasks  # noqa: F401, PLC0415
        from cms.admin.amounts import take_commas  # noqa: PLC0415

        take_commas()
        page_published.connect(tasks.on_publish, dispatch_uid="cms.follow")
        post_delete.connect(tasks.on_delete, sender=Page, dispatch_uid="cms.forget_texts")
        post_migrate.connect(permissions.grant_groups, sender=self, dispatch_uid="cms.grant_groups")
