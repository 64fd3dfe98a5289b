"""What an officer does with a case: acts on it, looks at it, and has its dates explained."""
