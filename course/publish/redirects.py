"""Pages at old addresses that lead to where a page is now, without a script and under the site's policy."""

from collections.abc import Iterator

from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url

from course.content.addresses import as_url
from course.content.course import Course

_PAGE = Markup(
    "<!doctype html>\n"
    '<html lang="{language}">\n'
    "<head>\n"
    '<meta charset="utf-8">\n'
    "<title>This page has moved - {site}</title>\n"
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n'
    '<meta name="robots" content="noindex">\n'
    '<link rel="canonical" href="{canonical}">\n'
    '<meta http-equiv="refresh" content="0; url={target}">\n'
    "</head>\n"
    '<body><p>This page has moved: <a href="{target}">go to its new address</a>.</p></body>\n'
    "</html>\n"
)


def files(course: Course, config: MkDocsConfig) -> Iterator[File]:
    """Yield a file for each old address of *course*; where it leads to is written relative to it."""
    for address, url in sorted(course.redirects.items()):
        target = get_relative_url(url or ".", as_url(address))
        canonical = f"{config.site_url.rstrip('/')}/{url}" if config.site_url else target
        page = _PAGE.format(
            language=config.theme.get("language") or "en",
            site=config.site_name,
            canonical=canonical,
            target=target,
        )
        yield File.generated(config, f"{address}index.html", content=str(page))
