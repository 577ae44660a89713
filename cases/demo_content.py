"""The demo's four cases in Dutch and English, written from published sources.

Each figure carries its source, status and year. What a supplier says about itself is marked as claimed. The lessons are the
editors' reading of the sources, not findings of the visits.
"""

from typing import Literal, NotRequired, TypedDict

from cms.content import Text, both
from cms.demo_content import Rich


class CaseIndexContent(TypedDict):
    title: Text
    intro: Text


class LessonContent(TypedDict):
    phase: Literal["needs", "market", "tender", "award", "use", "end"]
    title: Text
    text: Text
    conditions: NotRequired[Text]
    pitfalls: NotRequired[Text]
    when_not: NotRequired[Text]


class FigureContent(TypedDict):
    label: Text
    value: str
    unit: Text
    status: Literal["expected", "measured", "claimed"]
    source_name: str
    source_url: str
    year: int
    note: Text | None
    #: Left out where the source does not say so.
    quantity: NotRequired[str]
    direction: NotRequired[Literal["avoided", "achieved"]]
    baseline: NotRequired[Text]
    period: NotRequired[Text]
    method: NotRequired[str]


class QuizContent(TypedDict):
    phase: Literal["needs", "market", "tender", "award", "use", "end"]
    question: Text
    answers: list[Text]
    #: 1 for the first answer.
    right: int
    why: Text


class CaseContent(TypedDict):
    key: str
    slug: Text
    title: Text
    hook: Text
    #: Organisation key; None where the example comes from a supplier and no buyer is documented.
    buyer: str | None
    suppliers: list[tuple[str, Text]]
    municipality: str
    country: str
    year: Text
    strategies: list[str]
    goals: list[int]
    product_groups: list[str]
    buyer_kind: str
    markets: list[str]
    contract_forms: list[str]
    cost: Text | None
    cpv: list[str]
    sdgs: list[int]
    checked_on: str
    context: Rich
    approach: Rich
    lessons: list[LessonContent]
    figures: list[FigureContent]
    quiz: list[QuizContent]
    sources: list[tuple[str, str]]


CASE_INDEX: CaseIndexContent = {
    "title": both("Cases", "Cases"),
    "intro": both(
        "Voorbeelden van circulair aankopen, met de leerlessen per fase van de aankoop. Bij elk cijfer staat de bron, het jaar en of het gemeten, verwacht of opgegeven is.",
        "Examples of circular procurement, with the lessons learned per purchasing phase. Each figure shows its source, its year and whether it was measured, expected or claimed.",
    ),
}

C2C_EXPOLAB_URL = "https://www.c2cexpolab.eu/en/references/venlo-city-hall/"
INTERREG_URL = "https://interregeurope.eu/good-practices/gpp-lighting-as-a-service"
OVAM_URL = "https://ovam.be/kortrijk-heeft-primeur-beet-met-circulaire-verlichting"
HLN_URL = (
    "https://www.hln.be/regio/kortrijk/proefproject-verlichting-in-bibliotheek-levert-elk-jaar-5-400-euro-op~a27e637d/"
)
GDCA_LIGHTING_URL = "https://aankopen.vlaanderen-circulair.be/en/product-categories/lighting"
GDCA_TEXTILE_URL = "https://aankopen.vlaanderen-circulair.be/nl/productgroepen/textiel"
ALSICO_SORTING_URL = "https://www.alsico.eu/en/blog/alsico-launches-first-sorting-hub-workwear"
ALSICO_COLLECTING_URL = "https://www.alsico.com/eu/news/alsico-launches-the-first-collecting-hub-for-workwear/"
ALSICO_LOOP_URL = "https://www.alsico.com/eu/news/alsico-one-step-closer-to-a-closed-loop"
ALSICO_LOOP_DUTCH_URL = "https://www.duurzaam-ondernemen.nl/europese-primeur-alsico-opent-closed-loop-voor-werkkleding/"
ALSICO_GARMENT_URL = (
    "https://iraqiseu.com/belgische-producent-alsico-ontwikkelt-eerste-circulaire-werkkleding-uit-gerecycled-textiel"
)
PURFI_CASE_URL = "https://vlaanderen-circulair.be/en/cases/detail/purfi"
FOCUS_WTV_URL = "https://focus-wtv.be/nieuws/concordia-textiles"
FOCUS_ON_BELGIUM_URL = (
    "https://focusonbelgium.be/en/business/concordia-textiles-recycles-textile-fibres-their-original-quality"
)
DVO_URL = "https://www.dvo.be/artikel/66370-concordia-textiles-zet-pilootlijn-voor-circulaire-textielvezels-op/"
TRENDS_PURFI_URL = "https://trends.knack.be/ondernemen/purfi-manufacturing-maakt-nieuw-garen-van-oude-vezels/"


