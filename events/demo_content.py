"""The demo's nine visits and the people who register for them. Hosts, addresses, prices and people are invented.

Dates are counted from the day the demo is loaded, so the season never grows old.
"""

from typing import Literal, TypedDict

from cms.content import Text, both
from cms.demo_content import Rich


class EventIndexContent(TypedDict):
    title: Text
    intro: Text


class EventContent(TypedDict):
    key: str
    slug: Text
    title: Text
    hook: Text
    programme: Rich
    practical: Rich
    city: str
    country: str
    venue: str
    street: str
    postal_code: str
    #: Key of the case the visit goes with.
    case: str | None
    days_from_now: int
    start: str
    hours: float
    capacity: int
    #: Seats taken by demo registrations, and people on the waiting list.
    taken: int
    waiting: int
    kind: Literal["open", "few", "full", "past", "nl", "free", "pending"]
    vat_rate: str
    vat_country: str
    vat_mention: Text | None
    #: None: everyone goes free.
    price_excl_vat: str | None
    green_deal_free: bool


EVENT_INDEX: EventIndexContent = {
    "title": both("Programma", "Programme"),
    "intro": both(
        "De bezoeken van dit seizoen. Gratis voor organisaties met een geldige deelname aan de Green Deal Circulair Aankopen, tegen kostprijs voor alle anderen.",
        "This season’s visits. Free of charge for organisations with valid membership of the Green Deal Circular Procurement, at cost price for everyone else.",
    ),
}

INVENTED: tuple[str, Text] = (
    "li",
    both(
        "<b>Demobezoek.</b> Het gastbedrijf, het adres en de datum zijn verzonnen.",
        "<b>Demo visit.</b> The host company, the address and the date are invented.",
    ),
)
CLOSED_SHOES: tuple[str, Text] = (
    "li",
    both(
        "Draag gesloten schoenen. Een veiligheidsvest krijgt u ter plaatse.",
        "Wear closed shoes. You receive a safety vest on site.",
    ),
)
IN_DUTCH: tuple[str, Text] = (
    "li",
    both(
        "De voertaal is Nederlands. Vragen stelt u ook in het Engels.",
        "The visit is in Dutch. You may also ask questions in English.",
    ),
)
CANCELLING: tuple[str, Text] = (
    "li",
    both(
        "Verhinderd? Met de link in uw bevestiging stuurt u kosteloos een collega of annuleert u. Wat u terugkrijgt, ziet u vóór u bestelt.",
        "Cannot come? With the link in your confirmation you send a colleague free of charge, or cancel. You see what you get back before you order.",
    ),
)
CANCELLING_FREE: tuple[str, Text] = (
    "li",
    both(
        "Verhinderd? Annuleer met de link in uw bevestiging, zodat iemand anders uw plaats kan innemen.",
        "Cannot come? Cancel with the link in your confirmation, so that someone else can take your place.",
    ),
)
STEP_FREE: tuple[str, Text] = (
    "li",
    both(
        "De rondleiding is drempelvrij. Mail andere toegankelijkheidsnoden naar tour@example.org.",
        "The tour is step-free. E-mail other access needs to tour@example.org.",
    ),
)
WHO_PAYS: tuple[str, Text] = (
    "li",
    both(
        "De organisator betaalt wat u eet en drinkt. Het gastbedrijf biedt niets aan.",
        "The organiser pays for what you eat and drink. The host company offers nothing.",
    ),
)


