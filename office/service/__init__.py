"""What runs: the embedded server, the worker and the postman, and whether they do their part."""
