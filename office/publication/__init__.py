"""What the public reads: when the register is published, and the summaries it shows."""
