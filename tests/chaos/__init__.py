"""Loopdeck under a hand that kills it, cuts its power and feeds it bad answers."""
