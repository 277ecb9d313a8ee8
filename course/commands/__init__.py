"""What `course ...` does, one module each."""
