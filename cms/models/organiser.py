"""Who runs the Tour: shown before ordering, in mails and in the footer. One row, edited under Settings."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


@register_setting(icon="group")
class OrganiserSettings(BaseGenericSetting):
    """The law asks a seller to say who it is before the order (see domain facts on the order page)."""

    name = models.CharField(_("name"), max_length=200, default="Best Practice Tour")
    address = models.CharField(_("address"), max_length=250, blank=True)
    email = models.EmailField(_("e-mail"), default="tour@example.org")
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    enterprise_number = models.CharField(_("enterprise number"), max_length=40, blank=True)
    terms_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("terms page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The registration form asks to accept this page, in the reader's language."),
    )
    privacy_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("privacy page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldPanel("address"),
                FieldPanel("email"),
                FieldPanel("phone"),
                FieldPanel("enterprise_number"),
            ],
            heading=_("Organiser"),
        ),
        MultiFieldPanel([FieldPanel("terms_page"), FieldPanel("privacy_page")], heading=_("Pages")),
    ]

    class Meta:
        verbose_name = _("organiser")

    def __str__(self) -> str:
        return self.name
