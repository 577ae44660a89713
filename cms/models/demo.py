"""What became of loading a plugin's invented content, and below which home page it stands."""

from django.db import models


class DemoLoad(models.Model):
    """The last time a plugin's demo content was loaded: one row for each, by its label."""

    class State(models.TextChoices):
        LOADED = "loaded"
        #: It does not belong here; `said` tells why.
        REFUSED = "refused"
        FAILED = "failed"

    plugin = models.CharField(max_length=100, primary_key=True)
    state = models.CharField(max_length=10, choices=State.choices, blank=True)
    #: Why it was refused, or what went wrong. Everything in it is invented.
    said = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    #: Of the house alone: the demonstration's own home page, in the first language. All of it stands below that.
    home = models.ForeignKey("cms.HomePage", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.plugin} {self.state}"
