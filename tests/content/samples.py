"""One sound question of each type, as a trainer writes it."""

import textwrap

from course.content import questions, source
from course.content.questions.base import Question

SINGLE = """\
id: first-act
type: single
objective: control
prompt: Which of these does a firm control?
options:
  - text: The wording of its own reply
    correct: true
    feedback: Nobody else writes it.
  - text: The tone of the thread
    feedback: You own the page, not the talk.
    misconception: a page you own is a conversation you own
hint: Ask who types the words.
explanation: Control means deciding what is said.
"""

MULTIPLE = """\
id: both-acts
type: multiple
objective: control
prompt: Which of these does a firm control?
options:
  - text: Its product
    correct: true
    feedback: It decides.
  - text: Its promises
    correct: true
  - text: Its reviews
    feedback: Others write them.
  - text: Its neighbours
explanation: Control means deciding.
"""

BLANK = """\
id: earned
type: blank
objective: control
prompt: Influence is [[verb]] by [[noun]].
blanks:
  verb:
    accept: [earned, won]
    feedback: It is not given.
    slips:
      - answer: bought
        feedback: It is not for sale.
  noun:
    accept: [taking part]
explanation: By taking part.
"""

NUMERIC = """\
id: share
type: numeric
objective: control
prompt: How many days?
answer: 4.35
tolerance: 0.01
unit: days
feedback: Count again.
slips:
  - answer: 43.5
    feedback: Mind the decimal point.
explanation: Count them.
"""

ORDER = """\
id: steps
type: order
objective: control
prompt: What comes first?
items:
  - text: Listen
    feedback: Listening comes first.
  - - text: Answer
    - text: Thank
  - text: Learn
explanation: Listening comes first.
"""

MATCH = """\
id: who-holds
type: match
objective: control
prompt: Who holds what?
pairs:
  - left: Wording
    right: control
  - left: Replies
    right: influence
    feedback: You change the odds.
  - left: Product
    right: control
distractors:
  - text: neither
    feedback: Each is one of the two.
explanation: Wording is yours.
"""

TEXT = """\
id: reply
type: text
objective: control
prompt: Write a reply.
checklist:
  - Names a time
  - Says sorry
example: We are sorry, and shall call you at five.
explanation: There are many ways.
"""

POLL = """\
id: habits
type: poll
objective: control
prompt: Where do you read reviews?
options:
  - text: At home
    feedback: So do most.
  - text: In the shop
"""

ALL = {
    "single": SINGLE,
    "multiple": MULTIPLE,
    "blank": BLANK,
    "numeric": NUMERIC,
    "order": ORDER,
    "match": MATCH,
    "text": TEXT,
    "poll": POLL,
}


def question(text: str, *changes: tuple[str, str]) -> Question:
    """Return the question in *text*, each of *changes* made in it first."""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    data = source.parse_yaml("quiz.yml", textwrap.dedent(text)).data
    return questions.TYPES[data["type"]].model_validate(data)
