"""Question statistics, for trainers."""
