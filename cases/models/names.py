"""The words a case goes by: what it is filed under, who made it, what its lessons are about, as people read them."""

from typing import Any

from django.utils.translation import override

from cases import cpv
from cases.models.parts import CaseParty
from cases.taxonomy import EU_GPP, ContractForm, Goal, Market, Phase, ProductGroup, Ring, Sdg, retained, rings


class CaseNames:
    """Of a CasePage, from its own facts and parts; in the active language unless it says otherwise."""

    strategies: Any
    goals: Any
    product_groups: Any
    markets: Any
    contract_forms: Any
    cpv: Any
    sdgs: Any
    parties: Any
    lessons: Any
    municipality: Any
    locale: Any
    get_buyer_kind_display: Any
    get_country_display: Any

    def filed_under(self) -> str:
        """The words people read it is filed under, in its own language: they are searched for too."""
        with override(self.locale.language_code):
            names = [
                *self.product_group_names,
                *self.strategy_names,
                *self.goal_names,
                *self.market_names,
                *self.contract_form_names,
                *self.cpv_names,
                self.get_buyer_kind_display(),
                self.get_country_display(),
            ]
            return " ".join(str(name) for name in names)

    @property
    def rings(self) -> list[Ring]:
        """The figure of the case, drawn from its strategies."""
        return rings(self.strategies)

    @property
    def strategy_names(self) -> list[str]:
        return [ring.label for ring in self.rings]

    @property
    def retention_names(self) -> list[str]:
        """How it keeps value: narrow, slow, close, substitute."""
        return [str(way.label) for way in retained(self.strategies, self.goals)]

    @property
    def goal_names(self) -> list[str]:
        return [str(Goal(goal).label) for goal in sorted(self.goals)]

    @property
    def product_group_names(self) -> list[str]:
        return [str(ProductGroup(slug).label) for slug in self.product_groups]

    @property
    def gpp_names(self) -> list[str]:
        """The European criteria that exist for what was bought; empty when there are none now."""
        return [str(name) for group in self.product_groups for name in EU_GPP[group]]

    @property
    def market_names(self) -> list[str]:
        return [str(Market(slug).label) for slug in self.markets]

    @property
    def contract_form_names(self) -> list[str]:
        return [str(ContractForm(slug).label) for slug in self.contract_forms]

    @property
    def cpv_names(self) -> list[str]:
        return [cpv.described(code) for code in self.cpv]

    @property
    def sdg_names(self) -> list[str]:
        """ "12 Responsible consumption and production", in the order of the goals."""
        return [f"{goal} {Sdg(goal).label}" for goal in sorted(self.sdgs)]

    def _with_role(self, *roles: str) -> list[CaseParty]:
        return [party for party in self.parties.all() if party.role in roles]

    @property
    def buyers(self) -> list[CaseParty]:
        return self._with_role(CaseParty.Role.BUYER)

    @property
    def suppliers(self) -> list[CaseParty]:
        return self._with_role(CaseParty.Role.SUPPLIER, CaseParty.Role.PARTNER)

    @property
    def place(self) -> str:
        """ "Venlo, Nederland"; of a draft that does not say where, the country alone."""
        return ", ".join(filter(None, [self.municipality, str(self.get_country_display())]))

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
