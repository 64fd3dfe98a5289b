"""The field's words and the law's numbers: pure, no input or output, no wall clock."""
