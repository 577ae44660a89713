"""The demo's home page, standard pages, organiser and address book, in Dutch and English.

The Dutch of the home page is the Tour's own text. Facts about real organisations carry their source; organisations with
"(demo)" in their name are invented.
"""

from typing import Literal, TypedDict

from cms.content import Text, both

#: Paragraphs and list items in order: ("p" | "h2" | "li" | "oli", text). Each text is one segment to translate.
Rich = list[tuple[str, Text]]


class Home(TypedDict):
    title: Text
    hero: Text
    lead: Text
    about: Rich
    figures: list[tuple[int, Text]]
    figures_note: Text
    results: list[Text]
    lessons: list[Text]
    future: Rich
    partners: Text


class StandardPageContent(TypedDict):
    key: str
    slug: Text
    title: Text
    intro: Text
    body: Rich
    show_in_menus: bool


class ResultsContent(TypedDict):
    slug: Text
    title: Text
    intro: Text
    counting: Rich


class OrganiserContent(TypedDict):
    name: str
    address: str
    email: str
    phone: str
    enterprise_number: str


class OrganisationContent(TypedDict):
    key: str
    name: str
    kind: Literal["public", "private", "nonprofit"]
    country: str
    municipality: str
    website: str
    is_demo: bool
    domains: list[str]
    #: Role in the demo's scheme; None for organisations that pay or only appear in cases.
    scheme_role: Literal["purchaser", "facilitator"] | None


