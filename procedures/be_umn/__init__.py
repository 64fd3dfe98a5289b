"""Compassionate use (CUP) and medical need (MNP) programmes of the Belgian agency.

They share one law book, one intake and one public register; `procedure.py` says at its end what differs.
"""
