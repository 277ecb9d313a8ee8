"""Beginning something: a course in an empty folder, a lesson, a question. Nothing is ever overwritten."""