HOME: Home = {
    "title": both("Best Practice Tour Circulair Aankopen", "Best Practice Tour Circular Procurement"),
    "hero": both("Ga kijken hoe circulair aankopen echt werkt", "See for yourself how circular procurement works"),
    "lead": both(
        "Bedrijfsbezoeken bij inspirerende circulaire voorbeeldcases. Gratis voor aankopers binnen de Green Deal Circulair Aankopen, tegen kostprijs voor alle andere aankopers.",
        "Company visits to inspiring circular examples. Free of charge for purchasers in the Green Deal Circular Procurement, at cost price for all other purchasers.",
    ),
    "about": [
        (
            "p",
            both(
                "Het project Best Practice Tour Circulair Aankopen ontstond uit een samenwerking van de VIB, de beroepsfederatie voor aankopers en logistieke professionals, en CSR CAMPUS, het opleidingsplatform met een focus op duurzaam ondernemen en circulaire economie.",
                "The Best Practice Tour Circular Procurement project grew out of a partnership between VIB, the professional federation for purchasers and logistics professionals, and CSR CAMPUS, the training platform with a focus on sustainable business and the circular economy.",
            ),
        ),
        (
            "p",
            both(
                "De Best Practice Tour is een heel traject bestaande uit verschillende georganiseerde bezoeken aan bedrijven die reeds mooie, circulaire principes hanteren en zo een inspirerend voorbeeld of ‘best practice’ vormen. Die bedrijfsbezoeken zijn specifiek gericht naar aankopers met interesse in circulariteit.",
                "The Best Practice Tour is a full programme of organised visits to companies that already apply sound circular principles and so set an inspiring example, or ‘best practice’. The company visits are aimed specifically at purchasers with an interest in circularity.",
            ),
        ),
        (
            "p",
            both(
                "Leren hoe je circulair aankoopt via workshops rond aankoopprojecten, offertes, marktbevragingen en het meten van circulaire impact is al een belangrijke basis. Met dit project willen we die kennis verder aanvullen met échte voorbeelden op het terrein. We zijn ervan overtuigd dat dat de motivatie om circulair aan te kopen en het geloof in een circulaire markt enkel maar zal versterken.",
                "Learning how to buy circular through workshops on purchasing projects, quotations, market consultations and the measurement of circular impact is already an important foundation. With this project we want to add real examples in the field to that knowledge. We are convinced that this can only strengthen the motivation to buy circular and the belief in a circular market.",
            ),
        ),
        (
            "p",
            both(
                "Gedurende dit project werden uiteindelijk verschillende bedrijven en projecten met uitzonderlijke circulaire voorbeeldcases bezocht. Zo gingen we bijvoorbeeld op inspirerend bezoek bij het internationaal befaamde circulaire stadskantoor VENLO, maakten de deelnemers kennis met de nieuwe circulaire verlichtingsmodellen van Signify of met de circulaire hightech in de Vlaamse textielsector bij Alsico en Concordia.",
                "In the course of the project we visited several companies and projects with exceptional circular examples. We paid an inspiring visit to the internationally renowned circular city hall of VENLO, for instance, and the participants became acquainted with the new circular lighting models of Signify and with the circular high tech of the Flemish textile sector at Alsico and Concordia.",
            ),
        ),
    ],
    "figures": [
        (13, both("best practices in programma", "best practices in the programme")),
        (8, both("reële bezoeken", "actual visits")),
        (101, both("bereikte deelnemers", "participants reached")),
        (2, both("opleidingscentra in partnerschap", "training centres in partnership")),
    ],
    "figures_note": both(
        "Cijfers van het pilootproject, niet van het huidige programma.",
        "Figures of the pilot project, not of the current programme.",
    ),
    "results": [
        both(
            "We creëerden een divers aanbod van bedrijfsbezoeken aan organisaties met inspirerende circulaire praktijken, zowel voor aankopers binnen de Green Deal Circulair Aankopen (gratis) als aankopers met interesse in circulair aankopen in het algemeen (tegen kostprijs).",
            "We created a varied range of company visits to organisations with inspiring circular practices, both for purchasers in the Green Deal Circular Procurement (free of charge) and for purchasers with an interest in circular procurement in general (at cost price).",
        ),
        both(
            "De verschillende bedrijfsbezoeken leverden heel wat interessante informatie op (leerlessen, beeldmateriaal) die kan dienen als content op het online leerplatform van CSR CAMPUS.",
            "The company visits yielded a good deal of interesting information (lessons learned, images) that can serve as content on the online learning platform of CSR CAMPUS.",
        ),
        both(
            "De Best Practice Tour vormt niet enkel een grote inspiratiebron, maar biedt tegelijk ook de ideale netwerkgelegenheid voor professionele aankopers onderling op vlak van circulair aankopen.",
            "The Best Practice Tour is not only a great source of inspiration. It also gives professional purchasers the ideal opportunity to network with each other on circular procurement.",
        ),
        both(
            "Dit traject was een interessante test om na te gaan of we in de toekomst dergelijke georganiseerde bedrijfsbezoeken structureel kunnen verankeren in ons programma rond circulair inkopen.",
            "This programme was an interesting test of whether we can make organised company visits of this kind a permanent part of our programme on circular purchasing.",
        ),
    ],
    "lessons": [
        both(
            "Onder andere uit het lage aantal inschrijvingen voor sommige bedrijfsbezoeken leiden we af dat we onze programma’s in de toekomst meer moeten afstemmen op de wensen en behoeften van de aankopers, in plaats van enkel op de beschikbare circulaire voorbeelden.",
            "From the low number of registrations for some company visits, among other things, we conclude that in future we must match our programmes more closely to the wishes and needs of purchasers, rather than only to the circular examples available.",
        ),
        both(
            "De interesse in duurzaam en circulair aankopen groeit en zal wellicht steeds verder toenemen. Toch is het vandaag nog een nichemarkt en bereiken we met ons traject slechts een kleine groep koplopers. De markt is vandaag nog te klein voor echt grootschalige initiatieven.",
            "Interest in sustainable and circular procurement is growing and will probably continue to do so. Yet today it is still a niche market, and with our programme we reach only a small group of frontrunners. The market is still too small for truly large-scale initiatives.",
        ),
        both(
            "Om de vraag naar meer circulariteit in aankoopprojecten te boosten, moet het contact met de aanbieders nog meer gestimuleerd worden. Onze bedrijfsbezoeken zijn alvast een stap in de goede richting: de deelnemers vonden het bezichtigen van voorbeelden op het terrein heel inspirerend.",
            "To boost demand for more circularity in purchasing projects, contact with suppliers must be encouraged even more. Our company visits are a step in the right direction: the participants found it very inspiring to see examples in the field.",
        ),
        both(
            "Om tot echte co-creatie te komen, is een goede samenwerking tussen alle partners essentieel: experten in circulair aankopen en circulaire markten, partners met een sterk netwerk in de circulaire economie, opleidingspartners met de juiste programma’s en communicatiepartners die een grote doelgroep kunnen aantrekken.",
            "For real co-creation, good cooperation between all partners is essential: experts in circular procurement and circular markets, partners with a strong network in the circular economy, training partners with the right programmes, and communications partners who can attract a large audience.",
        ),
    ],
    "future": [
        (
            "p",
            both(
                "Momenteel zijn er volop gesprekken aan de gang om na te gaan of we dit initiatief structureel kunnen verankeren in ons opleidingsaanbod naar aankopers toe. Op basis van de opgedane kennis en de geleerde lessen tijdens dit pilootproject, overwegen we om een andere aanpak te lanceren die meer vertrekt vanuit de behoefte van de aankopers, in plaats vanuit het aanbod van goede voorbeelden. Tegelijk zoeken we nog naar het juiste verdienmodel om dit traject ook financieel haalbaar te maken. De kans is alvast heel groot dat we hieraan een vervolg zullen koppelen.",
                "Talks are now in full swing to see whether we can make this initiative a permanent part of our training for purchasers. On the basis of the knowledge gained and the lessons learned in this pilot project, we are considering a different approach, one that starts more from what purchasers need than from the good examples on offer. At the same time we are still looking for the right revenue model to make the programme financially viable as well. There is every chance that there will be a sequel.",
            ),
        ),
    ],
    "partners": both(
        "Vereniging voor Inkoop en Bedrijfslogistiek (VIB). Partners: CSR CAMPUS en IFMA Belgian Chapter.",
        "Vereniging voor Inkoop en Bedrijfslogistiek (VIB), the Flemish association for purchasing and logistics. Partners: CSR CAMPUS and IFMA Belgian Chapter.",
    ),
}


