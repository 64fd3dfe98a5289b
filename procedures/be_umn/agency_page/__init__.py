"""The agency's public page: read for the programmes on it, and for what of them changed later."""
