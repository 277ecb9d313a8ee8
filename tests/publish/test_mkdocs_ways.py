"""What MkDocs lets authors do, a course lets them do as well."""

import shutil
from pathlib import Path

import pytest

from course.content.course import Course
from course.content.problems import CourseError, errors
from course.publish import checking, site
from course.publish.preview.state import Preview
from tests.publish.test_cache import put, replace

LESSON = """\
---
title: {title}
minutes: 2
objectives:
  aim: Do it
---

Some words.
"""


def built(root: Path) -> Course:
    assert errors(checking.check(root)[1]) == []
    return site.build(root, root / "out/site", root / "out/course.json")


def warnings(root: Path) -> list[str]:
    return [str(problem).split("\n")[0] for problem in checking.check(root)[1]]


def setting(root: Path, text: str) -> None:
    put("mkdocs.yml", (root / "mkdocs.yml").read_text("utf-8") + text)(root)


def page(root: Path, address: str) -> str:
    return (root / "out/site" / address / "index.html").read_text("utf-8")


# Pages outside the navigation


def test_a_page_that_is_not_in_the_navigation_is_built_and_warned_of(tiny: Path) -> None:
    put("lessons/extra.md", "# Extra\n\nSee [this](basics/reading.md).\n")(tiny)

    built(tiny)

    assert "Extra" in page(tiny, "extra")
    assert warnings(tiny) == [
        "lessons/extra.md:1:1: warning: is not in the navigation, so nobody finds it"
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("extra.md", "not_in_nav: |\n  extra.md\n"),
        ("news/2026/one.md", "not_in_nav: |\n  # posts\n  /news/\n"),
    ],
)
def test_not_in_nav_is_respected(tiny: Path, name: str, text: str) -> None:
    put(f"lessons/{name}", "# Extra\n")(tiny)
    setting(tiny, text)

    built(tiny)

    assert warnings(tiny) == []
    assert "Extra" in page(tiny, name.removesuffix(".md"))


@pytest.mark.parametrize("key", ["exclude_docs", "draft_docs"])
def test_a_page_kept_out_of_the_site_is_no_problem_and_no_page(tiny: Path, key: str) -> None:
    put("lessons/basics/draft.md", "/// quiz\n\nnot even a [lesson](gone.md)\n")(tiny)
    shutil.copy(tiny / "quizzes/basics/graded.yml", tiny / "quizzes/basics/draft.yml")
    setting(tiny, f"{key}: |\n  draft.md\n")
    replace("quizzes/basics/graded.yml", "id: ", "id: other-")(tiny)

    course = built(tiny)

    assert warnings(tiny) == []
    assert "basics/draft" not in course.lessons
    assert not (tiny / "out/site/basics/draft").exists()


def test_a_page_that_is_listed_and_kept_out_is_warned_of_where_it_is_listed(tiny: Path) -> None:
    setting(tiny, "draft_docs: |\n  reading.md\n")

    course = built(tiny)

    assert "basics/reading" not in course.lessons
    assert warnings(tiny) == [
        "mkdocs.yml:13:9: warning: nav: basics/reading.md is kept out of the site by 'draft_docs'"
    ]


def test_blog_posts_and_tags_pass_through(tiny: Path) -> None:
    post = "---\ndate: 2026-11-01\ncategories: [News]\ntags: [one]\ndraft: false\n---\n\n# A post\n\nWords.\n"
    put("lessons/blog/index.md", "# Blog\n")(tiny)
    put("lessons/blog/posts/first.md", post)(tiny)
    replace("mkdocs.yml", "  - course\n", "  - course\n  - blog\n  - tags\n")(tiny)
    replace("mkdocs.yml", "  - Later:", "  - Blog: blog/index.md\n  - Later:")(tiny)

    built(tiny)

    assert warnings(tiny) == []
    assert "A post" in page(tiny, "blog/2026/11/01/a-post")


# A navigation made of folders


def test_without_a_navigation_it_is_made_of_folders_as_mkdocs_makes_it(tiny: Path) -> None:
    put("lessons/basics/deep_end/last.md", LESSON.format(title="Deep"))(tiny)
    put("lessons/basics/Aside.md", LESSON.format(title="Aside"))(tiny)
    text = (tiny / "mkdocs.yml").read_text("utf-8")
    nav = text[text.index("nav:") : text.index("theme:")]
    put("mkdocs.yml", text.replace(nav, ""))(tiny)

    course = built(tiny)

    assert [(module.title, [one.id for one in module.lessons]) for module in course.modules] == [
        (
            "Basics",
            [
                "basics/Aside",
                "basics/all-types",
                "basics/graded",
                "basics/reading",
                "basics/deep_end/last",
            ],
        ),
        ("Later", ["later/only"]),
    ]
    html = page(tiny, "basics/Aside")
    places = [html.index(f">{title}") for title in ("Aside</", "A lesson to read</", "Deep</")]
    assert places == sorted(places)