PAGES: list[StandardPageContent] = [
    {
        "key": "about",
        "slug": both("over-de-tour", "about"),
        "title": both("Over de Tour", "About the Tour"),
        "intro": both(
            "De Tour brengt aankopers naar plaatsen waar circulair aankopen al gebeurt. U ziet wat werkt, u hoort wat niet werkte, en u neemt mee wat u in uw eigen bestek kunt gebruiken.",
            "The Tour takes purchasers to places where circular procurement already happens. You see what works, you hear what did not, and you take home what you can use in your own tender specifications.",
        ),
        "show_in_menus": True,
        "body": [
            ("h2", both("Wat de Tour is", "What the Tour is")),
            (
                "p",
                both(
                    "De Best Practice Tour bestaat uit bedrijfsbezoeken en uit de cases die erbij horen. Elk bezoek duurt een halve dag en draait rond één vraag uit de aankooppraktijk. De cases kunt u vrij raadplegen, ook als u niet meegaat op bezoek.",
                    "The Best Practice Tour consists of company visits and of the cases that go with them. Each visit takes half a day and turns on one question from purchasing practice. The cases are free to consult, even if you do not join a visit.",
                ),
            ),
            (
                "p",
                both(
                    'De Tour begon als pilootproject van de VIB en CSR CAMPUS. Op <a href="https://vlaanderen-circulair.be/nl/doeners-in-vlaanderen/detail-2/best-practice-tour-circulair-aankopen">de projectpagina bij Vlaanderen Circulair</a> leest u wat het pilootproject opleverde.',
                    'The Tour began as a pilot project of VIB and CSR CAMPUS. You can read what the pilot yielded on <a href="https://vlaanderen-circulair.be/nl/doeners-in-vlaanderen/detail-2/best-practice-tour-circulair-aankopen">the project page at Circular Flanders (in Dutch)</a>.',
                ),
            ),
            ("h2", both("Voor wie", "Who it is for")),
            (
                "li",
                both(
                    "Aankopers van lokale besturen, overheden, scholen en zorginstellingen.",
                    "Purchasers in local government, public authorities, schools and care institutions.",
                ),
            ),
            (
                "li",
                both(
                    "Aankopers en facilitair verantwoordelijken van bedrijven.",
                    "Purchasers and facility managers in companies.",
                ),
            ),
            (
                "li",
                both(
                    "Wie mee over een aankoop beslist: duurzaamheidsverantwoordelijken, preventieadviseurs, financieel verantwoordelijken.",
                    "Anyone who shares in a purchasing decision: sustainability managers, health and safety advisers, finance managers.",
                ),
            ),
            ("h2", both("Hoe een bezoek verloopt", "How a visit goes")),
            (
                "oli",
                both(
                    "Onthaal en korte inleiding: welke aankoopvraag staat vandaag centraal?",
                    "Welcome and short introduction: which purchasing question is central today?",
                ),
            ),
            (
                "oli",
                both(
                    "Rondleiding bij het gastbedrijf, in kleine groepen.",
                    "Tour of the host company, in small groups.",
                ),
            ),
            (
                "oli",
                both(
                    "Gesprek over het bestek, de gunning en de opvolging, ook over wat tegenviel.",
                    "A talk about the tender specifications, the award and the follow-up, including what was disappointing.",
                ),
            ),
            (
                "oli",
                both(
                    "Tijd om andere aankopers te leren kennen.",
                    "Time to get to know other purchasers.",
                ),
            ),
            (
                "p",
                both(
                    "De leerlessen van een bezoek komen bij de case te staan.",
                    "The lessons learned from a visit are added to the case.",
                ),
            ),
            ("h2", both("De Green Deal Circulair Aankopen", "The Green Deal Circular Procurement")),
            (
                "p",
                both(
                    'De Green Deal Circulair Aankopen werd op 8 juni 2017 ondertekend door meer dan 130 organisaties, op initiatief van Vlaanderen Circulair, The Shift, VVSG en Bond Beter Leefmilieu (bron: <a href="https://theshift.be/nl/projecten/green-deal-circulair-aankopen">The Shift</a>). Een aankopende organisatie engageerde zich om in twee jaar minstens twee circulaire aankoopprojecten te starten.',
                    'The Green Deal Circular Procurement was signed on 8 June 2017 by more than 130 organisations, on the initiative of Circular Flanders, The Shift, VVSG and Bond Beter Leefmilieu (source: <a href="https://theshift.be/nl/projecten/green-deal-circulair-aankopen">The Shift</a>). A purchasing organisation committed itself to starting at least two circular purchasing projects in two years.',
                ),
            ),
            (
                "p",
                both(
                    'De Green Deal werd afgerond in november 2019 (bron: <a href="https://www.omgeving.vlaanderen.be/green-deal-circulair-aankopen">Departement Omgeving</a>). Er komen dus geen nieuwe leden meer bij. Daarom houdt de organisator per regeling bij welke organisatie recht heeft op gratis plaatsen, met een begindatum en een einddatum. Zo kan een latere Green Deal of een ander programma er gewoon bij komen.',
                    'The Green Deal was concluded in November 2019 (source: <a href="https://www.omgeving.vlaanderen.be/green-deal-circulair-aankopen">Flemish Department of Environment</a>). No new members can join. The organiser therefore keeps, for each scheme, a record of which organisation is entitled to free places, with a start date and an end date. A later Green Deal or another programme can simply be added.',
                ),
            ),
            (
                "p",
                both(
                    'De kennis uit de Green Deal blijft beschikbaar bij <a href="https://aankopen.vlaanderen-circulair.be/nl">Vlaanderen Circulair</a>.',
                    'The knowledge from the Green Deal remains available at <a href="https://aankopen.vlaanderen-circulair.be/nl">Circular Flanders (in Dutch)</a>.',
                ),
            ),
        ],
    },
    {
        "key": "taking-part",
        "slug": both("deelnemen", "taking-part"),
        "title": both("Deelnemen", "Taking part"),
        "intro": both(
            "Wie gratis meegaat, wat de anderen betalen, en wat u doet als u verhinderd bent.",
            "Who goes free, what the others pay, and what to do if you cannot come.",
        ),
        "show_in_menus": True,
        "body": [
            ("h2", both("Wie gaat gratis mee?", "Who goes free?")),
            (
                "p",
                both(
                    "Aankopers van een organisatie met een geldige deelname aan een erkende regeling, zoals de Green Deal Circulair Aankopen, betalen niets. Dat recht hoort bij de organisatie, niet bij de persoon. Het telt als de deelname geldig is op de dag van het bezoek.",
                    "Purchasers from an organisation with valid membership of a recognised scheme, such as the Green Deal Circular Procurement, pay nothing. The right belongs to the organisation, not to the person. It counts if the membership is valid on the day of the visit.",
                ),
            ),
            (
                "p",
                both("U toont dat recht op een van deze manieren:", "You show that right in one of these ways:"),
            ),
            (
                "li",
                both(
                    "met de <b>organisatiecode</b> die uw organisatie van ons kreeg;",
                    "with the <b>organisation code</b> your organisation received from us;",
                ),
            ),
            (
                "li",
                both(
                    "met een <b>e-mailadres van uw organisatie</b>: u bevestigt de inschrijving via de link in onze mail;",
                    "with an <b>e-mail address of your organisation</b>: you confirm the registration through the link in our e-mail;",
                ),
            ),
            (
                "li",
                both(
                    "door het de organisator te <b>vragen</b>, op tour@example.org, vóór u zich inschrijft.",
                    "by <b>asking</b> the organiser, at tour@example.org, before you register.",
                ),
            ),
            (
                "p",
                both(
                    "Een adres bij een algemene maildienst is geen bewijs.",
                    "An address at a general mail service is no proof.",
                ),
            ),
            ("h2", both("Wat betaalt u anders?", "What do you pay otherwise?")),
            (
                "p",
                both(
                    "Alle anderen betalen de kostprijs van het bezoek. De prijs staat bij elk bezoek, exclusief en inclusief btw. De btw volgt het land waar het bezoek plaatsvindt. U betaalt online, of met een factuur waar het bezoek dat toelaat. Een bestelbonnummer kunt u bij de inschrijving opgeven.",
                    "Everyone else pays the cost price of the visit. The price is shown with each visit, excluding and including VAT. VAT follows the country where the visit takes place. You pay online, or by invoice where the visit allows it. You can give a purchase order number when you register.",
                ),
            ),
            ("h2", both("Inschrijven met collega’s", "Registering with colleagues")),
            (
                "p",
                both(
                    "In één keer schrijft u tot tien deelnemers in. Is een bezoek volzet, dan kunt u op de wachtlijst. Komt er een plaats vrij, dan schrijven we wie het langst wacht het eerst aan.",
                    "You can register up to ten participants at once. If a visit is fully booked, you can join the waiting list. When a place becomes free, we write first to whoever has waited longest.",
                ),
            ),
            ("h2", both("Verhinderd?", "Cannot come?")),
            (
                "p",
                both(
                    "U annuleert zelf, met de link in uw bevestiging: één plaats of allemaal. Een vervanger sturen is altijd gratis: met dezelfde link vult u de nieuwe naam in. Wat u bij annulering terugkrijgt, ziet u vóór u bestelt en staat in de <b>voorwaarden</b>.",
                    "You cancel yourself, with the link in your confirmation: one place or all of them. Sending a substitute is always free of charge: fill in the new name with the same link. You see what you get back before you order, and it is stated in the <b>terms</b>.",
                ),
            ),
            (
                "p",
                both(
                    "Kunt u niet komen, laat het dan weten, ook als uw plaats gratis was. Er staat misschien iemand op de wachtlijst.",
                    "If you cannot come, let us know, even if your place was free. Someone may be on the waiting list.",
                ),
            ),
            ("h2", both("Voor overheidsaankopers: integriteit", "For public purchasers: integrity")),
            (
                "p",
                both(
                    "Een bezoek aan een leverancier mag de mededinging niet verstoren. De wet van 17 juni 2016 inzake overheidsopdrachten vraagt dat een aanbesteder ook de schijn van een belangenconflict vermijdt. Daarom zeggen we bij elk bezoek wie wat betaalt, en stellen we programma en presentaties achteraf voor iedereen beschikbaar.",
                    "A visit to a supplier may not distort competition. The Belgian Public Procurement Act of 17 June 2016 asks contracting authorities to avoid even the appearance of a conflict of interest. That is why we state for each visit who pays for what, and make the programme and presentations available to everyone afterwards.",
                ),
            ),
            (
                "p",
                both(
                    "Loopt er in uw organisatie een opdracht in deze markt, of bereidt u er een voor? Overleg dan vooraf met uw dienst overheidsopdrachten.",
                    "Is your organisation running a tender in this market, or preparing one? Then consult your procurement department beforehand.",
                ),
            ),
        ],
    },
    {
        "key": "terms",
        "slug": both("voorwaarden", "terms"),
        "title": both("Voorwaarden", "Terms"),
        "intro": both(
            "Voorbeeldtekst bij de demo. De organisator vervangt hem door eigen voorwaarden, nagekeken door een jurist.",
            "Example text for the demo. The organiser replaces it with its own terms, checked by a lawyer.",
        ),
        "show_in_menus": False,
        "body": [
            (
                "p",
                both(
                    "<b>Dit is een demo.</b> De organisator, de prijzen en de bezoeken zijn verzonnen. Aan deze tekst kunt u geen rechten ontlenen.",
                    "<b>This is a demo.</b> The organiser, the prices and the visits are invented. No rights can be derived from this text.",
                ),
            ),
            ("h2", both("1. Wie organiseert", "1. Who organises")),
            (
                "p",
                both(
                    "De organisator is Best Practice Tour (demo), Voorbeeldplein 1, 1000 Brussel, ondernemingsnummer 0123.456.749 (demo), tour@example.org.",
                    "The organiser is Best Practice Tour (demo), Voorbeeldplein 1, 1000 Brussels, enterprise number 0123.456.749 (demo), tour@example.org.",
                ),
            ),
            ("h2", both("2. Voor wie", "2. For whom")),
            (
                "p",
                both(
                    "De bezoeken zijn bedoeld voor wie beroepshalve aankoopt. Deze voorbeeldtekst gaat ervan uit dat u voor een organisatie inschrijft.",
                    "The visits are intended for people who purchase as part of their work. This example text assumes that you register on behalf of an organisation.",
                ),
            ),
            ("h2", both("3. Prijs", "3. Price")),
            (
                "p",
                both(
                    "Bij elk bezoek staat de prijs per deelnemer, exclusief en inclusief btw. De prijs inclusief btw is wat u in totaal betaalt. Er komen geen kosten bij. Wat in de prijs begrepen is, zoals een lunch, staat bij het bezoek.",
                    "Each visit shows the price per participant, excluding and including VAT. The price including VAT is the total you pay. No costs are added. What the price includes, such as lunch, is stated with the visit.",
                ),
            ),
            (
                "p",
                both(
                    "De btw is die van het land waar het bezoek plaatsvindt.",
                    "VAT is that of the country where the visit takes place.",
                ),
            ),
            ("h2", both("4. Bestelling", "4. Order")),
            (
                "p",
                both(
                    "Voor een betalende plaats bestelt u met de knop ‘Bestelling met betalingsverplichting’. Vanaf dan is er een overeenkomst. U krijgt een bevestiging per e-mail. Een gratis plaats vraagt u aan met de knop ‘Gratis inschrijven’ en verplicht u tot geen enkele betaling.",
                    "For a paid place you order with the button ‘Order with obligation to pay’. From then on there is an agreement. You receive a confirmation by e-mail. You request a free place with the button ‘Register free’, which does not oblige you to pay anything.",
                ),
            ),
            (
                "p",
                both(
                    "U betaalt online, meteen na uw bestelling. Zolang de betaaltermijn loopt, houden we uw plaatsen vrij. Laat het bezoek een factuur toe, dan zijn uw plaatsen meteen zeker en betaalt u vóór de vervaldag.",
                    "You pay online, right after your order. For as long as the payment period runs, we keep your places. Where the visit allows an invoice, your places are certain at once and you pay before it is due.",
                ),
            ),
            ("h2", both("5. Annuleren en vervangen", "5. Cancelling and substituting")),
            (
                "li",
                both(
                    "Een vervanger sturen kan altijd en kost niets. Vul de nieuwe naam in met de link in uw bevestiging.",
                    "You can always send a substitute, at no cost. Fill in the new name with the link in your confirmation.",
                ),
            ),
            (
                "li",
                both(
                    "Annuleert u meer dan veertien dagen voor het begin van het bezoek, dan krijgt u alles terug. Het uur telt mee; bij uw bestelling ziet u de juiste tijdstippen.",
                    "If you cancel more than fourteen days before the start of the visit, you get everything back. The hour counts; the exact moments are shown with your order.",
                ),
            ),
            (
                "li",
                both(
                    "Annuleert u later, maar meer dan zeven dagen voor het begin, dan krijgt u de helft terug.",
                    "If you cancel later, but more than seven days before the start, you get half back.",
                ),
            ),
            (
                "li",
                both(
                    "Annuleert u later of komt u niet opdagen, dan krijgt u niets terug.",
                    "If you cancel later or do not turn up, you get nothing back.",
                ),
            ),
            (
                "p",
                both(
                    "Annuleert de organisator het bezoek, dan krijgt u het volledige bedrag terug.",
                    "If the organiser cancels the visit, you get the full amount back.",
                ),
            ),
            ("h2", both("6. Herroepingsrecht", "6. Right of withdrawal")),
            (
                "p",
                both(
                    "Deze voorbeeldtekst regelt geen verkoop aan consumenten. Wil de organisator ook aan consumenten verkopen, dan hoort hier te staan of zij een herroepingsrecht hebben, en hoe zij het gebruiken.",
                    "This example text does not cover sales to consumers. If the organiser also wishes to sell to consumers, this is the place to say whether they have a right of withdrawal and how they use it.",
                ),
            ),
            ("h2", both("7. Tijdens het bezoek", "7. During the visit")),
            (
                "p",
                both(
                    "U volgt de huisregels en de veiligheidsvoorschriften van het gastbedrijf. Fotograferen mag alleen waar het gastbedrijf dat toelaat.",
                    "You follow the house rules and safety instructions of the host company. Photography is allowed only where the host company permits it.",
                ),
            ),
            ("h2", both("8. Klachten", "8. Complaints")),
            (
                "p",
                both(
                    "Bent u niet tevreden, mail dan naar tour@example.org. U krijgt binnen tien werkdagen een antwoord. Op deze overeenkomst is het Belgische recht van toepassing.",
                    "If you are not satisfied, e-mail tour@example.org. You will receive an answer within ten working days. This agreement is governed by Belgian law.",
                ),
            ),
        ],
    },
    {
        "key": "privacy",
        "slug": both("privacy", "privacy"),
        "title": both("Privacy", "Privacy"),
        "intro": both(
            "Welke gegevens we vragen, waarom, en hoe lang we ze bewaren. De bewaartermijnen zijn een voorstel dat de organisator nog moet bevestigen.",
            "Which data we ask for, why, and how long we keep them. The retention periods are a proposal that the organiser has yet to confirm.",
        ),
        "show_in_menus": False,
        "body": [
            (
                "p",
                both(
                    "Dit is een demosite. Vul geen echte persoonsgegevens in. Verantwoordelijke voor de verwerking is in dit voorbeeld Best Practice Tour (demo), tour@example.org.",
                    "This is a demo site. Do not enter real personal data. In this example the controller is Best Practice Tour (demo), tour@example.org.",
                ),
            ),
            ("h2", both("Geen volgsoftware", "No trackers")),
            (
                "p",
                both(
                    "Deze site gebruikt geen volgcookies, geen reclamenetwerken en geen bezoekersstatistieken van derden. We plaatsen alleen cookies die nodig zijn om de site te laten werken, bijvoorbeeld om een formulier te beveiligen. Daarvoor is geen toestemming nodig.",
                    "This site uses no tracking cookies, no advertising networks and no third-party visitor statistics. We set only the cookies needed to make the site work, for instance to protect a form. These need no consent.",
                ),
            ),
            ("h2", both("Wat we vragen en waarom", "What we ask for and why")),
            (
                "li",
                both(
                    "<b>Naam, e-mailadres en organisatie</b> van wie inschrijft en van de deelnemers, om de inschrijving uit te voeren. Een telefoonnummer mag, voor de dag zelf.",
                    "<b>Name, e-mail address and organisation</b> of the person who registers and of the participants, to carry out the registration. A phone number is optional, for the day itself.",
                ),
            ),
            (
                "li",
                both(
                    "<b>Dieet, toegankelijkheidsnoden, maten of nummerplaat</b>, alleen als u ze zelf invult en ermee instemt. Dieet en toegankelijkheid kunnen iets over uw gezondheid zeggen; de cateraar krijgt aantallen, geen namen. We wissen ze een week na het bezoek.",
                    "<b>Diet, access needs, sizes or licence plate</b>, only if you fill them in and agree. Diet and access needs may say something about your health; the caterer gets numbers, not names. We delete them a week after the visit.",
                ),
            ),
            (
                "li",
                both(
                    "<b>Naam en e-mailadres van wie moet goedkeuren</b>, alleen als u om die goedkeuring vraagt. Die persoon ziet uw naam, uw organisatie, de deelnemers en de prijs.",
                    "<b>Name and e-mail address of whoever has to approve</b>, only if you ask for that approval. That person sees your name, your organisation, the participants and the price.",
                ),
            ),
            (
                "li",
                both(
                    "<b>Facturatiegegevens</b>, omdat de wet een correcte factuur en boekhouding vraagt.",
                    "<b>Billing details</b>, because the law requires a correct invoice and proper accounts.",
                ),
            ),
            (
                "p",
                both(
                    "Online betalingen lopen via Stripe. Uw kaartgegevens komen nooit op onze site. In de demo neemt een nagebootste betaalpagina die plaats in en wordt er niets aangerekend.",
                    "Online payments run through Stripe. Your card details never reach our site. In the demo a simulated payment page takes its place and nothing is charged.",
                ),
            ),
            ("h2", both("Wie uw gegevens ziet", "Who sees your data")),
            (
                "p",
                both(
                    "De organisator ziet uw inschrijving. Het gastbedrijf krijgt vóór het bezoek een lijst met naam en organisatie. Andere deelnemers zien uw gegevens niet. We verkopen geen gegevens.",
                    "The organiser sees your registration. Before the visit the host company receives a list with name and organisation. Other participants do not see your details. We do not sell data.",
                ),
            ),
            ("h2", both("Hoe lang we gegevens bewaren", "How long we keep data")),
            (
                "li",
                both(
                    "Niet afgewerkte of niet betaalde bestellingen: dertig dagen.",
                    "Unfinished or unpaid orders: thirty days.",
                ),
            ),
            (
                "li",
                both(
                    "Inschrijvingen zonder factuur: vierentwintig maanden. Daarna blijven alleen de aantallen over.",
                    "Registrations without an invoice: twenty-four months. After that only the numbers remain.",
                ),
            ),
            (
                "li",
                both(
                    "Facturen, creditnota’s en betalingen: tien jaar na het einde van het jaar.",
                    "Invoices, credit notes and payments: ten years after the end of the year.",
                ),
            ),
            ("h2", both("Uw rechten", "Your rights")),
            (
                "p",
                both(
                    "U kunt uw gegevens opvragen, verbeteren en laten wissen. Mail daarvoor naar tour@example.org. Facturen mogen we niet wissen zolang de wettelijke termijn loopt; we zeggen dat er dan bij. U kunt ook een klacht indienen bij de Gegevensbeschermingsautoriteit.",
                    "You can ask for your data, correct them and have them erased. To do so, e-mail tour@example.org. We may not erase invoices while the legal period runs; we will tell you if that is the case. You can also lodge a complaint with the Belgian Data Protection Authority.",
                ),
            ),
        ],
    },
    {
        "key": "accessibility",
        "slug": both("toegankelijkheid", "accessibility"),
        "title": both("Toegankelijkheid", "Accessibility"),
        "intro": both(
            "Iedereen moet de cases kunnen lezen en kunnen inschrijven, ook met een toetsenbord, een schermlezer of een klein scherm.",
            "Everyone should be able to read the cases and to register, also with a keyboard, a screen reader or a small screen.",
        ),
        "show_in_menus": False,
        "body": [
            ("h2", both("Waar we naar streven", "What we aim for")),
            (
                "p",
                both(
                    "We streven naar de Web Content Accessibility Guidelines (WCAG) 2.2, niveau AA, voor alle openbare pagina’s: de cases, de bezoeken, de inschrijving en de betaling op onze site.",
                    "We aim for the Web Content Accessibility Guidelines (WCAG) 2.2, level AA, for all public pages: the cases, the visits, the registration and the payment on our site.",
                ),
            ),
            (
                "li",
                both(
                    "Alles werkt met het toetsenbord en zonder JavaScript.",
                    "Everything works with the keyboard and without JavaScript.",
                ),
            ),
            (
                "li",
                both(
                    "Kleur draagt nooit alleen een betekenis: er staat altijd een woord bij.",
                    "Colour never carries a meaning on its own: there is always a word with it.",
                ),
            ),
            (
                "li",
                both(
                    "Elke pagina bestaat in het Nederlands en het Engels, of zegt waarom niet.",
                    "Every page exists in Dutch and English, or says why not.",
                ),
            ),
            (
                "li",
                both(
                    "Een fout in een formulier staat bovenaan en bij het veld zelf.",
                    "An error in a form is shown at the top and next to the field itself.",
                ),
            ),
            ("h2", both("Wat getest is", "What has been tested")),
            (
                "p",
                both(
                    "Deze verklaring is nog niet volledig. Hier komt te staan welke pagina’s getest zijn, hoe en wanneer, en welke gebreken bekend zijn.",
                    "This statement is not yet complete. It will say here which pages have been tested, how and when, and which shortcomings are known.",
                ),
            ),
            ("h2", both("Op het bezoek zelf", "At the visit itself")),
            (
                "p",
                both(
                    "Niet elk gastbedrijf is voor iedereen even toegankelijk. Bij elk bezoek staat wat u mag verwachten. Mail uw noden naar tour@example.org, dan zoeken we samen met het gastbedrijf een oplossing.",
                    "Not every host company is equally accessible to everyone. Each visit states what you can expect. E-mail your needs to tour@example.org, and we will look for a solution with the host company.",
                ),
            ),
            ("h2", both("Meld een probleem", "Report a problem")),
            (
                "p",
                both(
                    "Loopt u ergens vast, mail dan naar tour@example.org. Vermeld de pagina en wat er misging. We antwoorden binnen vijf werkdagen en helpen u intussen om op een andere manier in te schrijven.",
                    "If you get stuck somewhere, e-mail tour@example.org. Mention the page and what went wrong. We answer within five working days and meanwhile help you to register in another way.",
                ),
            ),
        ],
    },
]


