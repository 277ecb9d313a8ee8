"""Words as people type them, and how each version of the marking rules compares them."""

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.content.folding import fold, fold_1, fold_2, is_dash
from tests.content import samples
from tests.content.samples import question


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("don't", "don´t"),
        ("don't", "don`t"),
        ("don't", "don′t"),
        ("don't", "don’t"),
        ("don't", "don‘t"),
        ("don't", "donʼt"),
        ("don't", "don＇t"),
        ("l'été", "L’ÉTÉ"),
        ('a "b" c', "a “b” c"),
        ('a "b" c', "a „b‟ c"),
        ('a "b" c', "a «b» c"),
        ('a "b" c', "a ″b″ c"),
        ('a "b" c', "a 「b」 c"),
        ("cœur", "coeur"),
        ("cœur", "«cœur»"),
        ("CŒUR", "coeur"),
        ("Ægir", "aegir"),
        ("Łódź", "Lodz"),
        ("smørrebrød", "Smorrebrod"),
        ("Đorđe", "Dorde"),
        ("Ħamrun", "hamrun"),
        ("Þór", "thor"),
        ("ɓoye", "boye"),
        ("ﬁnﬂuß", "finfluss"),
        ("Ĳssel", "ijssel"),
        ("kapı", "KAPI"),
        ("kapı", "kapi"),
        ("İzmir", "izmir"),
        ("organisch", "„organisch“"),
        ("organisch", "‚organisch‘"),
        ("organisch", "(organisch)"),
        ("organisch", "„(organisch).“"),
        ("organico", "¿organico?"),
        ("organico", "¡orgánico!"),
        ("مدرسة", "مدرسة،"),
        ("مدرسة", "مَدْرَسَة؟"),
        ("مدرسة", "مـدرسة"),
        ("שלום", "שָׁלוֹם׃"),
        ("नमस्ते", "नमस्ते।"),
        ("东京", "「东京」。"),
        ("e-mail", "e—mail"),
        ("e-mail", "e−mail"),
        ("e-mail", "e﹣mail"),
        ("e-mail", "e־mail"),
        ("a b", "a\u00a0\u202fb\u200b"),
        ("ab", "a\u2060\ufeffb\ufe0f"),
        ("5", "５"),
    ],
)
def test_spellings_of_one_word_count_as_the_same(key, typed):
    assert fold(typed) == fold(key)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("か", "が"),
        ("!", "?"),
        ("e mail", "email"),
        ("1", "2"),
        ("C#", "C"),
        ("C++", "C"),
        ("5%", "5"),
        ("-5", "5"),
        ("@home", "home"),
        ("f(x)", "fx"),
        ("(a)(b)", "a)(b"),
        ("[0, 1)", "(0, 1]"),
        ("[0, 1]", "(0, 1)"),
        ("5' 10\"", "5\" 10'"),
        ("أب", "اب"),
        ("...", "?"),
    ],
)
def test_words_that_differ_stay_different(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize("char", [c for c in map(chr, range(sys.maxunicode + 1)) if is_dash(c)])
def test_every_dash_of_unicode_joins_words_alike(char):
    assert fold(f"a{char}b") == "a-b"


def test_dashes_are_found_by_their_category():
    """The category of Pd, of the Unicode that this Python knows, has no exception."""
    dashes = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) == "Pd"]

    assert len(dashes) > 20
    assert all(map(is_dash, dashes))


QUOTATION_MARKS = "\"'«»‘’‚‛“”„‟‹›⹂「」『』〝〞〟﹁﹂﹃﹄＂＇｢｣"
"""Characters with the property Quotation_Mark in Unicode's PropList.txt."""


@pytest.mark.parametrize("mark", QUOTATION_MARKS)
def test_every_quotation_mark_of_unicode_may_stand_around_a_word(mark):
    assert fold(f"{mark}word{mark}") == "word"
    assert fold(f"a{mark}b") in ("a'b", 'a"b')


def test_every_stroked_latin_letter_counts_as_the_plain_one():
    named = re.compile(r"LATIN (?:SMALL|CAPITAL) LETTER ([A-Z]) WITH (?:[A-Z]+ )?STROKE")
    stroked = {
        c: match[1].lower()
        for c in map(chr, range(sys.maxunicode + 1))
        if (match := named.fullmatch(unicodedata.name(c, "")))
    }

    assert len(stroked) > 30
    assert {c: fold(c) for c in stroked} == stroked


def test_folds_of_earlier_versions_stay():
    """Answers were marked by them: a change here changes what their pages show."""
    for typed, folded in {
        "don´t": "don t",
        "cœur": "cœur",
        "Łódź": "łodz",
        "„organisch“": "„organisch",
        "(organisch)": "(organisch)",
        "“Earned!”": "earned",
        "word–of–mouth": "word-of-mouth",
        "«Straße».": "strasse",
    }.items():
        assert fold_1(typed) == folded


def test_a_gap_is_marked_by_the_rules_that_hold():
    asked = question(samples.BLANK)
    typed = {"gap.verb": ["„earned“"], "gap.noun": ["taking—part"]}

    assert asked.mark(typed).share == 0.5
    assert asked.by_rules(1).mark(typed).share == 0
    assert asked.by_rules(1).revision == asked.revision


def test_a_question_may_name_the_rules_that_hold_for_it():
    asked = question(samples.BLANK, ("objective: control", "objective: control\nmarking: 1"))

    assert asked.mark({"gap.verb": ["„earned“"], "gap.noun": ["taking part"]}).share == 0.5
    assert asked.revision != question(samples.BLANK).revision


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Earned", "earned"),
        ("  taking   part. ", "taking part"),
        ("“Earned!”", "earned"),
        ("Café", "cafe"),
        ("Cafe\u0301", "cafe"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("customer’s", "customer's"),
        ("e‑mail", "e-mail"),
        ("word–of–mouth", "word-of-mouth"),
        ("soft\u00adhyphen\u200b", "softhyphen"),
        ("ﬁrm", "firm"),
        ("C++", "c++"),
        ("5", "5"),
        ("...", "..."),  # where only punctuation was typed, it is what counts
        ("!", "!"),
    ],
)
def test_words_are_compared_without_what_does_not_matter(text, folded):
    assert fold(text) == folded


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text):
    assert fold_2(fold_2(text)) == fold_2(text)
