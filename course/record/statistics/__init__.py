"""Item statistics: first answers, intervals, flags, cache and export."""
