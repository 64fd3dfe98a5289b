"""What leaves as a letter, seen before and after, and what became of it."""
