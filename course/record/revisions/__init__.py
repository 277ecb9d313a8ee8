"""What was asked and when: published revisions of questions, lessons and the outline."""
