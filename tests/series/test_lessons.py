"""The lessons keep the house rules of the series: cases with limits, figures with years, even sections."""

import datetime
import re

import pytest

from tests.series.reading import LIMIT, ROOT, YEAR, Series, is_named, names, runs_of_questions

FEWEST, MOST = 1300, 2000
"""Words in a lesson."""

SHORTEST, LONGEST = 225, 440
"""Words in a section that teaches: 250 to 400, give or take a tenth."""

OF_OTHER_LENGTH = {
    "Forms: how long, how findable, how deep": "its table of nine rows is read and not counted",
    "United once more, with a pencil": "the story is known from lesson 3; only the pencil is new",
    "Defend it, and say what would end it": "a third of it is spent on three questions",
}

NEW_ENOUGH = {
    "Rented reach": "its only figure is of 2025; what is older are events",
    "LEGO Ideas: rules that grew": "the rules are those of 2026; only the start is older",
}
"""Sections that name an old year beside a figure which is not old."""

OF_AN_EXAMPLE = {
    "A query, and what it catches": "the bicycle firm invented in the section before",
    "Read, and say how sure you are": "arithmetic: the margin of a sample",
    "Defend it, and say what would end it": "the waterworks of the whole lesson, which are nobody's",
}
"""Sections whose figures nobody measured, though they do not say it again."""

PRODUCTS = (
    "Adobe", "Agorapulse", "Ahrefs", "Airtable", "Algolia", "Asana", "Bitly", "Brand24",
    "BrandMentions", "Brandwatch", "Buffer", "BuzzSumo", "Canva", "ChatGPT", "Claude",
    "CoSchedule", "Copilot", "Falcon.io", "Freshdesk", "Gemini", "Grammarly", "Hootsuite",
    "HubSpot", "Intercom", "Klaviyo", "Linktree", "Loomly", "Mailchimp", "Marketo",
    "Mention.com", "MidJourney", "Mixpanel", "Moz", "Notion", "Perplexity", "Planoly",
    "Qualtrics", "Salesforce", "Semrush", "Sendible", "Shopify", "Slack", "Sprinklr",
    "SproutSocial", "SurveyMonkey", "Synthesio", "Talkwalker", "Trello", "Typeform", "WordPress",
    "Zapier", "Zendesk",
)  # fmt: skip
"""Makers of tools that people buy for this work, and assistants. Platforms are where people are, and may
be named; so may the firm that published a survey."""

UNCHECKED = (
    "600,000 visits",  # of River Pools
    "22 January 2026",  # the closing of the TikTok venture
    "DMCC",
    "Keiningham",
    "Sprout Social",
    "47.7 million",
    "325 volunteers",
)
"""Marks of facts that nobody could confirm, so that they stay out."""

FROM_ONE_SIDE = {
    "understand/who-holds-the-message": ["Wikipedia"],
    "understand/the-social-web-as-a-system": ["Goodreturns"],
    "understand/trust-under-scrutiny": ["Nation's Restaurant News"],
    "listen/listening-before-speaking": ["Marcus Sheridan"],
    "listen/people-first": ["AdPulp"],
    "listen/when-customers-remix-the-message": ["Mary Sue", "Krysa"],
    "participate/becoming-an-expert-resource": ["Aggarwal"],
}
"""Sources known from a re-telling or from an interested party alone."""

FIGURE = re.compile(
    r"\d%|\d (?:million|billion|thousand|points|dollars)|[$€£]\d|\b\d{1,3},\d{3}\b|\b\d{3}\b"
)
PARENTHESES = re.compile(r"\(([^()]*)\)")


def test_the_series_has_twelve_lessons_in_four_modules(series: Series) -> None:
    assert [len(module.lessons) for module in series.course.modules] == [3, 3, 3, 3]


# Length and rhythm


def test_a_lesson_is_read_in_ten_minutes_or_so(series: Series) -> None:
    wrong = {
        counted.lesson: (counted.words, counted.minutes)
        for counted in series.inventory.lessons
        if not (FEWEST <= counted.words <= MOST and 8 <= counted.minutes <= 12)
        or not counted.takes[0] <= counted.minutes <= counted.takes[1]
    }

    assert wrong == {}


def test_a_section_is_a_few_hundred_words(series: Series) -> None:
    wrong = {
        section.title: section.words
        for told in series.lessons
        for section in told.sections
        if not SHORTEST <= section.words <= LONGEST
    }

    assert wrong.keys() == OF_OTHER_LENGTH.keys(), wrong


def test_one_to_three_questions_follow_a_section_and_no_three_in_a_row(series: Series) -> None:
    wrong = {
        section.title: runs_of_questions(section)
        for told in series.lessons
        for section in told.sections
        if not 1 <= sum(runs_of_questions(section)) <= 3 or max(runs_of_questions(section)) > 2
    }

    assert wrong == {}


def test_a_lesson_opens_with_two_or_three_questions_that_do_not_count(series: Series) -> None:
    opening = {
        told.name: [question.worth for question in told.opening.questions]
        for told in series.lessons
    }

    assert [name for name, worth in opening.items() if worth not in ([0, 0], [0, 0, 0])] == []


