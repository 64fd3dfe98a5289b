"""The law book of CUP and MNP: every value with its source and its first day."""