EVENTS: list[EventContent] = [
    {
        "key": "open",
        "slug": both("kantoormeubilair-tweede-leven", "office-furniture-second-life"),
        "title": both("Kantoormeubilair met een tweede leven", "Office furniture with a second life"),
        "hook": both(
            "Hoe vraagt u terugname, restwaarde en herstelling in één bestek?",
            "How do you ask for take-back, residual value and repair in one set of tender specifications?",
        ),
        "programme": [
            (
                "p",
                both(
                    "Een atelier dat bureaus en stoelen terugneemt, opknapt en opnieuw verkoopt, toont wat er met teruggenomen meubilair gebeurt. Daarna leggen we drie manieren naast elkaar om dat te contracteren.",
                    "A workshop that takes back, refurbishes and resells desks and chairs shows what happens to returned furniture. Then we set three ways of contracting it side by side.",
                ),
            ),
            (
                "li",
                both("13.30 uur: onthaal met koffie en broodjes", "13:30: welcome with coffee and sandwiches"),
            ),
            (
                "li",
                both(
                    "14.00 uur: kopen, kopen met terugname of huren?",
                    "14:00: buying, buying with take-back or renting?",
                ),
            ),
            ("li", both("14.45 uur: rondleiding in vier groepen", "14:45: tour in four groups")),
            (
                "li",
                both(
                    "16.00 uur: vraaggesprek over restwaarde en waarborgen",
                    "16:00: questions and answers on residual value and guarantees",
                ),
            ),
            ("li", both("16.45 uur: napraten", "16:45: time to talk")),
            ("li", both("17.30 uur: einde", "17:30: close")),
        ],
        "practical": [
            INVENTED,
            (
                "li",
                both(
                    "Het atelier ligt op tien minuten stappen van het station. Er is een fietsenstalling en plaats voor twintig wagens.",
                    "The workshop is a ten-minute walk from the station. There is bicycle parking and space for twenty cars.",
                ),
            ),
            CLOSED_SHOES,
            IN_DUTCH,
            STEP_FREE,
            WHO_PAYS,
            CANCELLING,
        ],
        "city": "Gent",
        "country": "BE",
        "venue": "Meubelatelier Voorbeeld (demo)",
        "street": "Voorbeeldkaai 12",
        "postal_code": "9000",
        "case": "venlo",
        "days_from_now": 50,
        "start": "13:30",
        "hours": 4.0,
        "capacity": 60,
        "taken": 14,
        "waiting": 0,
        "kind": "open",
        "vat_rate": "21.00",
        "vat_country": "BE",
        "vat_mention": None,
        "price_excl_vat": "95.00",
        "green_deal_free": True,
    },
    {
        "key": "few",
        "slug": both("licht-als-dienst-contract", "lighting-as-a-service-contract"),
        "title": both(
            "Licht als dienst: wat staat er in het contract?",
            "Lighting as a service: what is in the contract?",
        ),
        "hook": both(
            "We lezen samen een voorbeeldcontract: eigendom, onderhoud, vernieuwing en het einde.",
            "We read an example contract together: ownership, maintenance, upgrading and the end.",
        ),
        "programme": [
            (
                "p",
                both(
                    "Licht als dienst is niet vanzelf circulair. In een kleine groep gaan we na welke afspraken het verschil maken. We bekijken een installatie die uit elkaar kan en een die dat niet kan.",
                    "Lighting as a service is not circular in itself. In a small group we look at which agreements make the difference. We see one installation that can be taken apart and one that cannot.",
                ),
            ),
            ("li", both("13.30 uur: onthaal met koffie", "13:30: welcome with coffee")),
            ("li", both("14.00 uur: rondleiding in de showroom", "14:00: tour of the showroom")),
            (
                "li",
                both(
                    "15.00 uur: contract lezen in groepjes van vier",
                    "15:00: reading the contract in groups of four",
                ),
            ),
            (
                "li",
                both(
                    "16.15 uur: nulmeting en opvolging, wat meet u vooraf?",
                    "16:15: baseline and follow-up, what do you measure beforehand?",
                ),
            ),
            ("li", both("17.00 uur: einde", "17:00: close")),
        ],
        "practical": [
            INVENTED,
            (
                "li",
                both(
                    "De showroom ligt tegenover het station. Parkeren kan in de betalende parking ernaast.",
                    "The showroom is opposite the station. Parking is available in the pay car park next door.",
                ),
            ),
            (
                "li",
                both(
                    "Breng een eigen contract of bestek mee als u dat wilt. Prijzen maakt u vooraf onleesbaar.",
                    "Bring a contract or specifications of your own if you wish. Make prices illegible beforehand.",
                ),
            ),
            IN_DUTCH,
            STEP_FREE,
            WHO_PAYS,
            CANCELLING,
        ],
        "city": "Mechelen",
        "country": "BE",
        "venue": "Lichtlabo Voorbeeld (demo)",
        "street": "Voorbeeldlaan 7",
        "postal_code": "2800",
        "case": "kortrijk",
        "days_from_now": 70,
        "start": "13:30",
        "hours": 3.5,
        "capacity": 16,
        "taken": 11,
        "waiting": 0,
        "kind": "few",
        "vat_rate": "21.00",
        "vat_country": "BE",
        "vat_mention": None,
        "price_excl_vat": "95.00",
        "green_deal_free": True,
    },
    {
        "key": "full",
        "slug": both("werkkledij-van-kast-tot-sorteerband", "workwear-from-locker-to-sorting-line"),
        "title": both("Werkkledij: van kast tot sorteerband", "Workwear: from locker to sorting line"),
        "hook": both(
            "Wat moet u bij de aankoop regelen om kledij later te kunnen herstellen, hergebruiken en recycleren?",
            "What must you arrange at purchase so that garments can later be repaired, reused and recycled?",
        ),
        "programme": [
            (
                "p",
                both(
                    "Aan de sorteerband ziet u waarom een logo, een rits of een onbekende vezel hergebruik tegenhoudt. We werken met kledij die u zelf meebrengt.",
                    "At the sorting line you see why a logo, a zip or an unknown fibre stands in the way of reuse. We work with garments you bring along.",
                ),
            ),
            ("li", both("13.30 uur: onthaal en veiligheidsinstructie", "13:30: welcome and safety briefing")),
            ("li", both("14.00 uur: rondleiding langs de sorteerband", "14:00: tour along the sorting line")),
            (
                "li",
                both("15.00 uur: zelf sorteren, met uitleg", "15:00: sorting for yourself, with an explanation"),
            ),
            (
                "li",
                both(
                    "15.45 uur: clausules voor onderhoud, herstelling en terugname",
                    "15:45: clauses for maintenance, repair and take-back",
                ),
            ),
            ("li", both("16.30 uur: einde", "16:30: close")),
        ],
        "practical": [
            INVENTED,
            (
                "li",
                both(
                    "De sorteerhal ligt op een bedrijventerrein. Vanaf het station rijdt een deelbusje om 13.10 uur.",
                    "The sorting hall is on an industrial estate. A shared minibus leaves the station at 13:10.",
                ),
            ),
            CLOSED_SHOES,
            (
                "li",
                both(
                    "In de hal staat u het grootste deel van de tijd recht. Vraag gerust om een stoel.",
                    "In the hall you stand most of the time. Feel free to ask for a chair.",
                ),
            ),
            IN_DUTCH,
            WHO_PAYS,
            CANCELLING,
        ],
        "city": "Sint-Niklaas",
        "country": "BE",
        "venue": "Sorteerhal De Voorbeelddraad (demo)",
        "street": "Voorbeeldweg 3",
        "postal_code": "9100",
        "case": "alsico",
        "days_from_now": 90,
        "start": "13:30",
        "hours": 3.0,
        "capacity": 12,
        "taken": 12,
        "waiting": 3,
        "kind": "full",
        "vat_rate": "21.00",
        "vat_country": "BE",
        "vat_mention": None,
        "price_excl_vat": "95.00",
        "green_deal_free": True,
    },
    {
        "key": "past",
        "slug": both("gerecycleerd-garen-in-het-bestek", "recycled-yarn-in-the-specifications"),
        "title": both("Gerecycleerd garen in het bestek", "Recycled yarn in the specifications"),
        "hook": both(
            "Aandeel gerecycleerde vezel vragen zonder levensduur te verliezen: hoe toetst u dat?",
            "Asking for recycled fibre without losing service life: how do you test that?",
        ),
        "programme": [
            (
                "p",
                both(
                    "Een spinnerij liet zien hoe vezellengte, sterkte en wasbestendigheid samenhangen. Daarna schreven we in groepjes een gunningscriterium.",
                    "A spinning mill showed how fibre length, strength and wash resistance are connected. Then we wrote an award criterion in small groups.",
                ),
            ),
            ("li", both("13.30 uur: onthaal met koffie", "13:30: welcome with coffee")),
            ("li", both("14.00 uur: van vezel tot garen", "14:00: from fibre to yarn")),
            ("li", both("15.00 uur: rondleiding in de spinnerij", "15:00: tour of the spinning mill")),
            ("li", both("16.00 uur: een gunningscriterium schrijven", "16:00: writing an award criterion")),
            ("li", both("17.00 uur: einde", "17:00: close")),
        ],
        "practical": [
            INVENTED,
            (
                "li",
                both(
                    "De spinnerij ligt op vijf minuten met de bus van het station.",
                    "The spinning mill is five minutes by bus from the station.",
                ),
            ),
            CLOSED_SHOES,
            IN_DUTCH,
            WHO_PAYS,
            CANCELLING,
        ],
        "city": "Tielt",
        "country": "BE",
        "venue": "Spinnerij Proefgaren (demo)",
        "street": "Voorbeeldstraat 45",
        "postal_code": "8700",
        "case": "concordia",
        "days_from_now": -40,
        "start": "13:30",
        "hours": 3.5,
        "capacity": 20,
        "taken": 13,
        "waiting": 0,
        "kind": "past",
        "vat_rate": "21.00",
        "vat_country": "BE",
        "vat_mention": None,
        "price_excl_vat": "95.00",
        "green_deal_free": True,
    },
    {
        "key": "laptops",
        "slug": both("laptops-een-tweede-keer-aankopen", "buying-laptops-a-second-time"),
        "title": both("Laptops een tweede keer aankopen", "Buying laptops a second time"),
        "hook": both(
            "Opgeknapte laptops in een raamcontract: welke graad, welke waarborg, welke levertijd?",
            "Refurbished laptops in a framework agreement: which grade, which warranty, which delivery time?",
        ),
        "programme": [
            (
                "p",
                both(
                    "In een werkplaats volgden we een lading afgeschreven laptops van wissen tot verzenden. Daarna vergeleken we drie bestekken die een tweede leven vragen.",
                    "In a workshop we followed a load of written-off laptops from wiping to shipping. Then we compared three tender specifications that ask for a second life.",
                ),
            ),
            ("li", both("9.30 uur: onthaal met koffie", "9:30: welcome with coffee")),
            ("li", both("10.00 uur: rondleiding in de werkplaats", "10:00: tour of the workshop")),
            ("li", both("11.15 uur: drie bestekken vergelijken", "11:15: comparing three specifications")),
            ("li", both("12.30 uur: broodjes en napraten", "12:30: sandwiches and time to talk")),
        ],
        "practical": [INVENTED, IN_DUTCH, STEP_FREE, WHO_PAYS, CANCELLING],
        "city": "Aalst",
        "country": "BE",
        "venue": "Werkplaats Tweede Keer (demo)",
        "street": "Voorbeeldlaan 8",
        "postal_code": "9300",
        "case": None,
        "days_from_now": -75,
        "start": "09:30",
        "hours": 3.5,
        "capacity": 24,
        "taken": 9,
        "waiting": 0,
        "kind": "past",
        "vat_rate": "21.00",
        "vat_country": "BE",
        "vat_mention": None,
        "price_excl_vat": "95.00",
        "green_deal_free": True,
    },
    {
        "key": "cleaning",
        "slug": both("schoonmaken-zonder-wegwerp", "cleaning-without-disposables"),
        "title": both("Schoonmaken zonder wegwerp", "Cleaning without disposables"),
        "hook": both(
            "Doeken, dispensers en navullingen: wat kunt u vragen aan een schoonmaakbedrijf?",
            "Cloths, dispensers and refills: what can you ask of a cleaning company?",
        ),
        "programme": [
            (
                "p",
                both(
                    "Een industriële wasplaats toonde hoe vaak een doek terugkomt en wat er met versleten doeken gebeurt. Daarna rekenden we een contract per gebruik na.",
                    "An industrial laundry showed how often a cloth comes back and what happens to worn cloths. Then we worked out a contract per use.",
                ),
            ),
            ("li", both("13.30 uur: onthaal met koffie", "13:30: welcome with coffee")),
            ("li", both("14.00 uur: rondleiding in de wasplaats", "14:00: tour of the laundry")),
            ("li", both("15.15 uur: betalen per gebruik, een rekenoefening", "15:15: paying per use, an exercise")),
            ("li", both("16.30 uur: einde", "16:30: close")),
        ],
        "practical": [INVENTED, CLOSED_SHOES, IN_DUTCH, WHO_PAYS, CANCELLING],
        "city": "Genk",
        "country": "BE",
        "venue": "Wasplaats Voorbeeld (demo)",
        "street": "Voorbeeldweg 30",
        "postal_code": "3600",
        "case": None,
        "days_from_now": -105,
        "start": "13:30",
        "hours": 3.0,
        "capacity": 18,
        "taken": 8,
        "waiting": 0,
        "kind": "past",
        "vat_rate": "21.00",
        "vat_country": "BE",
        "vat_mention": None,
        "price_excl_vat": "95.00",
        "green_deal_free": True,
    },
    {
        "key": "nl",
        "slug": both("kantoorgebouw-als-materialenbank", "office-building-as-material-bank"),
        "title": both("Een kantoorgebouw als materialenbank", "An office building as a material bank"),
        "hook": both(
            "Over de grens: materialenpaspoorten, losmaakbaar bouwen en een businesscase die standhoudt.",
            "Across the border: materials passports, building for disassembly and a business case that holds.",
        ),
        "programme": [
            (
                "p",
                both(
                    "We reizen samen naar Eindhoven. In een gebouw dat uit elkaar kan, volgen we één binnenwand van bestek tot paspoort en rekenen we na wat ze op het einde nog waard is.",
                    "We travel to Eindhoven together. In a building that can be taken apart, we follow one partition wall from specifications to passport and work out what it is still worth at the end.",
                ),
            ),
            ("li", both("10.30 uur: onthaal met koffie", "10:30: welcome with coffee")),
            ("li", both("11.00 uur: de vraag vóór het ontwerp", "11:00: the question before the design")),
            ("li", both("12.00 uur: lunch", "12:00: lunch")),
            (
                "li",
                both("12.45 uur: rondleiding en materialenpaspoort", "12:45: tour and materials passport"),
            ),
            (
                "li",
                both(
                    "14.00 uur: rekenoefening totale eigendomskost",
                    "14:00: exercise on total cost of ownership",
                ),
            ),
            ("li", both("14.30 uur: einde", "14:30: close")),
        ],
        "practical": [
            INVENTED,
            (
                "li",
                both(
                    "Het gebouw ligt op een kwartier stappen van het station. Wilt u samen rijden uit Antwerpen, mail dan naar tour@example.org.",
                    "The building is a fifteen-minute walk from the station. To share a car from Antwerp, e-mail tour@example.org.",
                ),
            ),
            (
                "li",
                both(
                    "De lunch is vegetarisch en in de prijs begrepen. Mail dieetwensen naar tour@example.org.",
                    "Lunch is vegetarian and included in the price. E-mail dietary requirements to tour@example.org.",
                ),
            ),
            (
                "li",
                both(
                    "Er geldt Nederlandse btw.",
                    "Dutch VAT applies.",
                ),
            ),
            (
                "li",
                both(
                    "De voertaal is Nederlands, met Engelse uitleg bij de rondleiding.",
                    "The visit is in Dutch, with explanations in English during the tour.",
                ),
            ),
            STEP_FREE,
            WHO_PAYS,
            CANCELLING,
        ],
        "city": "Eindhoven",
        "country": "NL",
        "venue": "Kantoorgebouw De Voorbeeldhof (demo)",
        "street": "Voorbeeldplein 8",
        "postal_code": "5600 AA",
        "case": "venlo",
        "days_from_now": 110,
        "start": "10:30",
        "hours": 4.0,
        "capacity": 25,
        "taken": 6,
        "waiting": 0,
        "kind": "nl",
        "vat_rate": "21.00",
        "vat_country": "NL",
        "vat_mention": both(
            "Nederlandse btw: toegang wordt belast waar het bezoek plaatsvindt (art. 53 en 54 Btw-richtlijn).",
            "Dutch VAT: admission is taxed where the visit takes place (articles 53 and 54, VAT Directive).",
        ),
        "price_excl_vat": "95.00",
        "green_deal_free": True,
    },
    {
        "key": "free",
        "slug": both("open-werksessie-eerste-circulaire-aankoop", "open-workshop-first-circular-purchase"),
        "title": both("Open werksessie: uw eerste circulaire aankoop", "Open workshop: your first circular purchase"),
        "hook": both(
            "Gratis voor iedereen: kies één aankoop en vertrek met een plan van één bladzijde.",
            "Free for everyone: choose one purchase and leave with a one-page plan.",
        ),
        "programme": [
            (
                "p",
                both(
                    "U brengt één geplande aankoop mee. We doorlopen de zes fasen, van behoefte tot terugname, en u kiest wat u bij deze aankoop anders doet.",
                    "You bring one planned purchase. We go through the six phases, from need to take-back, and you choose what to do differently this time.",
                ),
            ),
            ("li", both("9.00 uur: onthaal met koffie", "9:00: welcome with coffee")),
            (
                "li",
                both(
                    "9.30 uur: hebt u het echt nodig? Behoefte en ambitie",
                    "9:30: do you really need it? Needs and ambition",
                ),
            ),
            (
                "li",
                both(
                    "10.15 uur: de markt bevragen en het bestek schrijven",
                    "10:15: consulting the market and writing the specifications",
                ),
            ),
            (
                "li",
                both(
                    "11.15 uur: uw plan, met feedback van collega’s",
                    "11:15: your plan, with feedback from colleagues",
                ),
            ),
            ("li", both("12.00 uur: einde", "12:00: close")),
        ],
        "practical": [
            INVENTED,
            (
                "li",
                both(
                    "De sessie is gratis voor iedereen. Per organisatie vragen we hoogstens drie deelnemers.",
                    "The session is free for everyone. We ask for no more than three participants per organisation.",
                ),
            ),
            (
                "li",
                both(
                    "Het opleidingshuis ligt op vijf minuten stappen van het station.",
                    "The training house is a five-minute walk from the station.",
                ),
            ),
            IN_DUTCH,
            STEP_FREE,
            WHO_PAYS,
            CANCELLING_FREE,
        ],
        "city": "Leuven",
        "country": "BE",
        "venue": "Opleidingshuis Voorbeeld (demo)",
        "street": "Voorbeelddreef 21",
        "postal_code": "3000",
        "case": None,
        "days_from_now": 30,
        "start": "09:00",
        "hours": 3.0,
        "capacity": 30,
        "taken": 9,
        "waiting": 0,
        "kind": "free",
        "vat_rate": "21.00",
        "vat_country": "BE",
        "vat_mention": None,
        "price_excl_vat": None,
        "green_deal_free": False,
    },
    {
        "key": "pending",
        "slug": both("laptops-die-terugkomen", "laptops-that-come-back"),
        "title": both("Laptops die terugkomen", "Laptops that come back"),
        "hook": both(
            "Opgeknapte toestellen kopen en eigen toestellen teruggeven: wat vraagt u over data en garantie?",
            "Buying refurbished devices and returning your own: what do you ask about data and warranty?",
        ),
        "programme": [
            (
                "p",
                both(
                    "Een werkplaats ontvangt, wist, herstelt en test gebruikte laptops. We bekijken elke stap en vragen wat een aankoper moet laten bewijzen.",
                    "A workshop receives, wipes, repairs and tests used laptops. We look at each step and ask what a purchaser should have proven.",
                ),
            ),
            ("li", both("13.00 uur: onthaal met broodjes", "13:00: welcome with sandwiches")),
            ("li", both("13.45 uur: rondleiding in de werkplaats", "13:45: tour of the workshop")),
            (
                "li",
                both(
                    "14.45 uur: data wissen, wat moet het bewijs bevatten?",
                    "14:45: wiping data, what must the proof contain?",
                ),
            ),
            (
                "li",
                both(
                    "15.30 uur: garantie en terugname in het contract",
                    "15:30: warranty and take-back in the contract",
                ),
            ),
            ("li", both("16.30 uur: einde", "16:30: close")),
        ],
        "practical": [
            INVENTED,
            (
                "li",
                both(
                    "Dit bezoek gaat door vanaf tien deelnemers. U krijgt bericht zodra dat beslist is; boek uw trein pas daarna.",
                    "This visit goes ahead from ten participants. You hear from us as soon as that is decided; book your train only then.",
                ),
            ),
            (
                "li",
                both(
                    "De werkplaats ligt aan een bushalte en heeft een ruime parking.",
                    "The workshop is next to a bus stop and has ample parking.",
                ),
            ),
            IN_DUTCH,
            WHO_PAYS,
            CANCELLING,
        ],
        "city": "Hasselt",
        "country": "BE",
        "venue": "ICT-werkplaats Voorbeeld (demo)",
        "street": "Voorbeeldpad 2",
        "postal_code": "3500",
        "case": None,
        "days_from_now": 130,
        "start": "13:00",
        "hours": 3.5,
        "capacity": 25,
        "taken": 4,
        "waiting": 0,
        "kind": "pending",
        "vat_rate": "21.00",
        "vat_country": "BE",
        "vat_mention": None,
        "price_excl_vat": "120.00",
        "green_deal_free": True,
    },
]