def test_a_navigation_may_be_inherited(tiny: Path) -> None:
    (tiny / "mkdocs.yml").rename(tiny / "base.yml")
    put("mkdocs.yml", "INHERIT: base.yml\nsite_name: Another\n")(tiny)

    course = built(tiny)

    assert course.title == "Another"
    assert course.site_url == "http://127.0.0.1:8000/"
    assert [module.title for module in course.modules] == ["Basics & more", "Later"]


# Names and addresses


@pytest.mark.parametrize(
    ("name", "id_", "url"),
    [
        ("basics/Über_uns.md", "basics/Über_uns", "basics/%C3%9Cber_uns/"),
        ("basics/UPPER.md", "basics/UPPER", "basics/UPPER/"),
        ("漢字/テスト.md", "漢字/テスト", "%E6%BC%A2%E5%AD%97/%E3%83%86%E3%82%B9%E3%83%88/"),
        ("basics/own/index.md", "basics/own/index", "basics/own/"),
        ("basics/own/README.md", "basics/own/README", "basics/own/"),
        ("basics/v1.2.md", "basics/v1.2", "basics/v1.2/"),
    ],
)
def test_any_letter_may_name_a_lesson_which_lies_where_mkdocs_puts_it(
    tiny: Path, name: str, id_: str, url: str
) -> None:
    put(f"lessons/{name}", LESSON.format(title="Named"))(tiny)
    replace("mkdocs.yml", "      - later/only.md\n", f"      - later/only.md\n      - {name}\n")(
        tiny
    )

    lesson = built(tiny).lessons[id_]

    assert lesson.url == url
    assert 'data-lesson="' + id_ in page(
        tiny, name.replace("README", "index").removesuffix(".md").removesuffix("/index")
    )
    shown = Preview(tiny, "http://127.0.0.1:8001/")
    try:
        assert "Named" in (
            shown.page(
                name.removesuffix(".md").removesuffix("index").removesuffix("README").rstrip("/")
                + "/"
            )
            or ""
        )
    finally:
        shown.close()


def test_an_index_page_without_objectives_is_no_lesson(tiny: Path) -> None:
    assert "basics/index" not in built(tiny).lessons


def test_two_pages_at_one_address_are_a_problem(tiny: Path) -> None:
    put("lessons/basics/README.md", "# Mine\n")(tiny)
    put("lessons/basics/reading/index.md", "# Mine\n")(tiny)

    with pytest.raises(CourseError) as caught:
        site.build(tiny, tiny / "out/site", tiny / "out/course.json")

    found = [str(problem).split("\n")[0] for problem in errors(caught.value.problems)]
    assert found == [
        "lessons/basics/README.md:1:1: has the same address as lessons/basics/index.md",
        "lessons/basics/reading.md:1:1: has the same address as lessons/basics/reading/index.md",
    ]


# Front matter


def test_keys_of_the_theme_and_of_plugins_are_let_through(tiny: Path) -> None:
    keys = "status: new\nsubtitle: More\nauthors: [me]\nog_image: x.png\nsocial: {cards: false}\n"
    replace("lessons/basics/reading.md", "minutes: 3\n", f"minutes: 3\n{keys}")(tiny)

    built(tiny)

    assert warnings(tiny) == []


def test_a_key_that_looks_like_one_of_ours_is_warned_of(tiny: Path) -> None:
    replace("lessons/basics/graded.md", "date: ", "dates: ")(tiny)
    replace("lessons/basics/index.md", "title: ", "tittle: ")(tiny)

    assert [line for line in warnings(tiny) if "unknown key" in line] == [
        "lessons/basics/graded.md:4:1: warning: dates: unknown key",
        "lessons/basics/index.md:2:1: warning: tittle: unknown key",
    ]


# Titles


@pytest.mark.parametrize(
    "heading", ["# Read *this*", "Read *this*\n==========", "# Read *this* {#here}"]
)
def test_the_heading_that_begins_a_lesson_is_its_title(tiny: Path, heading: str) -> None:
    text = f"---\nminutes: 3\nobjectives:\n  read: Read\n---\n\n{heading}\n\nWords.\n\n## Part\n\nMore.\n"
    put("lessons/basics/reading.md", text)(tiny)

    course = built(tiny)
    html = page(tiny, "basics/reading")

    assert course.lessons["basics/reading"].title == "Read this"
    assert html.count("<h1") == 1
    assert "<h1>Read this</h1>" in html
    assert '<li><a href="#part">' in html
    assert warnings(tiny) == []


