"""A page as somebody is typing it, kept for minutes so that a decoupled front end can show it."""

import uuid

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class UnsavedPage(models.Model):
    """The newest unsaved state of one page at one person's desk; typing on replaces it, a duty throws it away.

    `page_key` is the page's number, or 0 for one that is being made. A signed token names the row.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    page_key = models.PositiveBigIntegerField()
    content = models.JSONField(encoder=DjangoJSONEncoder)
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("page being written")
        verbose_name_plural = _("pages being written")
        constraints = [
            models.UniqueConstraint(fields=["user", "content_type", "page_key"], name="one_unsaved_page_at_a_desk")
        ]

    def __str__(self) -> str:
        return str(self.content.get("title", ""))
