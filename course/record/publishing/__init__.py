"""Publications, what they change, decisions, regrades, late answers and undoing."""