def test_a_heading_and_a_title_that_agree_are_shown_once(tiny: Path) -> None:
    replace("lessons/basics/reading.md", "Words", "# A lesson to **read**\n\nWords")(tiny)

    built(tiny)

    assert page(tiny, "basics/reading").count("<h1") == 1
    assert warnings(tiny) == []


def test_titles_that_differ_and_further_ones_are_warned_of(tiny: Path) -> None:
    replace("lessons/basics/reading.md", "Words", "# Other\n\nWords\n\n# Third\n\nWords")(tiny)

    assert warnings(tiny) == [
        "lessons/basics/reading.md:8:1: warning: the heading 'Other' is not the title 'A lesson to read', "
        "which is shown",
        "lessons/basics/reading.md:12:1: warning: a heading of the first level: a page has one, its title",
    ]


# Old addresses


def moved(root: Path, key: str) -> Course:
    (root / "lessons/later/Neu").mkdir()
    (root / "lessons/basics/reading.md").rename(root / "lessons/later/Neu/größer.md")
    replace("lessons/later/Neu/größer.md", "minutes: 3\n", f"minutes: 3\n{key}\n")(root)
    replace("lessons/basics/index.md", "(reading.md)", "(../later/Neu/größer.md)")(root)
    replace("mkdocs.yml", "      - basics/reading.md\n", "")(root)
    replace(
        "mkdocs.yml",
        "      - later/only.md\n",
        "      - later/only.md\n      - later/Neu/größer.md\n",
    )(root)
    return built(root)


@pytest.mark.parametrize(
    "key",
    [
        "id: basics/reading",
        "aliases: [basics/reading]",
        "aliases:\n  - /basics/reading/",
        "aliases: [basics/reading.md]",
    ],
)
def test_a_lesson_that_moved_answers_at_its_old_address(tiny: Path, key: str) -> None:
    course = moved(tiny, key)
    html = page(tiny, "basics/reading")

    new = "../../later/Neu/gr%C3%B6%C3%9Fer/"
    assert f'<meta http-equiv="refresh" content="0; url={new}">' in html
    assert f'<a href="{new}">' in html
    assert '<link rel="canonical" href="http://127.0.0.1:8000/later/Neu/gr%C3%B6%C3%9Fer/">' in html
    assert "<script" not in html
    assert "style=" not in html
    assert "basics/reading" not in (tiny / "out/site/sitemap.xml").read_text("utf-8")
    assert course.redirects == {"basics/reading/": "later/Neu/gr%C3%B6%C3%9Fer/"}


def test_the_preview_and_a_second_build_know_old_addresses(tiny: Path) -> None:
    moved(tiny, "aliases: [basics/reading]")
    before = page(tiny, "basics/reading")

    built(tiny)

    assert page(tiny, "basics/reading") == before
    shown = Preview(tiny, "http://127.0.0.1:8001/")
    try:
        text, kind = shown.file("basics/reading/") or (b"", "")
        assert b"This page has moved" in text
        assert kind == "text/html"
    finally:
        shown.close()


@pytest.mark.parametrize(
    ("alias", "trouble"),
    [
        ("basics/graded", "is the address of lessons/basics/graded.md"),
        ("basics/index.md", "is the address of lessons/basics/index.md"),
        ("../up", "is no address inside the site"),
        ("https://example.org/", "is no address inside the site"),
        ("'a b'", "is no address inside the site"),
        ("api/v1", "belongs to the service"),
        ("old.html", "cannot be kept"),
        ("basics/file.txt", "is a file"),
        ("later/taken", "leads to lessons/basics/graded.md already"),
    ],
)
def test_an_alias_that_clashes_is_a_problem_at_its_line(
    tiny: Path, alias: str, trouble: str
) -> None:
    put("lessons/basics/file.txt", "text")(tiny)
    replace("lessons/basics/graded.md", "minutes: 1\n", "minutes: 1\naliases: [later/taken]\n")(
        tiny
    )
    replace("lessons/basics/reading.md", "minutes: 3\n", f"minutes: 3\naliases:\n  - {alias}\n")(
        tiny
    )

    for _ in range(2):
        [problem] = errors(checking.check(tiny)[1])

        assert str(problem).startswith("lessons/basics/reading.md:5:1: aliases: ")
        assert trouble in problem.message


def test_an_id_that_was_never_an_address_or_is_taken_now_leads_nowhere_else(tiny: Path) -> None:
    replace("lessons/basics/reading.md", "minutes: 3\n", "minutes: 3\nid: later/only\n")(tiny)
    replace("lessons/later/only.md", "minutes: 2\n", "minutes: 2\nid: api/old\n")(tiny)

    assert built(tiny).redirects == {}
    assert "The end." in page(tiny, "later/only")
