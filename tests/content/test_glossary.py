"""Which words of a text stand for which terms."""

import pytest

from course.content.glossary import Glossary, Term, ordered


def term(name: str, **more: object) -> Term:
    return Term.model_validate({"term": name, "definition": "What it means.", **more})


GLOSSARY = Glossary(
    "glossary.md",
    ordered(
        [
            term("share"),
            term("share of voice", forms=["shares of voice"]),
            term("margin (of a sample)", forms=["margin"], only_in=["listen"]),
            term("profit margin", forms=["margin"], only_in=["sell"]),
            term("90-9-1"),
        ]
    ),
)


@pytest.mark.parametrize(
    ("text", "lesson", "found"),
    [
        ("A share, and a Share of\nvoice.", "sell", ["share", "share of voice"]),
        ("Shares of voice", "sell", ["share of voice"]),
        ("The margin is thin.", "listen", ["margin (of a sample)"]),
        ("The margin is thin.", "sell", ["profit margin"]),
        ("The margin is thin.", "write", []),
        ("Known as 90-9-1.", "sell", ["90-9-1"]),
        ("time-share, shareholder, share's", "sell", ["share"]),
    ],
)
def test_the_longest_whole_words_are_found_where_they_mean_it(text, lesson, found):
    assert [one.term for one, _, _ in GLOSSARY.found(text, lesson)] == found


def test_a_glossary_without_terms_finds_nothing():
    assert list(Glossary("glossary.md", ()).found("A share", "sell")) == []


def test_terms_stand_in_the_order_of_the_alphabet():
    names = [one.term for one in ordered([term("voice"), term("Échelle"), term("bot")])]

    assert names == ["bot", "Échelle", "voice"]
