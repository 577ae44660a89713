"""Cases: what an organisation bought circularly, what came of it, and what a purchaser can learn from it."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import PageManager, PageQuerySet
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from cases import cpv, linked
from cases.drawing import rings_svg
from cases.fields import ChoiceArrayField, CpvField
from cases.forms import CasePageForm
from cases.models.names import CaseNames
from cases.models.parts import Lesson
from cases.models.triggers import CompleteWhenLive
from cases.obstacles import obstacles, waits_for_host
from cases.panels import GoingLivePanel
from cases.previews import PreviewedAsCard
from cases.taxonomy import (
    BuyerKind,
    ContractForm,
    Goal,
    Ladder,
    Licence,
    Market,
    ProductGroup,
    Sdg,
    Strategy,
)
from cms.countries import COUNTRIES
from cms.models import BasePage, BelowAHome, OrganiserSettings

#: The Shift tagged the Green Deal itself with five; more of them says nothing.
MOST_SDGS = 5
#: The facts cases are looked up by.
FILED_UNDER = (
    "goals",
    "strategies",
    "product_groups",
    "cpv",
    "cpv_beginnings",
    "markets",
    "buyer_kind",
    "country",
    "sdgs",
)


#: The rows of a case, each a list in an order of its own.
PARTS = ("parties", "images", "lessons", "figures", "documents", "sources", "quiz")


class CaseIndexPage(BelowAHome, BasePage):
    """All cases, newest first."""

    is_reviewed_below = True
    subpage_types = ["cases.CasePage"]
    #: The feeds, the search and the menu know one in each language.
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("case index page")
        verbose_name_plural = _("case index pages")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Searched by views of its own. They are named, not imported: models know nothing of views."""
        response: HttpResponseBase = import_string("cases.views.search")(request, self)
        return response

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        request.is_preview = True  # type: ignore[attr-defined]
        return self.serve(request)


class CasePageQuerySet(PageQuerySet):
    def for_cards(self) -> "CasePageQuerySet":
        """Newest first, with all a card shows: a constant number of queries for any list."""
        return self.prefetch_related("parties__organisation", "lessons").order_by("-first_published_at", "-pk")

    def filed(self) -> "QuerySet[CasePage, dict[str, Any]]":
        """Newest first, each as a dict of what it is filed under ("phases" are those of its lessons). One query."""
        phases = Lesson.objects.filter(page=OuterRef("pk")).order_by().values("phase").distinct()
        return (
            self.annotate(phases=ArraySubquery(phases))
            .order_by("-first_published_at", "-pk")
            .values("pk", "phases", *FILED_UNDER)
        )


