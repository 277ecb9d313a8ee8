"""How far a learner is: completion and the standing of a lesson."""
