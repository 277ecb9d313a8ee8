"""The JSON Schemas say of a file what the course's own reader says."""

import datetime

import jsonschema_rs
import pytest

from course.content import questions, schema, source
from tests.content import samples
from tests.content.test_broken import BROKEN, LESSON, QUIZ, cases

METASCHEMA = "https://json-schema.org/draft/2020-12/schema"

# What no schema can see: how values, files and lines depend on each other.
UNSEEN = {
    "blank-accepted-and-slip", "blank-entry-without-gap",
    "blank-gap-misspelt", "blank-gap-twice", "blank-gap-without-entry", "control-character", "date-as-text",
    "draw-group-misspelt", "draw-points-differ", "draw-too-many", "gap-in-a-diagram",
    "graded-without-attempts", "hash-in-text", "id-twice", "key-twice", "match-distractor-is-a-right",
    "match-distractors-alike", "match-lefts-alike", "match-rights-all-same",
    "match-rights-differ-in-case-only", "multiple-all-right", "multiple-none-right",
    "multiple-options-alike", "numeric-slip-within-tolerance", "numeric-tolerance-all-of-the-answer",
    "numeric-tolerance-as-large-as-the-answer", "numeric-tolerance-share-of-zero", "objective-dangling",
    "octal-as-text", "options-look-alike", "order-items-alike", "order-one-group-only", "order-one-item-only",
    "order-too-many-items", "parameters-answer-in-prompt",
    "parameters-answer-the-same", "parameters-division-by-zero", "parameters-endless",
    "parameters-formula-calls", "parameters-formula-none", "parameters-formula-power",
    "parameters-formula-unknown-name", "parameters-in-a-diagram",
    "parameters-named-answer", "parameters-no-numbers",
    "parameters-not-in-prompt", "parameters-number-twice", "parameters-one-number",
    "parameters-place-in-feedback", "parameters-place-misspelt", "parameters-slip-is-right",
    "parameters-tolerance-too-large", "parameters-too-many-numbers", "parameters-unused",
    "practice-with-attempts", "second-document", "single-options-alike",
    "single-with-two-keys", "single-without-key", "starts-with-ampersand", "string-tag",
    "text-checklist-alike", "time-as-text", "pass-mark-too-high", "pass-mark-one",
    }  # fmt: skip


def plain(value):
    """Return what an editor's YAML reader would hand to the schema: dates are text there."""
    match value:
        case dict():
            return {key: plain(inner) for key, inner in value.items()}
        case list():
            return [plain(inner) for inner in value]
        case datetime.date():
            return value.isoformat()
    return value


def data_of(text: str):
    return plain(source.parse_yaml("quiz.yml", text).data)


@pytest.mark.parametrize(
    "made", [schema.quiz_schema(), schema.lesson_schema()], ids=["quiz", "lesson"]
)
def test_a_schema_is_one(made):
    assert made["$schema"] == METASCHEMA
    jsonschema_rs.meta.validate(made)


def test_every_type_is_told_apart_by_its_name():
    items = schema.quiz_schema()["properties"]["questions"]["items"]

    assert items["discriminator"]["propertyName"] == "type"
    assert items["discriminator"]["mapping"].keys() == questions.TYPES.keys()
    assert len(items["oneOf"]) == len(questions.TYPES)


@pytest.mark.parametrize(
    "made", [schema.quiz_schema(), schema.lesson_schema()], ids=["quiz", "lesson"]
)
def test_every_key_says_what_it_is_for(made):
    parts = [made, *made["$defs"].values()]
    bare = [
        f"{part['title']}.{name}"
        for part in parts
        for name, key in part["properties"].items()
        if "description" not in key and "const" not in key  # a type is told by its own text
    ]

    assert bare == []


@pytest.mark.parametrize("text", [QUIZ, *samples.ALL.values()], ids=["quiz", *samples.ALL])
def test_a_sound_quiz_fits(text):
    data = data_of(text)
    quiz = data if "questions" in data else {"questions": [data]}

    jsonschema_rs.validate(schema.quiz_schema(), quiz)


def test_a_sound_lesson_fits():
    front_matter = LESSON.split("---\n")[1]

    jsonschema_rs.validate(schema.lesson_schema(), data_of(front_matter))


@pytest.mark.parametrize(
    "case", [path for path in cases() if path.suffix == ".yml"], ids=lambda path: path.stem
)
def test_a_broken_quiz_does_not_fit(case):
    try:
        data = data_of(case.read_text())
    except source.Unreadable:
        return  # no schema is asked about what is no YAML
    fits = jsonschema_rs.is_valid(schema.quiz_schema(), data, validate_formats=True)

    assert fits == (case.stem in UNSEEN or case.stem.startswith("sound"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("minutes: 5\n", ""),
        ("minutes: 5", "minutes: five"),
        ("minutes: 5", "minute: 5"),
        ("  aim: Tell", "  Big Aim: Tell"),
        ("  aim: Tell", "  - Tell"),
        ("minutes: 5", "minutes: 5\nsources: [A book]"),
    ],
)
def test_broken_front_matter_does_not_fit(old, new):
    front_matter = LESSON.split("---\n")[1]
    assert old in front_matter

    assert not jsonschema_rs.is_valid(
        schema.lesson_schema(), data_of(front_matter.replace(old, new))
    )


def test_what_no_schema_can_see_is_a_broken_quiz():
    assert {f"{name}.yml" for name in UNSEEN} <= {path.name for path in BROKEN.glob("*.yml")}
