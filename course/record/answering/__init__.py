"""Answers: preparing, recording, drawing from pools, and reading them back exactly."""
