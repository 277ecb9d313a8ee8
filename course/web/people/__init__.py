"""Who is asking, signing in, accounts, and what trainers see of learners."""
