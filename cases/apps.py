"""What we show: circular cases a purchaser can learn from, and lessons by procurement phase."""

from django.utils.translation import gettext_lazy as _
from wagtail.signals import page_published, page_unpublished

from cms.plugins import Plugin


class CasesConfig(Plugin):
    name = "cases"
    title = _("Cases")
    distribution = "best-practice-tour-cases"
    api_routers = {
        "/cases/": "cases.api.cases",
        "/oembed/": "cases.oembed.oembed",
    }
    content = {
        "cases.CaseIndexPage": "cases.content.case_index_page",
        "cases.CasePage": "cases.content.case_page",
    }
    demo = "cases.demo.load"
    demo_loaded = "cases.demo.is_loaded"
    duties = [
        "cases.duties.refresh_search",
        "cases.duties.mail_questions",
    ]
    front_paper = "cases.slots.newest_on_paper"
    groups = {
        "Editors": ["cases.view_casepage", "cases.view_soughtinvain"],
        "Organisers": ["cases.view_casepage", "cases.view_soughtinvain"],
        "Reviewers": ["cases.view_casepage", "cases.view_soughtinvain"],
    }
    needs = ["cms", "pgtrigger"]
    public_urls = "cases.urls"
    results = "cases.results.chapter"
    slots = {
        "home.cases": "cases.slots.latest_cases",
    }
    vocabularies = {
        "buyer": "cases.taxonomy.BuyerKind",
        "contract-form": "cases.taxonomy.ContractForm",
        "cpv": "cases.cpv.choices",
        "direction": "cases.taxonomy.Direction",
        "goal": "cases.taxonomy.Goal",
        "group": "cases.taxonomy.ProductGroup",
        "ladder": "cases.taxonomy.Ladder",
        "licence": "cases.taxonomy.Licence",
        "market": "cases.taxonomy.Market",
        "method": "cases.taxonomy.Method",
        "phase": "cases.taxonomy.Phase",
        "quantity": "cases.taxonomy.Quantity",
        "sdg": "cases.taxonomy.Sdg",
        "strategy": "cases.taxonomy.Strategy",
    }
    waiting = "cases.admin.waits.waiting"

    def ready(self) -> None:
        # Models must be loaded before what refers to them.
        from cases.search import texts  # noqa: PLC0415

        for signal in (page_published, page_unpublished):
            signal.connect(texts.on_change, dispatch_uid="cases.search")
