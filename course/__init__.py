"""An engine for training courses: content in git, and records that can be trusted."""

__version__ = "0.1.0"
