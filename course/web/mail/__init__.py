"""Mail: its texts, and the background sender."""
