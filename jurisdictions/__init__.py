"""One folder per jurisdiction: what all procedures of a country or union share, such as how days are counted.

Stands on `models/` alone; a procedure names its own.
"""
