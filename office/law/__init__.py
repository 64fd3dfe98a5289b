"""The law as the agency's lawyers see and complete it, and what a change of it touches."""
