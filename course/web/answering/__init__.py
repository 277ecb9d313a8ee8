"""Forms that bring answers, and what a learner sees after one."""
