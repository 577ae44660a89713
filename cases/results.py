"""The cases so far, for the results page: those on the site, in the reader's language."""

from datetime import datetime

from django.db.models import Count
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cases.models import CasePage, Lesson
from cases.taxonomy import Phase
from cms.charts import stacked_bars
from cms.models import Organisation
from cms.results import Chapter, Figure, counted
from cms.sites import of_this_site


def chapter(*, at: datetime) -> Chapter:
    """Takes four queries, whatever there is."""
    cases = of_this_site(CasePage.objects.live().public().filter(locale__language_code=get_language()))
    number = cases.count()
    of_phase = dict(Lesson.objects.filter(page__in=cases).order_by().values_list("phase").annotate(number=Count("pk")))
    parties = Organisation.objects.filter(cases__page__in=cases).distinct().count()
    chart = stacked_bars(
        "lessons",
        _("Lessons by procurement phase"),
        [_("Lessons")],
        [(str(phase.label), [of_phase.get(phase.value, 0)]) for phase in Phase],
        decimals=0,
    )
    return Chapter(
        _("Cases and lessons"),
        [
            Figure(_("Cases published"), counted(number)),
            Figure(_("Lessons"), counted(sum(of_phase.values()))),
            Figure(
                ngettext("Organisation in the cases", "Organisations in the cases", parties),
                counted(parties),
                _("Buyers, suppliers and partners."),
            ),
        ],
        [chart] if chart else [],
    )
