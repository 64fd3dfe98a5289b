"""How fast and how large: measured on real servers, side by side, never asserted. See README.md."""
