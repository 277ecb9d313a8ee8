"""The requester's identity, signing in, accounts, and trainers' pages about learners."""