#: Invented people: (first name, last name).
PEOPLE: list[tuple[str, str]] = [
    ("An", "Verstraete"),
    ("Bram", "De Wachter"),
    ("Céline", "Dubrulle"),
    ("Dries", "Vanhoutteghem"),
    ("Elif", "Yıldırım"),
    ("Eva", "Claeys"),
    ("Fatima", "El Amrani"),
    ("Filip", "Van den Abeele"),
    ("Geert", "Peeters"),
    ("Gülşen", "Aydın"),
    ("Hannelore", "D’Hondt"),
    ("Hilde", "Goossens"),
    ("Ibrahim", "Diallo"),
    ("Ilse", "Van Roey-Maes"),
    ("Jan", "Vandenbroucke"),
    ("Joëlle", "Lefèvre"),
    ("Jürgen", "Schröder"),
    ("Karel", "Wouters"),
    ("Katarzyna", "Wójcik"),
    ("Lien", "Mertens"),
    ("Lotte", "Van de Velde"),
    ("Maarten", "Coppieters"),
    ("Marie-Thérèse", "Ghyselinck"),
    ("Mehmet", "Öztürk"),
    ("Mieke", "De Smedt"),
    ("Nadia", "Benali"),
    ("Thị Lan", "Nguyễn"),
    ("Noémie", "Van Hecke"),
    ("Olivier", "Baert"),
    ("Pieter-Jan", "Lambrecht"),
    ("Raf", "Hermans"),
    ("Rosa", "Fernández"),
    ("Ruben", "Declercq"),
    ("Siân", "Roberts"),
    ("Sofie", "Van Damme"),
    ("Stijn", "Hoste"),
    ("Tine", "Bogaerts"),
    ("Tomáš", "Novák"),
    ("Wout", "Van Steenkiste"),
    ("Zoë", "Aerts"),
]
