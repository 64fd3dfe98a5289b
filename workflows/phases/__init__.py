"""The phases of an examination and of a life, each in a file of its own."""
