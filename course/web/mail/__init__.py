"""Mails: their texts, and what sends them in the background."""
