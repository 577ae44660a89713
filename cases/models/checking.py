"""Links that lead nowhere."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeadLink(models.Model):
    """A link on a page that did not answer when it was last tried. The row goes when the link works again."""

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+", verbose_name=_("page"))
    url = models.URLField(_("address"), max_length=500)
    #: The answer's HTTP status; None when nothing answered.
    status = models.PositiveSmallIntegerField(_("answer"), null=True)
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        verbose_name = _("dead link")
        verbose_name_plural = _("dead links")
        ordering = ["page", "url"]
        constraints = [models.UniqueConstraint(fields=["page", "url"], name="dead_link_once")]

    def __str__(self) -> str:
        return self.url
