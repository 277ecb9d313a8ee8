"""What trainers write: lessons, quizzes, questions, and the problems found in them.

Nothing here knows Flask, SQL or HTML, so an answer is marked alike in a test, a command and a request.
"""
