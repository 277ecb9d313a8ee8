"""Accounts, learners, their sign-ins, mail links, merging and personal data."""
