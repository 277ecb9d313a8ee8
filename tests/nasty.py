"""Texts that break what reads them carelessly: markup, long runs, and shapes that make patterns slow."""

MARKUP = [
    "2*3*4 and __init__ and `x`",
    "<b>bold</b> <p>new</p>",
    '<a href="//evil.example/">Sign in again</a>',
    "<img src=x onerror=alert(1)>",
    "# A heading\n- a list\n> a quote",
    "[text](javascript:alert(1)) ![](//evil.example/p.png)",
    "&amp; &#60;script&#62; &lt;",
    "</textarea></form><script>alert(1)</script>",
    "{{ 7 * 7 }} {% raw %} {name} [[gap]]",
    "one\ntwo\n\n    three",
    '" autofocus onfocus=alert(1) x="',
    "\u202eturned round\u2066",
]
"""Shown as something else by whatever takes it for HTML, Markdown or a template."""

SHAPES = [
    "[", "*", "_", "`", "<", "&", "!", "(", "[](", "![", "**a", "*a **b ", "<a ", "<!--", "<?", "&#",
    "> ", ">>", "- ", "\n- ", "\n1. ", "\n\n    ", "\n# ", "[a]: ", "[a]: <", "\\", "``` ", "|a", "~", "a",
    "a ", " \n", "\u0301", "\ufdfa", "\U0001f600", "-1,", "1,23", "1.234", "a@", "a.", "(a@", ";q=0.",
    ',";', "%00", "'", '"',
]  # fmt: skip
"""Repeated up to the length that a field takes."""


def filled(shape: str, length: int) -> str:
    """Return *shape* repeated to *length* characters."""
    return (shape * length)[:length]
