"""SavedColumns: which columns of a list somebody wants to see, kept for the next time."""

from django.conf import settings
from django.db import models


class SavedColumns(models.Model):
    """One person's choice for one list, in the order the list has them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    screen = models.CharField(max_length=40)
    columns = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "screen"], name="saved_columns_once_per_screen")]

    def __str__(self) -> str:
        return f"{self.user}: {self.screen}"
