"""Partners of the Tour: their logo in a text, their names below every page, all of them in the API."""

from cms.conf import Setting
from cms.plugins import Plugin


class PartnersConfig(Plugin):
    name = "partners"
    title = "Partners"
    distribution = "tour-partners"
    needs = ["cms"]
    api_routers = {"/partners/": "partners.api.partners"}
    blocks = {"partner": "partners.blocks.PartnerBlock"}
    settings = [Setting("PARTNERS_MOST", 12, "How many partners are named below a page; 0 for none.")]
    slots = {"page.after": "partners.slots.names"}

    def ready(self) -> None:
        from partners import checks  # noqa: F401, PLC0415
