"""Checkers of the little languages that programs take as arguments: one pure function each.

A checker never raises and never guesses: what it does not understand is `unknown` in its report.
"""
