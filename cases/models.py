"""Cases: what an organisation bought circularly, what came of it, and what a purchaser can learn from it."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.documents import get_document_model_string
from wagtail.fields import RichTextField
from wagtail.images import get_image_model_string
from wagtail.models import Orderable, PageManager, PageQuerySet, TranslatableMixin
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from cases.fields import ChoiceArrayField
from cases.taxonomy import Goal, Phase, ProductGroup, Ring, Strategy, rings
from cms.countries import COUNTRIES
from cms.models import BasePage


class CaseIndexPage(BasePage):
    """All cases, newest first."""

    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cases.CasePage"]

    class Meta:
        verbose_name = _("case index page")
        verbose_name_plural = _("case index pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        cases = CasePage.objects.child_of(self).live().public().for_cards()
        context["cases"] = Paginator(cases, 24).get_page(request.GET.get("page"))
        return context


class CasePageQuerySet(PageQuerySet):
    def for_cards(self) -> "CasePageQuerySet":
        """Newest first, with all a card shows: a constant number of queries for any list."""
        return self.prefetch_related("parties__organisation", "lessons").order_by("-first_published_at", "-pk")


class CasePage(BasePage):
    """One case in one language. What the languages share is entered once and follows the first language."""

    municipality = models.CharField(_("municipality"), max_length=100)
    country = models.CharField(_("country"), max_length=2, choices=COUNTRIES, default="BE")
    year = models.CharField(_("year"), max_length=60, blank=True, help_text=_("When it was bought or opened."))
    product_group = models.CharField(_("product group"), max_length=20, choices=ProductGroup)
    strategies = ChoiceArrayField(
        models.CharField(max_length=20, choices=Strategy),
        verbose_name=_("circular strategies"),
        help_text=_("The rings of the case are drawn from these."),
    )
    goals = ChoiceArrayField(
        models.IntegerField(choices=Goal), verbose_name=_("Green Deal goals"), blank=True, default=list
    )
    context = RichTextField(_("context"), help_text=_("What the buyer wanted, and why."))
    approach = RichTextField(_("approach"), help_text=_("What was asked, of whom, and how it was agreed."))
    checked_on = models.DateField(_("facts checked on"), null=True, blank=True)

    objects = PageManager.from_queryset(CasePageQuerySet)()

    parent_page_types = ["cases.CaseIndexPage"]
    subpage_types: list[str] = []

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldPanel("municipality"), FieldPanel("country"), FieldPanel("year")],
            heading=_("Where and when"),
        ),
        InlinePanel("parties", heading=_("Buyer and suppliers"), label=_("Organisation")),
        MultiFieldPanel(
            [FieldPanel("product_group"), FieldPanel("strategies"), FieldPanel("goals")],
            heading=_("Filed under"),
        ),
        InlinePanel("images", heading=_("Images"), label=_("Image")),
        FieldPanel("context"),
        FieldPanel("approach"),
        InlinePanel("lessons", heading=_("Lessons learned"), label=_("Lesson")),
        InlinePanel("figures", heading=_("Impact figures"), label=_("Figure")),
        InlinePanel("documents", heading=_("Documents"), label=_("Document")),
        InlinePanel("sources", heading=_("Sources"), label=_("Source")),
        FieldPanel("checked_on"),
    ]

    search_fields = [
        *BasePage.search_fields,
        index.SearchField("context"),
        index.SearchField("approach"),
        index.SearchField("municipality"),
        index.SearchField("filed_under"),
        index.RelatedFields("lessons", [index.SearchField("title"), index.SearchField("text")]),
        index.RelatedFields("parties", [index.RelatedFields("organisation", [index.SearchField("name")])]),
        index.FilterField("product_group"),
    ]

    translatable_fields = [
        TranslatableField("title"),
        TranslatableField("slug"),
        TranslatableField("seo_title"),
        TranslatableField("search_description"),
        SynchronizedField("show_in_menus"),
        TranslatableField("intro"),
        SynchronizedField("municipality"),
        SynchronizedField("country"),
        TranslatableField("year"),
        SynchronizedField("product_group"),
        SynchronizedField("strategies"),
        SynchronizedField("goals"),
        TranslatableField("context"),
        TranslatableField("approach"),
        SynchronizedField("checked_on"),
        TranslatableField("parties"),
        TranslatableField("images"),
        TranslatableField("lessons"),
        TranslatableField("figures"),
        TranslatableField("documents"),
        SynchronizedField("sources"),
    ]

    def filed_under(self) -> str:
        """The words people read it is filed under, in its own language: they are searched for too."""
        with override(self.locale.language_code):
            words = [self.get_product_group_display(), *(str(Strategy(slug).label) for slug in self.strategies)]
            return " ".join([*words, *self.goal_names, str(self.get_country_display())])

    class Meta:
        verbose_name = _("case page")
        verbose_name_plural = _("case pages")
        indexes = [
            GinIndex(fields=["strategies"], name="case_strategies"),
            GinIndex(fields=["goals"], name="case_goals"),
        ]

    @property
    def rings(self) -> list[Ring]:
        """The figure of the case, drawn from its strategies."""
        return rings(self.strategies)

    @property
    def strategy_names(self) -> list[str]:
        return [ring.label for ring in self.rings]

    @property
    def goal_names(self) -> list[str]:
        return [str(Goal(goal).label) for goal in sorted(self.goals)]

    def _with_role(self, *roles: str) -> list["CaseParty"]:
        return [party for party in self.parties.all() if party.role in roles]

    @property
    def buyers(self) -> list["CaseParty"]:
        return self._with_role(CaseParty.Role.BUYER)

    @property
    def suppliers(self) -> list["CaseParty"]:
        return self._with_role(CaseParty.Role.SUPPLIER, CaseParty.Role.PARTNER)

    @property
    def byline(self) -> str:
        """ "Gemeente Venlo" or, without a known buyer, "Alsico, Ronse"."""
        names = [party.organisation.name for party in self.buyers or self.suppliers[:1]]
        return ", ".join([*names, self.municipality] if not self.buyers else names)

    @property
    def phases(self) -> list[str]:
        """The phases its lessons are about, in the order of a purchase."""
        used = {lesson.phase for lesson in self.lessons.all()}
        return [str(phase.label) for phase in Phase if phase.value in used]


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

    page = ParentalKey(CasePage, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(
        "cms.Organisation", on_delete=models.PROTECT, related_name="cases", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role)
    part = models.CharField(_("part"), max_length=120, blank=True, help_text=_("For instance: architect."))

    panels = [FieldPanel("organisation"), FieldPanel("role"), FieldPanel("part")]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.get_role_display()})"


class CaseImage(_CaseChild):
    """A photograph or drawing with its credit, beside the rings and never instead of them."""

    page = ParentalKey(CasePage, on_delete=models.CASCADE, related_name="images")
    image = models.ForeignKey(
        get_image_model_string(), on_delete=models.PROTECT, related_name="+", verbose_name=_("image")
    )
    alternative = models.CharField(
        _("description"), max_length=250, help_text=_("What someone who cannot see the image should know.")
    )
    caption = models.CharField(_("caption"), max_length=250, blank=True)
    credit = models.CharField(_("credit"), max_length=150, help_text=_("Maker and licence."))

    panels = [FieldPanel("image"), FieldPanel("alternative"), FieldPanel("caption"), FieldPanel("credit")]

    def __str__(self) -> str:
        return self.alternative


class Lesson(_CaseChild):
    """What a purchaser can take from a case, and where in a purchase it is of use."""

    page = ParentalKey(CasePage, on_delete=models.CASCADE, related_name="lessons")
    phase = models.CharField(_("procurement phase"), max_length=10, choices=Phase)
    title = models.CharField(_("lesson"), max_length=150)
    text = models.TextField(_("explanation"))
    condition = models.TextField(
        _("when it does not work"),
        blank=True,
        help_text=_("Conditions and pitfalls. This is what people come for."),
    )

    panels = [FieldPanel("phase"), FieldPanel("title"), FieldPanel("text"), FieldPanel("condition")]

    class Meta(_CaseChild.Meta):
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def __str__(self) -> str:
        return self.title


class ImpactFigure(_CaseChild):
    """A figure that says how it is known. Without status, source and year it is no figure: the database refuses it."""

    class Status(models.TextChoices):
        EXPECTED = "expected", _("Expected")
        MEASURED = "measured", _("Measured")
        CLAIMED = "claimed", _("Stated by the supplier")

    page = ParentalKey(CasePage, on_delete=models.CASCADE, related_name="figures")
    label = models.CharField(_("what it says"), max_length=150)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=3)
    unit = models.CharField(_("unit"), max_length=60)
    status = models.CharField(_("status"), max_length=10, choices=Status)
    source_name = models.CharField(_("source"), max_length=150)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    year = models.PositiveSmallIntegerField(_("year of the source"))
    note = models.CharField(_("baseline and limits"), max_length=300, blank=True)

    panels = [
        FieldPanel("label"),
        FieldPanel("value"),
        FieldPanel("unit"),
        FieldPanel("status"),
        FieldPanel("source_name"),
        FieldPanel("source_url"),
        FieldPanel("year"),
        FieldPanel("note"),
    ]

    override_translatable_fields = [SynchronizedField("source_name")]

    class Meta(_CaseChild.Meta):
        verbose_name = _("impact figure")
        verbose_name_plural = _("impact figures")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["expected", "measured", "claimed"]) & ~Q(source_name=""),
                name="figure_says_how_it_is_known",
            ),
            models.CheckConstraint(condition=Q(year__gte=1900, year__lte=2100), name="figure_year_plausible"),
        ]

    def __str__(self) -> str:
        return f"{self.value} {self.unit}"


class CaseDocument(_CaseChild):
    """A document people take along."""

    page = ParentalKey(CasePage, on_delete=models.CASCADE, related_name="documents")
    document = models.ForeignKey(
        get_document_model_string(), on_delete=models.PROTECT, related_name="+", verbose_name=_("document")
    )
    title = models.CharField(_("title"), max_length=150)

    panels = [FieldPanel("document"), FieldPanel("title")]

    def __str__(self) -> str:
        return self.title


class CaseSource(Orderable):
    """Where the facts of a case come from; the same for every language."""

    page = ParentalKey(CasePage, on_delete=models.CASCADE, related_name="sources")
    name = models.CharField(_("name"), max_length=200)
    url = models.URLField(_("address"), max_length=500, blank=True)

    panels = [FieldPanel("name"), FieldPanel("url")]

    class Meta(Orderable.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.name
