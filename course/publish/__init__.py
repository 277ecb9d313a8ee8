"""From what trainers write to a static site that anyone can read, without a single key in it."""
