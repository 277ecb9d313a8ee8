"""course impact, course decide"""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from course.commands import impact_report, options
from course.commands.assessment import assess, summary_option
from course.content import decisions
from course.content.changes import DECISIONS
from course.record.publishing import impact as impact_of
from course.record.publishing.impact_model import Group, QuestionChange


@click.command()
@click.argument("base", required=False)
@click.option("--commit", help="Look at this commit instead of the files as they are now.")
@summary_option
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    help="For people, for a comment on a pull request, or for programs.",
)
@options.root
def impact(
    base: str | None, commit: str | None, summary_file: Path | None, style: str, root: Path
) -> None:
    """Show what publishing this course would do to learners' records, and what is left to decide.

    The files are compared with what is published, or with the commit BASE. Nothing is changed. Learners'
    answers come from the database, or from a file without names that `course record summary` wrote.

    Exit status: 0 when it can be published, 1 while a decision is open.
    """
    found = assess(root, base=base, commit=commit, summary_file=summary_file).impact
    if style == "json":
        click.echo(json.dumps(impact_report.as_data(found), indent=2, ensure_ascii=False))
    elif style == "markdown":
        click.echo(impact_report.as_markdown(found))
    else:
        impact_report.show(found)
    raise SystemExit(1 if found.open else 0)


@click.command()
@click.argument("question")
@click.argument("decision", type=click.Choice([*DECISIONS, "new"]))
@click.option("--reason", required=True, help="Why; learners whose marks change will read it.")
@click.option("--from", "revision", help="Only about answers marked by this revision.")
@summary_option
@options.root
def decide(
    question: str,
    decision: str,
    reason: str,
    revision: str | None,
    summary_file: Path | None,
    root: Path,
) -> None:
    """Write into the quiz what is to happen with answers to earlier revisions of a QUESTION.

    keep: they keep their marks. regrade: they are regraded with the new key. void: the question no
    longer counts for those who answered it. re-ask: they keep their marks, and learners are asked again.
    new: this question is no other one under a new name.
    """
    assessment = assess(root, summary_file=summary_file)
    if question not in assessment.course.asked:
        raise click.ClickException(f"There is no question '{question}' in this course.")
    asked = assessment.course.asked[question][1]
    changed = next((one for one in assessment.impact.questions if one.question == question), None)
    if not reason.strip():
        raise click.UsageError("The reason is empty; learners will want to know why.")
    groups = impact_of.groups(assessment.summary, asked)
    entries = [
        decisions.change(old, asked.revision, decision, reason.strip())
        for old in _affected_revisions(changed, groups, decision, revision, question)
    ]
    try:
        places = decisions.write(root, assessment.course, question, entries)
    except decisions.NotWritten as error:
        raise click.ClickException(
            f"The question '{question}' is written in a way that leaves no place for it. Add this to it "
            f"by hand:\n\n{error}"
        ) from None
    for place in places:
        click.echo(f"{place}: {question}: {decision}")


def _affected_revisions(
    changed: QuestionChange | None,
    groups: Sequence[Group],
    decision: str,
    revision: str | None,
    question: str,
) -> list[str | None]:
    """Return the revisions that a decision applies to; [None] for the decision that a question is new."""
    if decision == "new":
        if changed is None or not changed.maybe:
            raise click.ClickException(f"Nobody asks whether '{question}' is new.")
        return [None]
    if revision:
        found = [group.old for group in groups if group.old.startswith(revision)]
    else:
        found = [group.old for group in (changed.groups if changed else ()) if group.is_open]
    if not found and revision:
        known = ", ".join(group.old[:7] for group in groups) or "none"
        raise click.ClickException(
            f"No answers to '{question}' are marked by a revision {revision}; there are answers by: {known}."
        )
    if not found:
        raise click.ClickException(
            f"No decision about '{question}' is open. To decide about it all the same, name the revision "
            "with --from."
        )
    return list(found)