CASES: list[CaseContent] = [
    {
        "key": "venlo",
        "slug": both("stadskantoor-venlo", "venlo-city-hall"),
        "title": both("Stadskantoor Venlo", "Venlo city hall"),
        "hook": both(
            "Restwaarde van 18 % na tien jaar, met bankgarantie, al in de meubelopdracht vastgelegd.",
            "A residual value of 18% after ten years, with a bank guarantee, fixed in the furniture contract from the start.",
        ),
        "buyer": "venlo",
        "suppliers": [
            ("kraaijvanger", both("Architect", "Architect")),
            ("c2c-expolab", both("Advies over cradle to cradle", "Advice on cradle to cradle")),
        ],
        "municipality": "Venlo",
        "country": "NL",
        "year": both("Beslist in 2007, geopend in 2016", "Decided in 2007, opened in 2016"),
        "strategies": ["rethink", "reduce", "reuse", "recycle"],
        "goals": [3, 4, 5],
        "product_groups": ["building", "furniture"],
        "buyer_kind": "local",
        "markets": ["construction", "furniture"],
        "contract_forms": ["take-back"],
        "cost": both(
            "Ongeveer 50 miljoen euro volgens C2C ExpoLAB; andere bronnen noemen andere bedragen.",
            "About EUR 50 million according to C2C ExpoLAB; other sources mention other amounts.",
        ),
        "cpv": ["45213150-9", "39130000-2"],
        "sdgs": [9, 11, 12, 13],
        "checked_on": "2026-11-23",
        "context": [
            (
                "p",
                both(
                    "In 2007 besliste de gemeente Venlo om een nieuw stadskantoor te bouwen volgens de principes van cradle to cradle: producten zo kiezen dat hun materialen later opnieuw bruikbaar zijn. Het gebouw ging open in 2016. Kraaijvanger was de architect, C2C ExpoLAB gaf advies.",
                    "In 2007 the municipality of Venlo decided to build a new city hall on cradle-to-cradle principles: choosing products in such a way that their materials can be used again later. The building opened in 2016. Kraaijvanger was the architect, C2C ExpoLAB gave advice.",
                ),
            ),
            (
                "p",
                both(
                    "Over het budget circuleren verschillende bedragen. C2C ExpoLAB noemt ongeveer 50 miljoen euro. Andere bronnen noemen meer en rekenen soms de parking mee. Vergelijk zulke bedragen alleen als u weet wat erin zit.",
                    "Different amounts are quoted for the budget. C2C ExpoLAB mentions about EUR 50 million. Other sources mention more and sometimes include the car park. Compare such amounts only if you know what they cover.",
                ),
            ),
            (
                "p",
                both(
                    "Voor aankopers is vooral de manier van vragen interessant: eerst een visie, dan pas een ontwerp, en terugname en restwaarde in het contract.",
                    "For purchasers the interesting part is how the questions were asked: first a vision, only then a design, and take-back and residual value in the contract.",
                ),
            ),
        ],
        "approach": [
            (
                "p",
                both(
                    "Aan de architecten vroeg Venlo geen ontwerp, maar een visie op de opdracht met aandacht voor cradle to cradle. De vijf beste bureaus kwamen naar een startmoment met koplopers (bron: C2C Buildings).",
                    "Venlo did not ask the architects for a design but for a vision on the assignment, with attention to cradle to cradle. The five best firms came to a kick-off with frontrunners (source: C2C Buildings).",
                ),
            ),
            (
                "p",
                both(
                    "In de opdracht voor het meubilair waarborgt de leverancier een restwaarde van 18 % van de aankoopprijs na tien jaar, met een bankgarantie. Dat komt neer op ongeveer 300.000 euro. De leverancier draagt ook het onderhoud (bron: C2C ExpoLAB).",
                    "In the furniture contract the supplier guarantees a residual value of 18% of the purchase price after ten years, with a bank guarantee. That comes to about EUR 300,000. The supplier also bears the maintenance (source: C2C ExpoLAB).",
                ),
            ),
            (
                "p",
                both(
                    'Materialenpaspoorten leggen vast welke producten in het gebouw zitten (bron: <a href="https://knowledge-hub.circle-economy.com/article/30013">Circle Economy</a>). De groene buitengevel meet ongeveer 2.000 vierkante meter (bron: <a href="https://circulairestad.nl/en/projects/389-2/venlo-stadskantoor-english/">Circulaire Stad</a>).',
                    'Materials passports record which products the building contains (source: <a href="https://knowledge-hub.circle-economy.com/article/30013">Circle Economy</a>). The green outer facade measures about 2,000 square metres (source: <a href="https://circulairestad.nl/en/projects/389-2/venlo-stadskantoor-english/">Circulaire Stad</a>).',
                ),
            ),
            (
                "p",
                both(
                    "De gemeente rekende met de totale eigendomskost. Tegenover een pakket duurzame maatregelen van ongeveer 3,4 miljoen euro zet haar businesscase een opbrengst van ongeveer 16,9 miljoen euro. Circle Economy noemt 16,8 miljoen euro over veertig jaar. Dit is de berekening van de eigenaar, geen nagekeken resultaat.",
                    "The municipality calculated the total cost of ownership. Against a package of sustainability measures of about EUR 3.4 million, its business case sets a return of about EUR 16.9 million. Circle Economy mentions EUR 16.8 million over forty years. This is the owner’s calculation, not an audited result.",
                ),
            ),
        ],
        "lessons": [
            {
                "phase": "needs",
                "title": both("Reken met de totale eigendomskost", "Calculate the total cost of ownership"),
                "text": both(
                    "Zet de meerprijs van bij de aankoop naast de besparing en de restwaarde over de hele gebruiksduur. Alleen zo krijgt een duurdere, losmaakbare oplossing een eerlijke kans.",
                    "Set the extra cost at purchase against the savings and the residual value over the whole period of use. Only then does a dearer, demountable solution get a fair chance.",
                ),
                "pitfalls": both(
                    "De uitkomst hangt sterk af van de looptijd en van de veronderstelde energieprijzen. Schrijf die in het dossier, anders kan niemand de berekening later controleren.",
                    "The outcome depends heavily on the period and on the assumed energy prices. Write them in the file, or nobody can check the calculation later.",
                ),
            },
            {
                "phase": "tender",
                "title": both("Vraag eerst een visie, dan een ontwerp", "Ask for a vision first, then a design"),
                "text": both(
                    "Wie een visie vraagt, kiest een partner die mee zoekt. Wie een ontwerp vraagt, ligt al vast vóór de eerste vergadering.",
                    "If you ask for a vision, you choose a partner who searches with you. If you ask for a design, you are committed before the first meeting.",
                ),
                "pitfalls": both(
                    "Een visie is moeilijker te vergelijken dan een plan. Zonder heldere gunningscriteria en een bekwame jury wordt de keuze betwistbaar.",
                    "A vision is harder to compare than a plan. Without clear award criteria and a capable jury, the choice becomes open to challenge.",
                ),
            },
            {
                "phase": "award",
                "title": both(
                    "Zet terugname en restwaarde in het contract",
                    "Put take-back and residual value in the contract",
                ),
                "text": both(
                    "Een belofte om terug te nemen is weinig waard zonder bedrag, termijn en waarborg. Venlo vroeg een percentage van de aankoopprijs en een bankgarantie.",
                    "A promise to take back is worth little without an amount, a date and a guarantee. Venlo asked for a percentage of the purchase price and a bank guarantee.",
                ),
                "conditions": both(
                    "Spreek af in welke staat de meubelen terugkomen. Anders volgt na tien jaar een discussie over slijtage.",
                    "Agree on the condition in which the furniture is returned. Otherwise a dispute about wear follows after ten years.",
                ),
            },
            {
                "phase": "award",
                "title": both(
                    "Vraag materialenpaspoorten bij de oplevering", "Ask for materials passports at delivery"
                ),
                "text": both(
                    "Bij de oplevering zijn de gegevens er en wil de leverancier nog betaald worden. Achteraf moet u alles zelf uitzoeken.",
                    "At delivery the data are at hand and the supplier still wants to be paid. Afterwards you have to find out everything yourself.",
                ),
                "when_not": both(
                    "Een paspoort dat niemand bijwerkt, is na enkele verbouwingen waardeloos. Wijs iemand aan die het beheert.",
                    "A passport that nobody updates is worthless after a few alterations. Appoint someone to manage it.",
                ),
            },
            {
                "phase": "use",
                "title": both(
                    "Voorzie budget om kennis te blijven delen", "Set aside budget to keep sharing knowledge"
                ),
                "text": both(
                    "De mensen die het bestek schreven, zijn er niet meer wanneer de meubelen terug mogen. Houd bij waarom u koos wat u koos, en maak tijd voor wie komt leren.",
                    "The people who wrote the specifications will be gone when the furniture may go back. Record why you chose what you chose, and make time for those who come to learn.",
                ),
            },
        ],
        "figures": [
            {
                "label": both(
                    "Gewaarborgde restwaarde van het meubilair", "Guaranteed residual value of the furniture"
                ),
                "value": "18",
                "unit": both("% van de aankoopprijs", "% of purchase price"),
                "quantity": "residual",
                "baseline": both("De aankoopprijs", "The purchase price"),
                "period": both("Tien jaar gebruik", "Ten years of use"),
                "status": "expected",
                "source_name": "C2C ExpoLAB",
                "source_url": C2C_EXPOLAB_URL,
                "year": 2016,
                "note": both(
                    "Na tien jaar gebruik, met bankgarantie. De bron is niet gedateerd; 2016 is het jaar van de opening. Over de werkelijke terugname vonden we geen cijfer.",
                    "After ten years of use, with a bank guarantee. The source is undated; 2016 is the year of opening. We found no figure on the actual take-back.",
                ),
            },
            {
                "label": both("Kost van het pakket duurzame maatregelen", "Cost of the sustainability package"),
                "value": "3.4",
                "unit": both("miljoen euro", "million euros"),
                "status": "expected",
                "source_name": "C2C ExpoLAB",
                "source_url": C2C_EXPOLAB_URL,
                "year": 2016,
                "note": both(
                    "Afgerond bedrag uit de businesscase van de eigenaar. De bron is niet gedateerd; 2016 is het jaar van de opening.",
                    "Rounded amount from the owner’s business case. The source is undated; 2016 is the year of opening.",
                ),
            },
            {
                "label": both("Opbrengst van het pakket duurzame maatregelen", "Return on the sustainability package"),
                "value": "16.9",
                "unit": both("miljoen euro", "million euros"),
                "status": "expected",
                "source_name": "C2C ExpoLAB",
                "source_url": C2C_EXPOLAB_URL,
                "year": 2016,
                "note": both(
                    "Over de hele berekeningsperiode; Circle Economy noemt 16,8 miljoen euro over veertig jaar. Businesscase van de eigenaar, niet nagekeken. De bron is niet gedateerd; 2016 is het jaar van de opening.",
                    "Over the whole calculation period; Circle Economy mentions EUR 16.8 million over forty years. The owner’s business case, not audited. The source is undated; 2016 is the year of opening.",
                ),
            },
        ],
        "quiz": [
            {
                "phase": "tender",
                "question": both(
                    "Wat vroeg Venlo eerst aan de architecten?", "What did Venlo ask of the architects first?"
                ),
                "answers": [
                    both("Een uitgewerkt ontwerp", "A detailed design"),
                    both("Een visie op de opdracht", "A vision on the assignment"),
                    both("De laagste prijs", "The lowest price"),
                ],
                "right": 2,
                "why": both(
                    "Wie een visie vraagt, kiest een partner die mee zoekt.",
                    "If you ask for a vision, you choose a partner who searches with you.",
                ),
            },
            {
                "phase": "award",
                "question": both(
                    "Wat maakt een belofte om terug te nemen iets waard?",
                    "What makes a promise to take back worth something?",
                ),
                "answers": [
                    both("Een bedrag, een termijn en een waarborg", "An amount, a date and a guarantee"),
                    both("Een label op het product", "A label on the product"),
                    both("Een lange looptijd alleen", "A long term alone"),
                ],
                "right": 1,
                "why": both(
                    "Venlo vroeg een percentage van de aankoopprijs en een bankgarantie.",
                    "Venlo asked for a percentage of the purchase price and a bank guarantee.",
                ),
            },
            {
                "phase": "award",
                "question": both(
                    "Wanneer vraagt u het best materialenpaspoorten?", "When is it best to ask for materials passports?"
                ),
                "answers": [
                    both("Bij de sloop", "At demolition"),
                    both("Na de eerste verbouwing", "After the first alteration"),
                    both("Bij de oplevering", "At delivery"),
                ],
                "right": 3,
                "why": both(
                    "Dan zijn de gegevens er en wil de leverancier nog betaald worden.",
                    "Then the data are at hand and the supplier still wants to be paid.",
                ),
            },
        ],
        "sources": [
            ("C2C ExpoLAB, Venlo city hall", C2C_EXPOLAB_URL),
            (
                "Circulaire Stad, Venlo",
                "https://circulairestad.nl/en/projects/389-2/venlo-stadskantoor-english/",
            ),
            ("Circle Economy, Knowledge Hub 30013", "https://knowledge-hub.circle-economy.com/article/30013"),
            ("Circle Economy, Knowledge Hub 5975", "https://knowledge-hub.circle-economy.com/article/5975"),
            ("C2C Buildings", "https://c2c-buildings.net"),
        ],
    },
    {
        "key": "kortrijk",
        "slug": both("licht-als-dienst-kortrijk", "lighting-as-a-service-kortrijk"),
        "title": both("Licht als dienst in de bibliotheek", "Lighting as a service in the library"),
        "hook": both(
            "Tien jaar licht, eigendom blijft bij de leverancier. Wanneer is dat ook echt circulair?",
            "Ten years of light, the supplier remains the owner. When is that truly circular?",
        ),
        "buyer": "kortrijk",
        "suppliers": [
            (
                "signify",
                both(
                    "Leverancier en eigenaar van de installatie (toen Philips Lighting)",
                    "Supplier and owner of the installation (then Philips Lighting)",
                ),
            ),
            ("ovam", both("Proefproject", "Pilot project")),
            ("bbl", both("Begeleiding", "Support")),
        ],
        "municipality": "Kortrijk",
        "country": "BE",
        "year": both("Gestart eind 2015, contract in 2017", "Started in late 2015, contract in 2017"),
        "strategies": ["rethink", "reuse", "repair", "refurbish", "recycle"],
        "goals": [1, 3, 4],
        "product_groups": ["lighting"],
        "buyer_kind": "local",
        "markets": ["lighting"],
        "contract_forms": ["service"],
        "cost": both(
            "Budgetneutraal: de stad betaalt de dienst met wat ze op energie bespaart (bron: Interreg Europe, 2018).",
            "Budget neutral: the city pays for the service with what it saves on energy (source: Interreg Europe, 2018).",
        ),
        "cpv": ["31500000-1", "31520000-7"],
        "sdgs": [7, 9, 12, 13],
        "checked_on": "2026-11-23",
        "context": [
            (
                "p",
                both(
                    "Stad Kortrijk wilde voor de bibliotheek geen lampen kopen, maar licht. Het project startte eind 2015 als proefproject van de OVAM, met ondersteuning van Bond Beter Leefmilieu (bron: OVAM, 2017).",
                    "The city of Kortrijk did not want to buy lamps for its library, but light. The project started in late 2015 as a pilot project of OVAM, with support from Bond Beter Leefmilieu (source: OVAM, 2017).",
                ),
            ),
            (
                "p",
                both(
                    "Het contract moest budgetneutraal zijn: de stad investeert niet zelf en betaalt de dienst met wat ze op energie bespaart (bron: Interreg Europe, 2018).",
                    "The contract had to be budget neutral: the city does not invest and pays for the service with what it saves on energy (source: Interreg Europe, 2018).",
                ),
            ),
        ],
        "approach": [
            (
                "p",
                both(
                    "Het contract dateert van 2017 en loopt tien jaar. De leverancier, toen Philips Lighting en nu Signify, blijft eigenaar en onderhoudt de installatie. Na tien jaar kan de stad verlengen of de installatie overnemen (bron: OVAM, 2017).",
                    "The contract dates from 2017 and runs for ten years. The supplier, then Philips Lighting and now Signify, remains the owner and maintains the installation. After ten years the city can extend or take over the installation (source: OVAM, 2017).",
                ),
            ),
            (
                "p",
                both(
                    "Drie leveranciers dienden een offerte in. De gunningscriteria waren (bron: Interreg Europe, 2018):",
                    "Three suppliers submitted a tender. The award criteria were (source: Interreg Europe, 2018):",
                ),
            ),
            ("li", both("de kost per jaar;", "the cost per year;")),
            ("li", both("het lichtplan;", "the lighting plan;")),
            ("li", both("de esthetiek;", "the aesthetics;")),
            (
                "li",
                both("de retourlogistiek en de circulaire economie;", "reverse logistics and circular economy;"),
            ),
            (
                "li",
                both(
                    "wat er op het einde van het contract met de materialen gebeurt.",
                    "what happens to the materials at the end of the contract.",
                ),
            ),
            (
                "p",
                both(
                    "Over de besparing bestaan twee berichten die niet vanzelf met elkaar overeenstemmen. Interreg Europe meldt 49.600 kWh per jaar, of 80 %. Een krant meldt, op gezag van twee schepenen, 25 % minder energiekost of 5.400 euro per jaar. Wellicht verschilt de basis waarmee vergeleken wordt. We tonen beide cijfers en trekken er geen gemiddelde uit.",
                    "There are two reports on the savings, and they do not obviously agree. Interreg Europe reports 49,600 kWh a year, or 80%. A newspaper reports, on the authority of two aldermen, 25% lower energy cost or EUR 5,400 a year. The baseline probably differs. We show both figures and do not average them.",
                ),
            ),
        ],
        "lessons": [
            {
                "phase": "needs",
                "title": both(
                    "Vergelijk behouden, vernieuwen en licht als dienst",
                    "Compare keeping, renewing and lighting as a service",
                ),
                "text": both(
                    "Zet de drie opties naast elkaar op totale eigendomskost, samen met de leverancier en voor uw eigen gebouw. Behouden is soms de beste keuze.",
                    "Set the three options side by side on total cost of ownership, together with the supplier and for your own building. Keeping what you have is sometimes the best choice.",
                ),
                "conditions": both(
                    "Volgens de Green Deal Circulair Aankopen is licht als dienst vooral interessant boven ongeveer 200.000 euro of als u wilt opschalen, en wegen de voordelen door vanaf ongeveer tien branduren per dag.",
                    "According to the Green Deal Circular Procurement, lighting as a service is mainly of interest above about EUR 200,000 or if you plan to scale up, and the advantages begin at about ten burning hours a day.",
                ),
            },
            {
                "phase": "market",
                "title": both(
                    "Daag de markt uit vóór u het bestek schrijft",
                    "Challenge the market before you write the specifications",
                ),
                "text": both(
                    "De OVAM noemt Kortrijk een pionier in Vlaanderen. Volgens haar zette het project de markt in beweging en boden zich uiteindelijk meerdere spelers aan.",
                    "OVAM calls Kortrijk a pioneer in Flanders. In its view the project set the market in motion and in the end several players came forward.",
                ),
                "pitfalls": both(
                    "Een marktconsultatie mag geen onderhandeling worden. Geef alle deelnemers dezelfde informatie en houd een verslag bij.",
                    "A market consultation must not become a negotiation. Give all participants the same information and keep a record.",
                ),
            },
            {
                "phase": "tender",
                "title": both(
                    "Schrijf circulaire criteria concreet uit",
                    "Write out circular criteria in concrete terms",
                ),
                "text": both(
                    "Vraag naar losmaken, herstellen, retourlogistiek en de bestemming van de materialen. Zo kan een leverancier tonen waarin hij verschilt van een gewone installatie.",
                    "Ask about disassembly, repair, reverse logistics and the destination of the materials. That lets a supplier show how its offer differs from an ordinary installation.",
                ),
                "when_not": both(
                    "Weegt de prijs zwaar door en blijven de circulaire criteria vaag, dan wint de goedkoopste klassieke installatie.",
                    "If price weighs heavily and the circular criteria stay vague, the cheapest conventional installation wins.",
                ),
            },
            {
                "phase": "award",
                "title": both(
                    "Leg vast wie eigenaar blijft en wat er daarna gebeurt",
                    "Settle who remains the owner and what happens afterwards",
                ),
                "text": both(
                    "Spreek af hoe de installatie vernieuwd, hersteld en teruggenomen wordt, en vraag openheid over de verwerking. Liefst blijft de aanbieder eigenaar.",
                    "Agree on how the installation is upgraded, repaired and taken back, and ask for transparency about processing. Preferably the provider remains the owner.",
                ),
                "when_not": both(
                    "Licht als dienst is niet vanzelf circulair. Zonder die afspraken is het een gewone huur met een mooie naam.",
                    "Lighting as a service is not circular in itself. Without these agreements it is ordinary rental under a fine name.",
                ),
            },
            {
                "phase": "use",
                "title": both("Meet het verbruik vóór de start", "Measure consumption before the start"),
                "text": both(
                    "Noteer het verbruik van de oude installatie, de branduren en de energieprijs. Dan weet u later waarmee u vergelijkt.",
                    "Record the consumption of the old installation, the burning hours and the energy price. Then you know later what you are comparing with.",
                ),
                "pitfalls": both(
                    "Zonder nulmeting krijgt u cijfers die elkaar tegenspreken, zoals hier: 80 % minder stroom en 25 % minder energiekost kunnen over verschillende dingen gaan.",
                    "Without a baseline you get figures that contradict each other, as here: 80% less electricity and 25% less energy cost may be about different things.",
                ),
            },
        ],
        "figures": [
            {
                "label": both("Bespaarde elektriciteit", "Electricity saved"),
                "value": "49600",
                "unit": both("kWh per jaar", "kWh a year"),
                "quantity": "energy",
                "direction": "avoided",
                "baseline": both("Niet vermeld in de bron", "Not stated in the source"),
                "status": "claimed",
                "source_name": "Interreg Europe",
                "source_url": INTERREG_URL,
                "year": 2018,
                "note": both(
                    "De bron noemt dit 80 % besparing, maar zegt niet waarmee vergeleken wordt en hoe gemeten is. Vergelijk met het krantenbericht hieronder.",
                    "The source calls this a saving of 80%, but does not say what it is compared with or how it was measured. Compare with the newspaper report below.",
                ),
            },
            {
                "label": both("Lagere energiekost", "Lower energy cost"),
                "value": "5400",
                "unit": both("euro per jaar", "euros a year"),
                "direction": "avoided",
                "baseline": both(
                    "De energierekening van de stad; over welk jaar is niet vermeld",
                    "The city’s energy bill; of which year is not stated",
                ),
                "status": "claimed",
                "source_name": "Het Laatste Nieuws, 27-12-2018",
                "source_url": HLN_URL,
                "year": 2018,
                "note": both(
                    "Volgens twee schepenen, op basis van de energierekening van de stad: 25 % lager. Dit cijfer stemt niet vanzelf overeen met de 49.600 kWh van Interreg Europe; tel ze niet samen.",
                    "According to two aldermen, on the basis of the city’s energy bill: 25% lower. This figure does not obviously agree with the 49,600 kWh of Interreg Europe; do not add them up.",
                ),
            },
            {
                "label": both("Vermeden CO2-uitstoot", "CO2 emissions avoided"),
                "value": "11.5",
                "unit": both("ton CO2 per jaar", "tonnes of CO2 a year"),
                "quantity": "co2",
                "direction": "avoided",
                "baseline": both("Niet vermeld in de bron", "Not stated in the source"),
                "status": "claimed",
                "source_name": "Interreg Europe",
                "source_url": INTERREG_URL,
                "year": 2018,
                "note": both(
                    "Hoort bij de opgegeven besparing van 49.600 kWh. De bron vermeldt geen berekeningswijze.",
                    "Goes with the claimed saving of 49,600 kWh. The source gives no method of calculation.",
                ),
            },
            {
                "label": both("Verwachte materiaalbesparing, ondergrens", "Expected saving of materials, lower bound"),
                "value": "15",
                "unit": both("% van de materialen", "% of materials"),
                "direction": "avoided",
                "baseline": both("Een gewone overeenkomst", "An ordinary agreement"),
                "method": "supplier",
                "status": "expected",
                "source_name": "OVAM",
                "source_url": OVAM_URL,
                "year": 2017,
                "note": both(
                    "Raming: de leverancier zou met een circulair contract 15 tot 30 % materialen besparen tegenover een gewone overeenkomst. Niet gemeten.",
                    "Estimate: with a circular contract the supplier would save 15 to 30% of materials compared with an ordinary agreement. Not measured.",
                ),
            },
        ],
        "quiz": [
            {
                "phase": "needs",
                "question": both(
                    "Welke opties legt u naast elkaar vóór u licht als dienst kiest?",
                    "Which options do you set side by side before choosing lighting as a service?",
                ),
                "answers": [
                    both("Behouden, vernieuwen en licht als dienst", "Keeping, renewing and lighting as a service"),
                    both("Alleen vernieuwen en licht als dienst", "Only renewing and lighting as a service"),
                ],
                "right": 1,
                "why": both("Behouden is soms de beste keuze.", "Keeping what you have is sometimes the best choice."),
            },
            {
                "phase": "award",
                "question": both(
                    "Is licht als dienst vanzelf circulair?", "Is lighting as a service circular in itself?"
                ),
                "answers": [
                    both("Ja, want de leverancier blijft eigenaar", "Yes, because the supplier remains the owner"),
                    both(
                        "Neen: het hangt af van afspraken over vernieuwen, herstellen en terugnemen",
                        "No: it depends on agreements about upgrading, repair and take-back",
                    ),
                ],
                "right": 2,
                "why": both(
                    "Zonder die afspraken is het een gewone huur met een mooie naam.",
                    "Without these agreements it is ordinary rental under a fine name.",
                ),
            },
            {
                "phase": "use",
                "question": both(
                    "Waarom meet u het verbruik vóór de start?", "Why do you measure consumption before the start?"
                ),
                "answers": [
                    both("Om later te weten waarmee u vergelijkt", "To know later what you are comparing with"),
                    both("Om de leverancier te kiezen", "To choose the supplier"),
                    both("Omdat de energieprijs dan lager is", "Because the energy price is lower then"),
                ],
                "right": 1,
                "why": both(
                    "Zonder nulmeting krijgt u cijfers die elkaar tegenspreken.",
                    "Without a baseline you get figures that contradict each other.",
                ),
            },
        ],
        "sources": [
            ("OVAM, 18-04-2017", OVAM_URL),
            ("Interreg Europe, GPP lighting as a service, 2018", INTERREG_URL),
            ("Het Laatste Nieuws, 27-12-2018", HLN_URL),
            ("Vlaanderen Circulair, Lighting", GDCA_LIGHTING_URL),
        ],
    },
    {
        "key": "alsico",
        "slug": both("werkkledij-die-terugkeert", "workwear-that-comes-back"),
        "title": both("Werkkledij die terugkeert", "Workwear that comes back"),
        "hook": both(
            "Een sorteerhub die kledij eerst herstelt en hergebruikt, en pas daarna recycleert.",
            "A sorting hub that first repairs and reuses garments, and only then recycles them.",
        ),
        "buyer": None,
        "suppliers": [
            (
                "alsico",
                both("Producent van werkkledij en beheerder van de hub", "Workwear producer, runs the hub"),
            ),
        ],
        "municipality": "Ronse",
        "country": "BE",
        "year": both(
            "Sorteerhub van vóór 2025, polyesterrecyclage sinds 2025",
            "Sorting hub from before 2025, polyester recycling since 2025",
        ),
        "strategies": ["reduce", "reuse", "repair", "recycle"],
        "goals": [2, 3, 4, 5],
        "product_groups": ["textile"],
        "buyer_kind": "",
        "markets": ["textile"],
        "contract_forms": [],
        "cost": None,
        "cpv": ["18110000-3", "18130000-9"],
        "sdgs": [8, 9, 12, 13],
        "checked_on": "2026-11-23",
        "context": [
            (
                "p",
                both(
                    "Alsico is een familiebedrijf uit Ronse dat sinds 1934 werkkledij en beschermkledij maakt. Versleten werkkledij is moeilijk te verwerken: ze bestaat uit gemengde vezels, draagt logo’s en strepen, en moet aan strenge eisen voldoen.",
                    "Alsico is a family firm from Ronse that has made workwear and protective clothing since 1934. Worn-out workwear is hard to process: it is made of mixed fibres, carries logos and striping, and has to meet strict requirements.",
                ),
            ),
            (
                "p",
                both(
                    "Let op: dit is het voorbeeld van een leverancier. We kennen geen bestek of contract van een aankoper die er gebruik van maakt. De cijfers komen van het bedrijf zelf. Lees deze case als een beeld van wat de markt aanbiedt, en vraag in uw eigen dossier om bewijs.",
                    "Please note: this is a supplier’s example. We know of no tender specifications or contract of a purchaser that uses it. The figures come from the company itself. Read this case as a picture of what the market offers, and ask for proof in your own file.",
                ),
            ),
        ],
        "approach": [
            (
                "p",
                both(
                    'In de hub in Ronse, bekend als <i>Worked Wear</i>, komt afgedankte werkkledij binnen. Ze moet schoon zijn en de samenstelling moet bekend zijn. Eerst kijkt men of ze, eventueel na een kleine herstelling, opnieuw gedragen kan worden. Wat overblijft, wordt isolatiemateriaal of vezel (bron: <a href="https://www.alsico.eu/en/blog/alsico-launches-first-sorting-hub-workwear">Alsico</a>).',
                    'Discarded workwear arrives at the hub in Ronse, known as <i>Worked Wear</i>. It must be clean and its composition must be known. The first check is whether it can be worn again, if need be after a small repair. What remains becomes insulation material or fibre (source: <a href="https://www.alsico.eu/en/blog/alsico-launches-first-sorting-hub-workwear">Alsico</a>).',
                ),
            ),
            (
                "p",
                both(
                    'Wie kledij terugstuurt, betaalde daarvoor bij de start 0,25 euro per kilogram. De latere pagina van het bedrijf herhaalt dat tarief niet. In ruil krijgt de organisatie een attest met het aantal stuks, het gewicht en de mogelijk vermeden CO2 (bron: <a href="https://www.alsico.com/eu/news/alsico-launches-the-first-collecting-hub-for-workwear/">Alsico</a>).',
                    'At the launch, those who sent garments back paid EUR 0.25 per kilogram. The company’s later page does not repeat that rate. In return the organisation receives a statement with the number of pieces, the weight and the potential CO2 avoided (source: <a href="https://www.alsico.com/eu/news/alsico-launches-the-first-collecting-hub-for-workwear/">Alsico</a>).',
                ),
            ),
            (
                "p",
                both(
                    "In juli 2025 vertrok een eerste zending naar het recyclagebedrijf Sixone, dat er polyesterkorrels van maakt. Volgens Alsico is dat geen proef maar een blijvende stroom. In het najaar van 2025 stelde het bedrijf een kledingstuk voor dat van het gerecycleerde materiaal gemaakt is.",
                    "In July 2025 a first shipment left for the recycling company Sixone, which turns it into polyester chips. According to Alsico this is not a trial but a continuous flow. In autumn 2025 the company presented a garment made from the recycled material.",
                ),
            ),
        ],
        "lessons": [
            {
                "phase": "needs",
                "title": both(
                    "Koop het juiste aantal stuks per medewerker",
                    "Buy the right number of garments per worker",
                ),
                "text": both(
                    "Kledij die niet gekocht wordt, hoeft ook niet terug. Vertrek van wat medewerkers echt dragen, en weet waar elk stuk zich bevindt.",
                    "Garments that are not bought do not have to come back. Start from what workers really wear, and know where each garment is.",
                ),
                "conditions": both(
                    "Dit werkt alleen met opvolging per stuk. Zonder registratie blijven reservestukken in kasten liggen.",
                    "This only works with tracking per garment. Without records, spare items stay in cupboards.",
                ),
            },
            {
                "phase": "tender",
                "title": both("Let op logo’s en strepen", "Watch logos and striping"),
                "text": both(
                    "Het ontwerp beslist mee over hergebruik. Vraag emblemen die los kunnen, en een ontwerp dat gemakkelijk te herstellen is.",
                    "Design helps decide whether reuse is possible. Ask for emblems that can be removed, and for a design that is easy to repair.",
                ),
                "pitfalls": both(
                    "Bij beschermkledij gaat veiligheid voor. Laat nagaan of een aanpassing de norm niet in het gedrang brengt.",
                    "With protective clothing, safety comes first. Have it checked that a change does not put compliance with the standard at risk.",
                ),
            },
            {
                "phase": "award",
                "title": both(
                    "Schrijf onderhoud en herstelling in het contract",
                    "Write maintenance and repair into the contract",
                ),
                "text": both(
                    "Leg bijvoorbeeld een minimumaantal wasbeurten vast en wie kleine herstellingen doet. Langer dragen weegt zwaarder dan beter recycleren.",
                    "Set a minimum number of wash cycles, for instance, and say who does small repairs. Wearing longer counts for more than recycling better.",
                ),
                "when_not": both(
                    "Huren is niet vanzelf circulair. Vraag ook een verhuurder wat er met afgeschreven kledij gebeurt.",
                    "Renting is not circular in itself. Ask a rental company, too, what happens to garments that are written off.",
                ),
            },
            {
                "phase": "end",
                "title": both(
                    "Regel de terugname vóór de eerste levering",
                    "Arrange take-back before the first delivery",
                ),
                "text": both(
                    "Een sorteerhub aanvaardt alleen schone kledij met bekende samenstelling. Spreek dus af wie wast, wie inzamelt, wie vervoert en wie betaalt.",
                    "A sorting hub accepts only clean garments of known composition. So agree on who washes, who collects, who transports and who pays.",
                ),
                "pitfalls": both(
                    "De aankoper kan moeten betalen om kledij terug te geven. Neem die kost mee in de vergelijking van de offertes.",
                    "The purchaser may have to pay to return garments. Include that cost when comparing tenders.",
                ),
            },
            {
                "phase": "end",
                "title": both(
                    "Vraag een attest en lees wat er niet in staat",
                    "Ask for a statement and read what it leaves out",
                ),
                "text": both(
                    "Stuks en gewicht zijn te controleren. Vermeden CO2 hangt af van de rekenmethode: vraag die mee op.",
                    "Pieces and weight can be checked. Avoided CO2 depends on the method of calculation: ask for that as well.",
                ),
            },
        ],
        "figures": [
            {
                "label": both(
                    "Tarief voor terugname bij de start van de hub", "Take-back rate at the launch of the hub"
                ),
                "value": "0.25",
                "unit": both("euro per kilogram", "euros per kilogram"),
                "status": "claimed",
                "source_name": "Alsico",
                "source_url": ALSICO_SORTING_URL,
                "year": 2024,
                "note": both(
                    "De aankoper betaalt, niet de leverancier. De bron is niet gedateerd en schrijft over 2025 als toekomst; de latere pagina herhaalt het tarief niet.",
                    "The purchaser pays, not the supplier. The source is undated and speaks of 2025 as the future; the later page does not repeat the rate.",
                ),
            },
            {
                "label": both(
                    "Eerste zending werkkledij naar polyesterrecyclage",
                    "First shipment of workwear to polyester recycling",
                ),
                "value": "2040",
                "unit": both("kilogram", "kilograms"),
                "direction": "achieved",
                "period": both("Juli 2025", "July 2025"),
                "method": "supplier",
                "status": "measured",
                "source_name": "Duurzaam Ondernemen (Alsico)",
                "source_url": ALSICO_LOOP_DUTCH_URL,
                "year": 2025,
                "note": both(
                    "Gewicht dat het bedrijf zelf opgeeft voor één zending, in juli 2025. Het zegt niet hoeveel er nieuw garen van werd.",
                    "Weight stated by the company itself for one shipment, in July 2025. It does not say how much became new yarn.",
                ),
            },
            {
                "label": both(
                    "Minder broeikasgas dan gewoon polyester",
                    "Less greenhouse gas than conventional polyester",
                ),
                "value": "60",
                "unit": both("% minder uitstoot", "% lower emissions"),
                "quantity": "co2",
                "direction": "avoided",
                "baseline": both("Gewoon polyester", "Conventional polyester"),
                "method": "supplier",
                "status": "claimed",
                "source_name": "Iraqiseu (Alsico)",
                "source_url": ALSICO_GARMENT_URL,
                "year": 2025,
                "note": both(
                    "Cijfer van de leverancier, uit tweede hand gelezen. Rekenmethode en grenzen zijn ons niet bekend.",
                    "The supplier’s figure, read second hand. Method and boundaries are not known to us.",
                ),
            },
            {
                "label": both("Minder energie dan gewoon polyester", "Less energy than conventional polyester"),
                "value": "64",
                "unit": both("% minder energie", "% less energy"),
                "quantity": "energy",
                "direction": "avoided",
                "baseline": both("Gewoon polyester", "Conventional polyester"),
                "method": "supplier",
                "status": "claimed",
                "source_name": "Iraqiseu (Alsico)",
                "source_url": ALSICO_GARMENT_URL,
                "year": 2025,
                "note": both(
                    "Cijfer van de leverancier, uit tweede hand gelezen. Rekenmethode en grenzen zijn ons niet bekend.",
                    "The supplier’s figure, read second hand. Method and boundaries are not known to us.",
                ),
            },
        ],
        "quiz": [],
        "sources": [
            ("Alsico, sorting hub", ALSICO_SORTING_URL),
            ("Alsico, collecting hub", ALSICO_COLLECTING_URL),
            ("Alsico, 22-07-2025", ALSICO_LOOP_URL),
            ("Duurzaam Ondernemen, 2025", ALSICO_LOOP_DUTCH_URL),
            ("Iraqiseu, 2025", ALSICO_GARMENT_URL),
            ("Vlaanderen Circulair, Textiel", GDCA_TEXTILE_URL),
        ],
    },
    {
        "key": "concordia",
        "slug": both("garen-terugspinnen", "spinning-yarn-backwards"),
        "title": both("Garen terugspinnen", "Spinning yarn backwards"),
        "hook": both(
            "Langere vezels door omgekeerd spinnen: wat vraagt u dan in uw criteria?",
            "Longer fibres through reverse spinning: what do you then ask for in your criteria?",
        ),
        "buyer": None,
        "suppliers": [
            (
                "concordia",
                both(
                    "Textielproducent en partner in de joint venture",
                    "Textile producer and joint venture partner",
                ),
            ),
            (
                "purfi",
                both("Joint venture die de vezels terugwint", "Joint venture that recovers the fibres"),
            ),
        ],
        "municipality": "Waregem",
        "country": "BE",
        "year": both(
            "Joint venture in 2019, industriële productie sinds 2023",
            "Joint venture in 2019, industrial production since 2023",
        ),
        "strategies": ["reduce", "recycle"],
        "goals": [2, 5],
        "product_groups": ["textile"],
        "buyer_kind": "",
        "markets": ["textile"],
        "contract_forms": [],
        "cost": None,
        "cpv": ["19200000-8", "19210000-1"],
        "sdgs": [9, 12, 13],
        "checked_on": "2026-11-23",
        "context": [
            (
                "p",
                both(
                    "Concordia Textiles werd in 1925 opgericht en maakt in Waregem technisch textiel, onder meer voor beschermkledij, leger en windmolens. In 2019 richtte het met het Amerikaanse PurFi Global een joint venture op, elk voor de helft: Purfi Manufacturing Belgium.",
                    "Concordia Textiles was founded in 1925 and makes technical textiles in Waregem, for protective clothing, the military and wind turbines among others. In 2019 it set up a joint venture with the American PurFi Global, half each: Purfi Manufacturing Belgium.",
                ),
            ),
            (
                "p",
                both(
                    "Let op: ook dit is het voorbeeld van een leverancier, zonder aankoper en zonder bestek. Het toont wat technisch mogelijk is. Over de stand van zaken in 2026 vonden we geen bron.",
                    "Please note: this too is a supplier’s example, without a purchaser and without tender specifications. It shows what is technically possible. We found no source on how things stand in 2026.",
                ),
            ),
        ],
        "approach": [
            (
                "p",
                both(
                    'Gewone mechanische recyclage versnippert textiel en maakt de vezels kort. De joint venture draait het garen terug open, ‘reverse spinning’ genoemd, waardoor de vezels hun lengte grotendeels behouden (bron: <a href="https://vlaanderen-circulair.be/en/cases/detail/purfi">Vlaanderen Circulair</a>).',
                    'Ordinary mechanical recycling shreds textiles and makes the fibres short. The joint venture untwists the yarn, known as ‘reverse spinning’, so that the fibres keep most of their length (source: <a href="https://vlaanderen-circulair.be/en/cases/detail/purfi">Circular Flanders</a>).',
                ),
            ),
            (
                "p",
                both(
                    "De eerste lijn vroeg een basisinvestering van 5 miljoen euro (bron: dvo.be, bij de aankondiging). Na een testperiode startte de productie op industriële schaal begin 2023. Dat jaar kreeg het bedrijf de Trends Impact Award voor circulaire economie bij de kmo’s (bron: Trends, 2023).",
                    "The first line required a base investment of EUR 5 million (source: dvo.be, at the announcement). After a test period, production on an industrial scale started in early 2023. That year the company received the Trends Impact Award for circular economy among SMEs (source: Trends, 2023).",
                ),
            ),
            (
                "p",
                both(
                    "In 2023 ging het vooral om afval uit de productie zelf, niet om gedragen kledij. De cijfers hieronder zijn capaciteit, geen werkelijke productie.",
                    "In 2023 this was mainly waste from production itself, not worn clothing. The figures below are capacity, not actual output.",
                ),
            ),
        ],
        "lessons": [
            {
                "phase": "needs",
                "title": both("Zeg wat u met circulair textiel bedoelt", "Say what you mean by circular textiles"),
                "text": both(
                    "Duurzaam is niet hetzelfde als circulair. Biokatoen is een duurzame keuze, maar sluit nog geen kringloop. Bepaal eerst welk doel u nastreeft.",
                    "Sustainable is not the same as circular. Organic cotton is a sustainable choice, but it does not close a loop. First decide which goal you pursue.",
                ),
            },
            {
                "phase": "market",
                "title": both("Bevraag de hele keten", "Question the whole chain"),
                "text": both(
                    "Een confectiebedrijf kent niet altijd de spinner. Vraag in de marktconsultatie wie de vezel terugwint, wie spint en wie weeft, en hoeveel zij vandaag kunnen leveren.",
                    "A garment maker does not always know the spinner. In the market consultation, ask who recovers the fibre, who spins and who weaves, and how much they can supply today.",
                ),
                "pitfalls": both(
                    "Een nieuwe techniek kan voorlopig vooral productieafval verwerken. Reken er dan niet op dat uw eigen oude kledij terugkomt als garen.",
                    "A new technique may for now mainly handle production waste. Do not count on your own old garments coming back as yarn.",
                ),
            },
            {
                "phase": "tender",
                "title": both("Vraag gerecycleerde vezel én levensduur", "Ask for recycled fibre and for service life"),
                "text": both(
                    "Vraag een aandeel gerecycleerde of biogebaseerde vezel, maar toets altijd wat dat doet met slijtvastheid en wasbeurten. Langere vezels helpen; een proef bewijst het.",
                    "Ask for a share of recycled or bio-based fibre, but always test what that does to wear resistance and wash cycles. Longer fibres help; a trial proves it.",
                ),
                "when_not": both(
                    "Verslijt de kledij sneller, dan is de winst van de gerecycleerde vezel weg.",
                    "If the garment wears out sooner, the gain from the recycled fibre is lost.",
                ),
            },
            {
                "phase": "award",
                "title": both("Neem capaciteit niet voor levering", "Do not mistake capacity for delivery"),
                "text": both(
                    "Een lijn die veel kan verwerken, levert daarom nog niet wat u nodig hebt. Vraag verkochte hoeveelheden, levertermijnen en een tweede bron.",
                    "A line that can process a great deal does not therefore deliver what you need. Ask for quantities sold, delivery times and a second source.",
                ),
                "pitfalls": both(
                    "Schrijf geen exclusieve techniek voor. Beschrijf de prestatie, zodat ook andere oplossingen een kans krijgen.",
                    "Do not prescribe one exclusive technique. Describe the performance, so that other solutions have a chance too.",
                ),
            },
        ],
        "figures": [
            {
                "label": both("Capaciteit van de lijn", "Capacity of the line"),
                "value": "10",
                "unit": both("ton textiel per dag", "tonnes of textiles a day"),
                "status": "claimed",
                "source_name": "Vlaanderen Circulair",
                "source_url": PURFI_CASE_URL,
                "year": 2023,
                "note": both(
                    "Bovengrens: ‘tot 10 ton’. Capaciteit, geen werkelijke productie. De bron is niet gedateerd; 2023 is het jaar van de prijs die ze vermeldt.",
                    "Upper bound: ‘up to 10 tonnes’. Capacity, not actual output. The source is undated; 2023 is the year of the award it mentions.",
                ),
            },
            {
                "label": both("Capaciteit per jaar", "Capacity a year"),
                "value": "3000",
                "unit": both("ton textiel per jaar", "tonnes of textiles a year"),
                "status": "claimed",
                "source_name": "Focus & WTV",
                "source_url": FOCUS_WTV_URL,
                "year": 2025,
                "note": both(
                    "Wat het bedrijf zegt te kunnen recycleren. Capaciteit, geen werkelijke productie.",
                    "What the company says it can recycle. Capacity, not actual output.",
                ),
            },
            {
                "label": both("Vezellengte na omgekeerd spinnen", "Fibre length after reverse spinning"),
                "value": "30",
                "unit": both("millimeter", "millimetres"),
                "direction": "achieved",
                "baseline": both(
                    "Vezels na versnipperen: 12 tot 15 millimeter", "Fibres after shredding: 12 to 15 millimetres"
                ),
                "status": "claimed",
                "source_name": "Focus on Belgium",
                "source_url": FOCUS_ON_BELGIUM_URL,
                "year": 2021,
                "note": both(
                    "Ter vergelijking noemt de bron 12 tot 15 millimeter bij versnipperen. De bron is niet gedateerd en schrijft over 2022 als toekomst.",
                    "For comparison the source mentions 12 to 15 millimetres with shredding. The source is undated and speaks of 2022 as the future.",
                ),
            },
            {
                "label": both("Basisinvestering in de eerste lijn", "Base investment in the first line"),
                "value": "5",
                "unit": both("miljoen euro", "million euros"),
                "status": "expected",
                "source_name": "dvo.be",
                "source_url": DVO_URL,
                "year": 2019,
                "note": both(
                    "Bedrag bij de aankondiging. Wat de lijn uiteindelijk kostte, weten we niet.",
                    "Amount at the announcement. We do not know what the line cost in the end.",
                ),
            },
        ],
        "quiz": [],
        "sources": [
            ("Vlaanderen Circulair, Purfi", PURFI_CASE_URL),
            ("Focus & WTV, Concordia Textiles, 2025", FOCUS_WTV_URL),
            ("Focus on Belgium", FOCUS_ON_BELGIUM_URL),
            ("dvo.be", DVO_URL),
            ("Trends, 10-2023", TRENDS_PURFI_URL),
            (
                "Concordia Textiles",
                "https://concordiatextiles.com/en/news-events/a-second-life-for-every-fiber",
            ),
            ("Vlaanderen Circulair, Textiel", GDCA_TEXTILE_URL),
        ],
    },
]
