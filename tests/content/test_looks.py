"""What looks alike to a person, and what does not."""

import pytest

from course.content.looks import latin_shape, visible_text


@pytest.mark.parametrize(
    "text",
    [
        "Word of mouth",
        " word  of\u00a0mouth ",
        "word of mouth\u200b",
        "wo\u00adrd of mouth",
        "\u2066word\u2069 of mouth",
        "word\u3000of\u2009mouth",
        "ｗｏｒｄ of mouth",
        "wo\u200drd of mouth",
        "word of mouth\ufe0f",
    ],
)
def test_what_is_not_seen_makes_no_difference(text: str) -> None:
    assert visible_text(text) == "word of mouth"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x²", "x2"),
        ("H₂O", "H2O"),
        ("½", "1/2"),
        ("①", "1"),
        ("ℕ", "N"),
        ("می\u200cخواهم", "میخواهم"),
        ("👨\u200d👩\u200d👧", "👨👩👧"),
        ("resume", "résumé"),
        ("a b", "ab"),
        ("paypal", "рaypal"),
    ],
)
def test_what_is_seen_does(one: str, other: str) -> None:
    assert visible_text(one) != visible_text(other)


def test_letters_of_other_scripts_have_the_shape_of_latin_ones() -> None:
    assert latin_shape("рaypal") == latin_shape("paypal")
    assert latin_shape("ΑΒΕ") == latin_shape("ABE")
