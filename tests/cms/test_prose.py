"""An editor's text comes to paper whole: marks, lists, links as whole addresses, nothing left out in silence."""

import pytest

from cms.prose import linked, parts, plain

BASE = "https://tour.example.org/nl/cases/x/"


def said(runs):
    return "".join("\n" if run["is_break"] else run["text"] for run in runs)


def test_bold_italic_and_links_keep_their_marks_and_spaces():
    (part,) = parts('<p>Een <b>vette <i>scheve</i></b> <a href="/nl/y/">link</a>.</p>', base_url=BASE)

    assert [(run["text"], run["bold"], run["italic"], run["url"]) for run in part["runs"]] == [
        ("Een ", False, False, ""),
        ("vette ", True, False, ""),
        ("scheve", True, True, ""),
        (" ", False, False, ""),
        ("link", False, False, "https://tour.example.org/nl/y/"),
        (".", False, False, ""),
    ]


def test_lists_keep_their_order_and_what_is_nested_in_them():
    (part,) = parts("<ol><li>een<ul><li>binnen</li></ul></li><li>twee</li></ol>", base_url=BASE)

    assert (part["kind"], part["ordered"]) == ("list", True)
    first, second = part["items"]
    assert [inner["kind"] for inner in first] == ["paragraph", "list"]
    assert said(first[1]["items"][0][0]["runs"]) == "binnen"
    assert said(second[0]["runs"]) == "twee"


def test_headings_begin_at_the_level_asked_and_skip_none():
    found = parts("<h4>diep</h4><h2>hoog</h2><p>tekst</p>", base_url=BASE, level=3)

    assert [(part.get("level"), said(part["runs"])) for part in found] == [(4, "diep"), (3, "hoog"), (None, "tekst")]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>boven<br/>onder</p>", "boven\nonder"),
        ("<p>  veel \n  ruimte </p>", "veel ruimte"),
        ("<p>voor<br/></p>", "voor"),
        ("los<p></p>", "los"),
        ("<p>A &amp; B &lt;c&gt; #let x</p>", "A & B <c> #let x"),
        ('<p>Zie <img alt="Een rek" src="/x.jpg"/>.</p>', "Zie [Afbeelding: Een rek]."),
        ('<p><iframe src="//video.example.org/1"></iframe></p>', "https://video.example.org/1"),
    ],
)
def test_what_is_read_is_what_was_written(html, text):
    (part,) = parts(html, base_url=BASE)

    assert said(part["runs"]) == text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", ""])
def test_a_link_that_leads_nowhere_from_paper_is_plain_text(address):
    (part,) = parts(f'<p><a href="{address}">tekst</a></p>', base_url=BASE)

    assert [(run["text"], run["url"]) for run in part["runs"]] == [("tekst", "")]


@pytest.mark.parametrize("html", ["", "  ", "<p></p>", "<p> <br/> </p>", "<ul></ul>"])
def test_nothing_gives_nothing(html):
    assert parts(html, base_url=BASE) == []


def test_a_text_without_marks_has_a_paragraph_for_each_line():
    assert [said(part["runs"]) for part in plain("een\n\n twee ")] == ["een", "twee"]


def test_a_title_leads_somewhere_and_more_is_said_below_it():
    (part,) = linked("Titel", "https://x.example/", "meer")

    assert (said(part["runs"]), part["runs"][0]["url"], part["runs"][0]["bold"]) == (
        "Titel\nmeer",
        "https://x.example/",
        True,
    )
