"""The law as dated data: every limit, amount and list the procedures use, with its source.

`clause.py` is the shape of a clause; `time_limits.py`, `contributions.py` and `calendars.py` hold
the values; `procedures/` says which of them each procedure uses; `applicable.py` puts together the
law of one file on one day, which then travels in that file's input and is never looked up again.
"""