RESULTS: ResultsContent = {
    "slug": both("resultaten", "results"),
    "title": both("Resultaten", "Results"),
    "intro": both(
        "Wat de Tour tot nu toe bracht: geteld uit de inschrijvingen, de cases en de boekhouding, niet geschat.",
        "What the Tour has brought so far: counted from the registrations, the cases and the books, not estimated.",
    ),
    "counting": [
        (
            "p",
            both(
                "Dit is een demo: de bezoeken, de deelnemers en de bedragen zijn verzonnen. De cijfers van het pilootproject zijn echt en staan apart.",
                "This is a demo: the visits, the participants and the amounts are invented. The figures of the pilot project are real and stand apart.",
            ),
        ),
        (
            "p",
            both(
                "We tellen wat er was, niet wat het opleverde. Hoeveel materiaal of CO2 een bezoek spaarde, weten we niet; wat een case bespaarde, staat bij die case met zijn bron.",
                "We count what there was, not what came of it. How much material or CO2 a visit saved we do not know; what a case saved stands with that case, with its source.",
            ),
        ),
    ],
}

ORGANISER: OrganiserContent = {
    "name": "Best Practice Tour (demo)",
    "address": "Voorbeeldplein 1, 1000 Brussel",
    "email": "tour@example.org",
    "phone": "+32 2 000 00 00",
    "enterprise_number": "0123.456.749 (demo)",
}


