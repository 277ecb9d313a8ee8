"""The course as it will look, while it is being written: pages on demand, problems in their places."""
