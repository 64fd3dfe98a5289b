"""The law as dated data: what a clause is, what a book of them is, and the law of one file.

Clauses and their values stand in the folders of the procedures (`procedures/`); the law of one file on one
day is put together there, travels in that file's input and is never looked up again.
"""
