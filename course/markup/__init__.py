"""Questions and short texts as HTML: one look for the built site and for the service's pages."""

from course.markup.questions import (
    Result,
    ShownQuestion,
    account_notice,
    completion_rule,
    environment,
    environment_for,
    plan,
    question,
    reading,
)
from course.markup.texts import (
    anchored,
    faults_of,
    links_in,
    phrase,
    placed,
    plain,
    plain_text,
    prose,
    with_formulas,
)

__all__ = [
    "Result",
    "ShownQuestion",
    "account_notice",
    "anchored",
    "completion_rule",
    "environment",
    "environment_for",
    "faults_of",
    "links_in",
    "phrase",
    "placed",
    "plain",
    "plain_text",
    "plan",
    "prose",
    "question",
    "reading",
    "with_formulas",
]
