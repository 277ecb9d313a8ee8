"""Our parser finds in a page what Material's own does."""

from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from material.plugins.search.plugin import SearchIndex

from course.publish import search

PAGES = [
    "<h1 id='a'>One</h1><p>Text</p>",
    '<h1 id="a">One<a class="headerlink" href="#a">¶</a></h1>\n<p>Text &amp; <em>more</em> &lt;b&gt;</p>',
    '<p>Before</p><h2 id="b">Two <code>x &lt; y</code></h2><ul>\n<li>One</li>\n<li></li>\n</ul><p> </p>',
    '<h2 id="b">Two</h2><div data-search-exclude="">No</div><p>Yes</p><div>And this</div>',
    '<div><h3 id="c">Inside</h3><p>In</p></div><p>Out</p><h3>No id</h3>',
    '<pre><code>  a\n  b\n</code></pre><table class="linenodiv"><tr><td>1</td></tr></table><p>x\ny</p>',
    "<p>a<br />b<img alt=\"\" src='x.png'>c</p><!-- a comment --><p>d</p>",
    '<h2 data-search-exclude id="n">Not this</h2><p>Nor this</p><h2 id="y">But this</h2>',
    "<p>A < B, and 3 <4</p><p>open",
    "<script>if (a < b) { c('<p>') }</script><p>After</p><style>p > a {}</style>",
    '<object data="x">hidden</object><p CLASS="big">Upper</P>',
    '<h2 id="caf&eacute;">Caf&eacute; &#233;</h2></p></div><p>End</p>',
    "Only words",
    "",
    '<svg viewBox="0 0 1 1"><path d="M0"/></svg><p>After <sup id="fnref:1"><a href="#fn:1">1</a></sup></p>',
]


def parsed(parser: Any, html: str) -> list[Any]:
    parser.feed(html)
    parser.close()
    return [
        (repr(found.el), found.id, found.title, found.text, found.is_excluded(), found.depth)
        for found in parser.data
    ]


@pytest.mark.parametrize("html", PAGES)
def test_sections_are_those_that_material_finds(html: str) -> None:
    theirs = search._THEIRS()
    assert isinstance(theirs, HTMLParser)

    assert parsed(search.Parser(), html) == parsed(theirs, html)


@pytest.mark.parametrize("pages", [0, 1, 3])
def test_an_index_of_ready_entries_is_the_one_that_material_writes(pages: int) -> None:
    settings = {"lang": ["en"], "separator": "[\\s]+", "pipeline": ["stemmer"], "fields": {}}
    theirs, ours = SearchIndex(**settings), SearchIndex(**settings)
    page = SimpleNamespace(meta={}, title="Été", toc=[], url="a/", content=PAGES[2])
    ready = []
    for _ in range(pages):
        before = len(theirs.entries)
        theirs.add_entry_from_context(page)
        ready.append(search.as_json(theirs.entries[before:]))

    search.put(ours, ready)

    expected = theirs.generate_search_index(None)
    assert ours.generate_search_index(None) == expected
    assert ours.generate_search_index(ours) == expected, "also when it is asked for again"
