"""The parts of a case page: who took part, what can be learned, how much it brought, where it is written."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.documents import get_document_model_string
from wagtail.images import get_image_model_string
from wagtail.models import Orderable, TranslatableMixin
from wagtail_localize.fields import SynchronizedField, TranslatableField

from cases.models.triggers import CompleteWhenLive
from cases.taxonomy import Direction, Method, Phase, Quantity

if TYPE_CHECKING:
    from django.utils.functional import Promise


def _translated(*names: str) -> list[Any]:
    return [TranslatableField(name) for name in names]


def _shared(*names: str) -> list[Any]:
    """Facts entered once: the second language shows them and cannot change them."""
    return [SynchronizedField(name, overridable=False) for name in names]


class _CaseChild(TranslatableMixin, Orderable):
    """A row that belongs to a case page and is translated with it."""

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        abstract = True


class CaseParty(_CaseChild):
    """An organisation in the case, and its part."""

    class Role(models.TextChoices):
        BUYER = "buyer", _("Buyer")
        SUPPLIER = "supplier", _("Supplier")
        PARTNER = "partner", _("Partner")

    page = ParentalKey("cases.CasePage", on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(
        "cms.Organisation",
        on_delete=models.PROTECT,
        related_name="cases",
        verbose_name=_("organisation"),
        help_text=_("From the address book; add it there first."),
    )
    role = models.CharField(
        _("role"),
        max_length=10,
        choices=Role,
        help_text=_("Without a buyer the page says that it is a supplier's example."),
    )
    part = models.CharField(_("part"), max_length=120, blank=True, help_text=_("For instance: architect."))

    panels = [FieldPanel("organisation"), FieldPanel("role"), FieldPanel("part")]

    translatable_fields = [*_translated("part"), *_shared("organisation", "role")]

    class Meta(_CaseChild.Meta):
        verbose_name = _("organisation in a case")
        verbose_name_plural = _("organisations in a case")

    def __str__(self) -> str:
        return f"{self.organisation} ({self.get_role_display()})"


class CaseImage(_CaseChild):
    """A photograph or drawing with its credit, beside the rings and never instead of them."""

    page = ParentalKey("cases.CasePage", on_delete=models.CASCADE, related_name="images")
    image = models.ForeignKey(
        get_image_model_string(),
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("image"),
        help_text=_("One we may show, without people who did not agree to it."),
    )
    alternative = models.CharField(
        _("description"), max_length=250, help_text=_("What someone who cannot see the image should know.")
    )
    caption = models.CharField(
        _("caption"), max_length=250, blank=True, help_text=_("What everybody should know of it: what it is, and when.")
    )
    credit = models.CharField(_("credit"), max_length=150, help_text=_("Maker and licence."))

    panels = [FieldPanel("image"), FieldPanel("alternative"), FieldPanel("caption"), FieldPanel("credit")]

    translatable_fields = [*_translated("alternative", "caption", "credit"), *_shared("image")]

    class Meta(_CaseChild.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def __str__(self) -> str:
        return self.alternative


class Lesson(_CaseChild):
    """What a purchaser can take from a case, and where in a purchase it is of use."""

    page = ParentalKey("cases.CasePage", on_delete=models.CASCADE, related_name="lessons")
    phase = models.CharField(
        _("procurement phase"),
        max_length=10,
        choices=Phase,
        help_text=_("Where in a purchase it is of use: people look for lessons by phase."),
    )
    title = models.CharField(
        _("lesson"), max_length=150, help_text=_("As advice, with a verb: “Put take-back in the contract”.")
    )
    text = models.TextField(_("explanation"), help_text=_("What to do and why, in two or three sentences."))
    conditions = models.TextField(
        _("conditions"), blank=True, help_text=_("What has to be there for it to work. This is what people come for.")
    )
    pitfalls = models.TextField(_("pitfalls"), blank=True, help_text=_("What goes wrong easily, and how to avoid it."))
    when_not = models.TextField(
        _("when it does not work"), blank=True, help_text=_("When somebody should do something else instead.")
    )

    panels = [
        FieldPanel("phase"),
        FieldPanel("title"),
        FieldPanel("text"),
        FieldPanel("conditions"),
        FieldPanel("pitfalls"),
        FieldPanel("when_not"),
    ]

    translatable_fields = [
        *_translated("title", "text", "conditions", "pitfalls", "when_not"),
        *_shared("phase"),
    ]

    class Meta(_CaseChild.Meta):
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def __str__(self) -> str:
        return self.title

    @property
    def anchor(self) -> str:
        """Where it stands on its page: the same in both languages, and the same after each publishing."""
        return f"lesson-{self.translation_key.hex[:8]}"


class ImpactFigure(_CaseChild):
    """A figure that says how it is known. A draft may have one half-typed; a live page may not: see the trigger."""

    class Status(models.TextChoices):
        EXPECTED = "expected", _("Expected")
        MEASURED = "measured", _("Measured")
        CLAIMED = "claimed", _("Stated by the supplier")

    page = ParentalKey("cases.CasePage", on_delete=models.CASCADE, related_name="figures")
    label = models.CharField(_("what it says"), max_length=150, help_text=_("In words: “Electricity saved”."))
    value = models.DecimalField(
        _("value"),
        max_digits=14,
        decimal_places=3,
        null=True,
        help_text=_("As the source gives it; never the sum of several figures."),
    )
    unit = models.CharField(_("unit"), max_length=60, help_text=_("With its period, if it has one: kWh a year."))
    quantity = models.CharField(
        _("what is measured"),
        max_length=10,
        choices=Quantity,
        blank=True,
        help_text=_("Leave open what is none of these."),
    )
    direction = models.CharField(
        _("direction"),
        max_length=10,
        choices=Direction,
        blank=True,
        help_text=_("Avoided: what did not happen. Achieved: what did."),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        help_text=_("Measured only if somebody measured it; what a supplier says of itself is stated."),
    )
    baseline = models.CharField(
        _("baseline"),
        max_length=300,
        blank=True,
        help_text=_("What it is compared with. When the source does not say so, write that."),
    )
    functional_unit = models.CharField(
        _("functional unit"),
        max_length=150,
        blank=True,
        help_text=_("For how much of what: one garment worn for a year."),
    )
    period = models.CharField(
        _("period"), max_length=100, blank=True, help_text=_("Over what time: 2018, or ten years of use.")
    )
    method = models.CharField(
        _("method"),
        max_length=10,
        choices=Method,
        blank=True,
        help_text=_("How it was come by. Leave open when the source does not say so."),
    )
    note = models.CharField(
        _("scope and limits"), max_length=300, blank=True, help_text=_("What it covers, and what it does not.")
    )
    source_name = models.CharField(
        _("source"), max_length=150, help_text=_("Who says so, as a reader would look it up.")
    )
    source_url = models.URLField(
        _("address of the source"), max_length=500, blank=True, help_text=_("The page itself, not its front page.")
    )
    year = models.PositiveSmallIntegerField(
        _("year of the source"), null=True, help_text=_("Four digits. Say in the limits when the source is not dated.")
    )
    verified_on = models.DateField(
        _("seen in the source on"),
        null=True,
        blank=True,
        help_text=_("Fill in when you have read this very figure in its source; your name is kept with it."),
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    panels = [
        FieldPanel("label"),
        MultiFieldPanel([FieldPanel("value"), FieldPanel("unit"), FieldPanel("quantity"), FieldPanel("direction")]),
        FieldPanel("status"),
        MultiFieldPanel(
            [
                FieldPanel("baseline"),
                FieldPanel("functional_unit"),
                FieldPanel("period"),
                FieldPanel("method"),
                FieldPanel("note"),
            ]
        ),
        MultiFieldPanel([FieldPanel("source_name"), FieldPanel("source_url"), FieldPanel("year")]),
        FieldPanel("verified_on"),
    ]

    translatable_fields = [
        *_translated("label", "unit", "baseline", "functional_unit", "period", "note"),
        *_shared("value", "quantity", "direction", "status", "method", "source_name", "source_url", "year"),
        *_shared("verified_on", "verified_by"),
    ]

    class Meta(_CaseChild.Meta):
        verbose_name = _("impact figure")
        verbose_name_plural = _("impact figures")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["", "expected", "measured", "claimed"]), name="figure_status_known"
            ),
            models.CheckConstraint(condition=Q(year__gte=1900, year__lte=2100), name="figure_year_plausible"),
        ]
        triggers = [CompleteWhenLive("page_id")]

    def __str__(self) -> str:
        return f"{self.value} {self.unit}"

    def missing_facts(self) -> list["str | Promise"]:
        """The names of what a figure may not go live without."""
        facts = {
            _("value"): self.value is not None,
            _("status"): self.status,
            _("source"): self.source_name,
            _("year of the source"): self.year is not None,
        }
        return [name for name, there in facts.items() if not there]


class QuizItem(_CaseChild):
    """A question about a case for the learning packages, written by an editor; two to four answers, one right."""

    page = ParentalKey("cases.CasePage", on_delete=models.CASCADE, related_name="quiz")
    phase = models.CharField(
        _("procurement phase"),
        max_length=10,
        choices=Phase,
        blank=True,
        help_text=_("Leave open when it is about the whole case."),
    )
    question = models.CharField(
        _("question"), max_length=300, help_text=_("One that the lessons of this case answer; three to five in all.")
    )
    answer_1 = models.CharField(
        _("first answer"), max_length=200, help_text=_("Two to four answers of about the same length.")
    )
    answer_2 = models.CharField(_("second answer"), max_length=200)
    answer_3 = models.CharField(_("third answer"), max_length=200, blank=True)
    answer_4 = models.CharField(_("fourth answer"), max_length=200, blank=True)
    right = models.PositiveSmallIntegerField(
        _("right answer"),
        null=True,
        choices=[(1, _("first answer")), (2, _("second answer")), (3, _("third answer")), (4, _("fourth answer"))],
        help_text=_("Exactly one is right."),
    )
    why = models.TextField(_("why"), blank=True, help_text=_("Shown after the answer, right or wrong."))

    panels = [
        FieldPanel("phase"),
        FieldPanel("question"),
        *(FieldPanel(f"answer_{number}") for number in range(1, 5)),
        FieldPanel("right"),
        FieldPanel("why"),
    ]

    translatable_fields = [
        *_translated("question", "answer_1", "answer_2", "answer_3", "answer_4", "why"),
        *_shared("phase", "right"),
    ]

    class Meta(_CaseChild.Meta):
        verbose_name = _("quiz item")
        verbose_name_plural = _("quiz items")
        constraints = [
            models.CheckConstraint(condition=Q(right__gte=1, right__lte=4), name="quiz_right_answer_is_one_of_four"),
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def answers(self) -> list[str]:
        """All four, in order; "" for one that was left out."""
        return [self.answer_1, self.answer_2, self.answer_3, self.answer_4]

    def missing_facts(self) -> list["str | Promise"]:
        """The names of what an item may not go live without."""
        facts = {
            _("question"): self.question,
            _("first answer"): self.answer_1,
            _("second answer"): self.answer_2,
            _("right answer"): self.right is not None and self.answers[self.right - 1],
        }
        return [name for name, there in facts.items() if not there]


class CaseDocument(_CaseChild):
    """A document people take along."""

    page = ParentalKey("cases.CasePage", on_delete=models.CASCADE, related_name="documents")
    document = models.ForeignKey(
        get_document_model_string(),
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("document"),
        help_text=_("A file anybody may have, best a PDF that can be read aloud."),
    )
    title = models.CharField(
        _("title"), max_length=150, help_text=_("What it is; kind and size of the file are shown by themselves.")
    )

    panels = [FieldPanel("document"), FieldPanel("title")]

    # A document may exist in the second language too: there, another file can be chosen.
    translatable_fields = [*_translated("title"), SynchronizedField("document")]

    class Meta(_CaseChild.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self) -> str:
        return self.title


class CaseSource(Orderable):
    """Where the facts of a case come from; the same for every language."""

    page = ParentalKey("cases.CasePage", on_delete=models.CASCADE, related_name="sources")
    name = models.CharField(_("name"), max_length=200, help_text=_("Who wrote it, what it is called, and when."))
    url = models.URLField(
        _("address"), max_length=500, blank=True, help_text=_("The page itself; blank for what is only on paper.")
    )

    panels = [FieldPanel("name"), FieldPanel("url")]

    class Meta(Orderable.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.name
