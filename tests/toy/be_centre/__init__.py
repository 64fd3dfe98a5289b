"""Certificates of treatment centres: an invented procedure, by the steps of docs/adding-a-procedure.md."""