class CasePage(CaseNames, PreviewedAsCard, BasePage):
    """One case in one language. What the languages share is entered once and follows the first language."""

    class Kind(models.TextChoices):
        CASE = "case", _("Case")
        VISIT_REPORT = "visit-report", _("Visit report")

    kind = models.CharField(
        _("kind"),
        max_length=15,
        choices=Kind,
        default=Kind.CASE,
        help_text=_("A visit report tells what a group saw at a host; the host agrees before it is public."),
    )
    municipality = models.CharField(
        _("municipality"), max_length=100, help_text=_("Where it can be seen, as the people there write it.")
    )
    country = models.CharField(
        _("country"), max_length=2, choices=COUNTRIES, default="BE", help_text=_("The country of that municipality.")
    )
    year = models.CharField(_("year"), max_length=60, blank=True, help_text=_("When it was bought or opened."))
    travel = models.CharField(
        _("getting there"),
        max_length=200,
        blank=True,
        help_text=_("How long it takes to get there and how, for who wants to go and see. Leave blank if not known."),
    )
    buyer_kind = models.CharField(
        _("kind of buyer"),
        max_length=12,
        choices=BuyerKind,
        blank=True,
        help_text=_("Leave blank where no buyer is known."),
    )
    markets = ChoiceArrayField(
        models.CharField(max_length=15, choices=Market),
        verbose_name=_("markets"),
        blank=True,
        default=list,
        help_text=_("The market it is bought in, whoever the buyer is."),
    )
    product_groups = ChoiceArrayField(
        models.CharField(max_length=20, choices=ProductGroup),
        verbose_name=_("product groups"),
        default=list,
        help_text=_("What was bought. The European criteria that belong to it are shown with it."),
    )
    cpv = CpvField(
        models.CharField(max_length=8),
        verbose_name=_("CPV codes"),
        blank=True,
        default=list,
        help_text=_(
            "Eight digits each, with commas between them: 45213150, 39130000. The check digit may be left out."
        ),
    )
    #: Every beginning by which the codes are found; follows from them.
    cpv_beginnings = ArrayField(models.CharField(max_length=8), default=list, editable=False)
    contract_forms = ChoiceArrayField(
        models.CharField(max_length=12, choices=ContractForm),
        verbose_name=_("contract forms"),
        blank=True,
        default=list,
        help_text=_("How it was agreed. Tick nothing that you have not seen in a source."),
    )
    strategies = ChoiceArrayField(
        models.CharField(max_length=20, choices=Strategy),
        verbose_name=_("circular strategies"),
        default=list,
        help_text=_("The rings of the case are drawn from these."),
    )
    primary_strategy = models.CharField(
        _("primary strategy"),
        max_length=20,
        choices=Strategy,
        blank=True,
        help_text=_("The one the case is about, when there is one. It is one of those ticked above."),
    )
    ladder = models.CharField(
        _("version of the ladder"),
        max_length=12,
        choices=Ladder,
        default=Ladder.PBL_2017,
        help_text=_("Which list of strategies was used."),
    )
    goals = ChoiceArrayField(
        models.IntegerField(choices=Goal),
        verbose_name=_("Green Deal goals"),
        blank=True,
        default=list,
        help_text=_(
            "The goals of the Green Deal Circulair Aankopen that this purchase served: purchasers look here first."
        ),
    )
    sdgs = ChoiceArrayField(
        models.IntegerField(choices=Sdg),
        verbose_name=_("Sustainable Development Goals"),
        blank=True,
        default=list,
        help_text=_("At most five: those the purchase really served."),
    )
    context = RichTextField(_("context"), help_text=_("What the buyer wanted, and why."))
    approach = RichTextField(_("approach"), help_text=_("What was asked, of whom, and how it was agreed."))
    effort = models.CharField(
        _("effort"),
        max_length=250,
        blank=True,
        help_text=_("The time and people the buyer needed, and who says so. Leave blank if not known."),
    )
    cost = models.CharField(
        _("cost"),
        max_length=250,
        blank=True,
        help_text=_("The amount, what it covers, and who says so. Leave blank if not known."),
    )
    next_steps = RichTextField(
        _("what comes next"), blank=True, help_text=_("What the buyer or the supplier plans, with its source.")
    )
    checked_on = models.DateField(
        _("facts checked on"),
        null=True,
        blank=True,
        help_text=_("The day an editor last held every fact against its source."),
    )
    licence = models.CharField(
        _("licence"),
        max_length=15,
        choices=Licence,
        blank=True,
        help_text=_("On what terms others may use the text again. It goes along in the learning packages."),
    )

    objects = PageManager.from_queryset(CasePageQuerySet)()

    shared_as = "article"
    parent_page_types = ["cases.CaseIndexPage"]
    subpage_types: list[str] = []

    base_form_class = CasePageForm

    # A list of choices may be empty in a draft: obstacles() asks for it before the page goes live.
    content_panels = [
        GoingLivePanel(heading=_("Going live")),
        *BasePage.content_panels,
        FieldPanel("kind"),
        MultiFieldPanel(
            [FieldPanel("municipality"), FieldPanel("country"), FieldPanel("year"), FieldPanel("travel")],
            heading=_("Where and when"),
        ),
        InlinePanel("parties", heading=_("Buyer and suppliers"), label=_("Organisation")),
        MultiFieldPanel(
            [
                FieldPanel("goals"),
                FieldPanel("strategies", required_on_save=False),
                FieldPanel("primary_strategy"),
                FieldPanel("ladder"),
                FieldPanel("sdgs"),
            ],
            heading=_("Circular how"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("product_groups", required_on_save=False),
                FieldPanel("cpv"),
                FieldPanel("buyer_kind"),
                FieldPanel("markets"),
                FieldPanel("contract_forms"),
            ],
            heading=_("Bought what and how"),
        ),
        InlinePanel("images", heading=_("Images"), label=_("Image")),
        FieldPanel("context"),
        FieldPanel("approach"),
        MultiFieldPanel([FieldPanel("effort"), FieldPanel("cost")], heading=_("Resources needed")),
        InlinePanel("lessons", heading=_("Lessons learned"), label=_("Lesson")),
        InlinePanel("figures", heading=_("Impact figures"), label=_("Figure")),
        FieldPanel("next_steps"),
        InlinePanel("documents", heading=_("Documents"), label=_("Document")),
        InlinePanel("sources", heading=_("Sources"), label=_("Source")),
        MultiFieldPanel([FieldPanel("checked_on"), FieldPanel("licence")], heading=_("Checked, and free to use")),
        InlinePanel("quiz", heading=_("Quiz of the learning packages"), label=_("Quiz item"), max_num=5),
    ]

    search_fields = [
        *BasePage.search_fields,
        index.SearchField("context"),
        index.SearchField("approach"),
        index.SearchField("next_steps"),
        index.SearchField("municipality"),
        index.SearchField("filed_under"),
        index.RelatedFields(
            "lessons",
            [index.SearchField(name) for name in ("title", "text", "conditions", "pitfalls", "when_not")],
        ),
        index.RelatedFields("parties", [index.RelatedFields("organisation", [index.SearchField("name")])]),
    ]

    # What the languages share is entered once: nobody can write something else beside it in the second language.
    translatable_fields = [
        *(
            TranslatableField(name)
            for name in (
                "title",
                "slug",
                "seo_title",
                "search_description",
                "intro",
                "year",
                "travel",
                "context",
                "approach",
                "effort",
                "cost",
                "next_steps",
                "parties",
                "images",
                "lessons",
                "figures",
                "documents",
                "quiz",
            )
        ),
        *(
            SynchronizedField(name, overridable=False)
            for name in (
                "show_in_menus",
                "kind",
                "municipality",
                "country",
                "buyer_kind",
                "markets",
                "product_groups",
                "cpv",
                "contract_forms",
                "strategies",
                "primary_strategy",
                "ladder",
                "goals",
                "sdgs",
                "checked_on",
                "licence",
                "sources",
            )
        ),
    ]

    class Meta:
        verbose_name = _("case page")
        verbose_name_plural = _("case pages")
        indexes = [
            GinIndex(fields=["strategies"], name="case_strategies"),
            GinIndex(fields=["goals"], name="case_goals"),
            GinIndex(fields=["product_groups"], name="case_product_groups"),
            GinIndex(fields=["cpv_beginnings"], name="case_cpv"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sdgs__len__lte=MOST_SDGS),
                name="case_at_most_five_sdgs",
                violation_error_message=_("At most five Sustainable Development Goals."),
            ),
        ]
        triggers = [CompleteWhenLive("page_ptr_id")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.cpv_beginnings = cpv.beginnings(self.cpv)
        self._number_parts()
        super().save(*args, **kwargs)

    def _number_parts(self) -> None:
        """Keep the parts in the order they have here: rows that code adds have no number, and would come in any."""
        for name in PARTS:
            for place, part in enumerate(getattr(self, "_cluster_related_objects", {}).get(name, [])):
                if part.sort_order is None:
                    part.sort_order = place

    def obstacles(self) -> list[str]:
        return [*self.obstacles_to_review(), *waits_for_host(self)]

    def obstacles_to_review(self) -> list[str]:
        """Reviewer and host may read at the same time: only going live waits for the host."""
        return [*super().obstacles(), *obstacles(self)]

    @property
    def drawing(self) -> str:  # type: ignore[override]
        return rings_svg(self.rings).decode()

    @property
    def photograph(self) -> tuple[Any, str] | None:
        first = self.images.first()
        return (first.image, first.alternative) if first else None

    def linked_data(self, organiser: OrganiserSettings, *, at: datetime) -> list[dict[str, Any]]:
        return [linked.article(self, organiser)]
