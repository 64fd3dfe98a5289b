"""One folder per procedure, or per procedures that share a law.

`shape.py` says what a procedure is made of, `registry.py` finds the folders, `books.py` puts
the law of a file together from them; the engine imports these two only. A folder stands on `models/`
and `jurisdictions/`, and knows no other folder.
"""
