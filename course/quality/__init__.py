"""Whether lessons and questions are good, beyond being sound: what `course lint` says.

A rule is a small function that yields problems. Each stands in a table of its module, with the reason
for it and where that reason comes from: `items` (one question), `balance` (a quiz, or the course),
`lessons`, `spelling`, `links`. `material` is what they read, `lint` runs them.
"""
