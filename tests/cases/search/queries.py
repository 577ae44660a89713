"""What purchasers type, and the case they should find first. Written before the search that answers it was tuned.

The cases are the demo's: `venlo` (building, furniture), `kortrijk` (lighting as a service), `alsico` (workwear) and
`concordia` (yarn). A query with more than one `first` is right with any of them on top.
"""

from typing import NamedTuple


class Query(NamedTuple):
    language: str
    words: str
    first: frozenset[str]
    #: What makes it hard.
    why: str


def _query(language: str, words: str, first: str, why: str) -> Query:
    return Query(language, words, frozenset(first.split("|")), why)


QUERIES = [
    _query("nl", "restwaarde", "venlo", "the word itself"),
    _query("nl", "totale eigendomskost", "venlo", "two words of one lesson"),
    _query("nl", "werkkledij", "alsico", "the word itself"),
    _query("nl", "werkkleding", "alsico", "what the Netherlands call it"),
    _query("nl", "bedrijfskledij", "alsico", "a compound that stands nowhere: its second part does"),
    _query("nl", "kledij", "alsico", "a part of a compound, and a word of its own"),
    _query("nl", "kantoormeubilair", "venlo", "a compound that stands nowhere: its second part does"),
    _query("nl", "bibliotheekverlichting", "kortrijk", "a compound of two words of one case"),
    _query("nl", "ledverlichting", "kortrijk", "a compound whose first part stands nowhere"),
    _query("nl", "meubels", "venlo", "another plural than the text's"),
    _query("nl", "meubel", "venlo", "the singular of a plural"),
    _query("nl", "materialenpaspoort", "venlo", "the singular of a plural"),
    _query("nl", "gunningscriterium", "kortrijk|venlo", "a Latin singular of a plural"),
    _query("nl", "vezel", "concordia", "the singular, in many forms"),
    _query("nl", "restwarde", "venlo", "a letter is missing"),
    _query("nl", "verlichtign", "kortrijk", "two letters changed places"),
    _query("nl", "kortijk", "kortrijk", "a letter of a name is missing"),
    _query("nl", "polyestr", "alsico", "a letter is missing"),
    _query("nl", "bankgarentie", "venlo", "a wrong letter"),
    _query("nl", "lighting", "kortrijk", "English on the Dutch site"),
    _query("nl", "workwear", "alsico", "English on the Dutch site"),
    _query("nl", "furniture", "venlo", "English on the Dutch site"),
    _query("nl", "yarn", "concordia", "English on the Dutch site"),
    _query("nl", "39130000", "venlo", "a CPV code without its check digit"),
    _query("nl", "18130000-9", "alsico", "a CPV code with its check digit"),
    _query("nl", "315", "kortrijk", "the beginning of a CPV code"),
    _query("nl", "1921", "concordia", "the beginning of a CPV code"),
    _query("en", "residual values", "venlo", "a plural of two words"),
    _query("en", "libary lighting", "kortrijk", "a letter is missing, in one of two words"),
    _query("en", "verlichting", "kortrijk", "Dutch on the English site"),
]
