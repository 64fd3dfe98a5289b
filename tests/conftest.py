"""The office: an operator in a fixture, with a real worker on the time-skipping server."""

from __future__ import annotations
