"""Numbers of things in sentences: "1 lesson", "2 lessons", "10,000 words"."""


def count(number: int, what: str) -> str:
    """Return *number* and the noun *what* (singular), with an s for the plural."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
