"""How a question does, as HTML: beside it in the preview, and on the trainers' pages."""

from markupsafe import Markup

from course.content.percent import percent, percentage
from course.markup import environment
from course.record.statistics import flags
from course.record.statistics.intervals import Estimate
from course.record.statistics.item_statistics import MIN_TYPED, Figures


def figures(one: Figures) -> Markup:
    """Return the figures of one revision of a question: flags, plots, and the table behind them."""
    template = environment().get_template("figures.html")
    html = template.render(
        one=one,
        flags=flags.question_flags(one),
        least=MIN_TYPED,
        decimal=_decimal,
        percent=_percent,
        seconds=_seconds,
    )
    return Markup(html)  # noqa: S704 - an autoescaping template


def note(one: Figures) -> Markup:
    """Return the figures folded into one line beside a question; the line lists what needs attention."""
    template = environment().get_template("figures_note.html")
    found = flags.question_flags(one)
    whole = {"facility": one.facility, "discrimination": one.discrimination}
    lines = [flag.text for flag in found] or [
        f"{name} {estimate.value:.2f}"
        for name, estimate in whole.items()
        if estimate is not None and estimate.value is not None
    ]
    html = template.render(one=one, flags=found, lines=lines, figures=figures(one))
    return Markup(html)  # noqa: S704 - an autoescaping template


def _decimal(estimate: Estimate) -> str:
    return _interval_text(estimate, "{:.2f}", "")


def _percent(estimate: Estimate) -> str:
    """Return a share with its interval; the share rounded down, so that it crosses no limit of a flag."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return estimate.why
    ends = f"({100 * estimate.low:.0f} to {100 * estimate.high:.0f})"
    return f"{percentage(percent(estimate.value))} {ends}"


def _seconds(estimate: Estimate) -> str:
    return _interval_text(estimate, "{:.0f}", " s")


def _interval_text(estimate: Estimate, form: str, unit: str) -> str:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return estimate.why
    value, low, high = (
        form.format(number) for number in (estimate.value, estimate.low, estimate.high)
    )
    return f"{value}{unit} ({low} to {high})"
