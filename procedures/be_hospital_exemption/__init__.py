"""The hospital exemption for advanced therapy medicinal products: one folder, one decree."""