ORGANISATIONS: list[OrganisationContent] = [
    # Real: they appear in the cases as buyer, supplier or adviser, and host nothing here.
    {
        "key": "venlo",
        "name": "Gemeente Venlo",
        "kind": "public",
        "country": "NL",
        "municipality": "Venlo",
        "website": "https://www.venlo.nl",
        "is_demo": False,
        "domains": [],
        "scheme_role": None,
    },
    {
        "key": "kraaijvanger",
        "name": "Kraaijvanger Architects",
        "kind": "private",
        "country": "NL",
        "municipality": "Rotterdam",
        "website": "https://www.kraaijvanger.nl",
        "is_demo": False,
        "domains": [],
        "scheme_role": None,
    },
    {
        "key": "c2c-expolab",
        "name": "C2C ExpoLAB",
        "kind": "nonprofit",
        "country": "NL",
        "municipality": "Venlo",
        "website": "https://www.c2cexpolab.eu",
        "is_demo": False,
        "domains": [],
        "scheme_role": None,
    },
    {
        "key": "kortrijk",
        "name": "Stad Kortrijk",
        "kind": "public",
        "country": "BE",
        "municipality": "Kortrijk",
        "website": "https://www.kortrijk.be",
        "is_demo": False,
        "domains": [],
        "scheme_role": None,
    },
    {
        "key": "signify",
        "name": "Signify",
        "kind": "private",
        "country": "NL",
        "municipality": "Eindhoven",
        "website": "https://www.signify.com",
        "is_demo": False,
        "domains": [],
        "scheme_role": None,
    },
    {
        "key": "ovam",
        "name": "OVAM",
        "kind": "public",
        "country": "BE",
        "municipality": "Mechelen",
        "website": "https://ovam.vlaanderen.be",
        "is_demo": False,
        "domains": [],
        "scheme_role": None,
    },
    {
        "key": "bbl",
        "name": "Bond Beter Leefmilieu",
        "kind": "nonprofit",
        "country": "BE",
        "municipality": "Brussel",
        "website": "https://www.bondbeterleefmilieu.be",
        "is_demo": False,
        "domains": [],
        "scheme_role": None,
    },
    {
        "key": "alsico",
        "name": "Alsico",
        "kind": "private",
        "country": "BE",
        "municipality": "Ronse",
        "website": "https://www.alsico.com",
        "is_demo": False,
        "domains": [],
        "scheme_role": None,
    },
    {
        "key": "concordia",
        "name": "Concordia Textiles",
        "kind": "private",
        "country": "BE",
        "municipality": "Waregem",
        "website": "https://concordiatextiles.com",
        "is_demo": False,
        "domains": [],
        "scheme_role": None,
    },
    {
        "key": "purfi",
        "name": "Purfi Manufacturing Belgium",
        "kind": "private",
        "country": "BE",
        "municipality": "Waregem",
        "website": "https://purfi.com",
        "is_demo": False,
        "domains": [],
        "scheme_role": None,
    },
    # Invented: in the demo's scheme.
    {
        "key": "demo-member",
        "name": "Stad Voorbeeldegem (demo)",
        "kind": "public",
        "country": "BE",
        "municipality": "Voorbeeldegem",
        "website": "https://voorbeeldegem.example",
        "is_demo": True,
        "domains": ["voorbeeldegem.example"],
        "scheme_role": "purchaser",
    },
    {
        "key": "demo-intermunicipal",
        "name": "Intercommunale Modelland (demo)",
        "kind": "public",
        "country": "BE",
        "municipality": "Modelland",
        "website": "https://modelland.example",
        "is_demo": True,
        "domains": ["modelland.example"],
        "scheme_role": "purchaser",
    },
    {
        "key": "demo-hospital",
        "name": "Ziekenhuis Sint-Proef (demo)",
        "kind": "nonprofit",
        "country": "BE",
        "municipality": "Proefkapelle",
        "website": "https://sintproef.example",
        "is_demo": True,
        "domains": ["sintproef.example"],
        "scheme_role": "purchaser",
    },
    {
        "key": "demo-college",
        "name": "Hogeschool Voorbeeldegem (demo)",
        "kind": "nonprofit",
        "country": "BE",
        "municipality": "Voorbeeldegem",
        "website": "https://hogeschool.example",
        "is_demo": True,
        "domains": ["hogeschool.example", "student.hogeschool.example"],
        "scheme_role": "purchaser",
    },
    {
        "key": "demo-facilitator",
        "name": "Kenniscentrum Kringdraad (demo)",
        "kind": "nonprofit",
        "country": "BE",
        "municipality": "Modelland",
        "website": "https://kringdraad.example",
        "is_demo": True,
        "domains": ["kringdraad.example"],
        "scheme_role": "facilitator",
    },
    # Invented: they pay.
    {
        "key": "demo-builder",
        "name": "Bouwbedrijf Proefsteen (demo)",
        "kind": "private",
        "country": "BE",
        "municipality": "Proefkapelle",
        "website": "https://proefsteen.example",
        "is_demo": True,
        "domains": ["proefsteen.example"],
        "scheme_role": None,
    },
    {
        "key": "demo-haulier",
        "name": "Transport Testmans (demo)",
        "kind": "private",
        "country": "BE",
        "municipality": "Testeghem",
        "website": "https://testmans.example",
        "is_demo": True,
        "domains": ["testmans.example"],
        "scheme_role": None,
    },
    {
        "key": "demo-municipality",
        "name": "Gemeente Testeghem (demo)",
        "kind": "public",
        "country": "BE",
        "municipality": "Testeghem",
        "website": "https://testeghem.example",
        "is_demo": True,
        "domains": ["testeghem.example"],
        "scheme_role": None,
    },
    {
        "key": "demo-dutch",
        "name": "Gemeente Modelmeer (demo)",
        "kind": "public",
        "country": "NL",
        "municipality": "Modelmeer",
        "website": "https://modelmeer.example",
        "is_demo": True,
        "domains": ["modelmeer.example"],
        "scheme_role": None,
    },
]
