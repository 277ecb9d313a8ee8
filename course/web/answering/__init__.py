"""Answer forms, and questions with their feedback."""
