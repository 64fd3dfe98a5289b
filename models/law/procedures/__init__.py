"""One file per procedure: what is examined, by whom, and how it may end. No behaviour."""
