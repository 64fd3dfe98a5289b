"""What is done to the outside world: one file per concern, each effect once."""