@pytest.mark.parametrize(
    "part", ["/// plan\n///", '!!! question "Peer prompt"', '!!! info "Horizon"', "<figure"]
)
def test_each_lesson_has_all_its_parts(series: Series, part: str) -> None:
    assert [told.name for told in series.lessons if part not in told.text] == []
    assert [told.name for told in series.lessons if told.lesson.plan is None] == []


def test_a_module_page_links_its_lessons_in_order(series: Series) -> None:
    for module in series.course.modules:
        folder = module.lessons[0].path.partition("/")[0]
        text = (ROOT / "lessons" / folder / "index.md").read_text()
        linked = re.findall(r"\]\(([\w-]+\.md)\)", text)

        assert linked == [lesson.path.partition("/")[2] for lesson in module.lessons]
        assert all(f"[{lesson.title}]" in text for lesson in module.lessons)


# Cases and sources


def test_each_lesson_tells_three_cases_or_more_with_their_limits(series: Series) -> None:
    counted = {told.name: sum(len(s.cases) for s in told.sections) for told in series.lessons}

    assert {name: many for name, many in counted.items() if many < 3} == {}
    assert [
        told.name for told in series.lessons if LIMIT in told.opening.text + told.plan.text
    ] == []


def test_each_case_names_a_source_of_the_lesson_and_a_year(series: Series) -> None:
    wrong = [
        f"{told.name}, {section.title}: {case.strip()[:60]}"
        for told in series.lessons
        for section in told.sections
        for case in section.cases
        if not any(is_named(source, case) for source in told.sources) or not YEAR.search(case)
    ]

    assert wrong == []


def test_a_limit_is_more_than_its_heading(series: Series) -> None:
    for told in series.lessons:
        for said in told.text.split(LIMIT)[1:]:
            assert len(said.split("\n\n")[0].split()) >= 15, told.name


def test_every_source_is_used(series: Series) -> None:
    idle = [
        f"{told.name}: {source.text}"
        for told in series.lessons
        for source in told.sources
        if not is_named(source, told.text)
    ]

    assert idle == []


def test_a_source_that_only_retells_is_marked_and_said_to(series: Series) -> None:
    marked = {
        told.name: [source for source in told.sources if source.seen == "report"]
        for told in series.lessons
    }

    for name, expected in FROM_ONE_SIDE.items():
        for said in expected:
            assert any(said in source.text for source in marked[name]), (name, said)
    for told in series.lessons:
        for source in marked[told.name]:
            beside = [
                paragraph
                for section in told.sections
                for paragraph in section.paragraphs
                if any(called in paragraph for called in names(source))
            ]
            assert any("reported" in paragraph for paragraph in beside), source.text


# Figures


def test_a_year_in_parentheses_is_that_of_a_source(series: Series) -> None:
    wrong = []
    for told in series.lessons:
        known = {str(source.year) for source in told.sources}
        known |= {year for source in told.sources for year in YEAR.findall(source.text)}
        text = re.sub(r"^>.*$", "", told.text, flags=re.MULTILINE)  # invented answers are quoted
        for said in PARENTHESES.findall(text):
            wrong += [f"{told.name}: ({said})" for year in YEAR.findall(said) if year not in known]

    assert wrong == []


def test_a_section_with_figures_says_of_when_they_are_or_that_they_are_invented(
    series: Series,
) -> None:
    excuse = re.compile(
        r"invented|[Ss]uppose|convention|our suggestion|for practice", re.IGNORECASE
    )
    found = [
        section.title
        for told in series.lessons
        for section in told.sections
        if FIGURE.search(section.text)
        and not YEAR.search(section.title + section.text)
        and not excuse.search(section.text)
    ]

    assert found == list(OF_AN_EXAMPLE)


def test_a_figure_of_more_than_five_years_ago_is_called_history(series: Series) -> None:
    found = {
        section.title
        for told in series.lessons
        for section in told.sections
        if "history" not in section.text.lower()
        and any(is_old(paragraph, told.date) for paragraph in section.paragraphs)
    }

    assert found == NEW_ENOUGH.keys()


def is_old(paragraph: str, today: datetime.date) -> bool:
    """Whether a paragraph has a figure, and a year of which most lies more than five years back."""
    years = [int(year) for year in YEAR.findall(paragraph)]
    figures = FIGURE.search(YEAR.sub("", paragraph))
    return bool(figures) and any(year <= today.year - 5 for year in years)


# What stays out


def test_no_product_to_buy_is_named(series: Series) -> None:
    said = written()

    assert [name for name in PRODUCTS if re.search(rf"\b{re.escape(name)}\b", said)] == []


def test_what_could_not_be_confirmed_stays_out(series: Series) -> None:
    said = written()

    assert [mark for mark in UNCHECKED if mark in said] == []


def written() -> str:
    """Return everything that learners read."""
    files = [
        path
        for folder in ("lessons", "quizzes", "plans")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".md", ".yml", ".svg")
    ]
    assert len(files) > 40
    return "\n".join(path.read_text() for path in files)
