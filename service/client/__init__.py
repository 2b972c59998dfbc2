"""Answers of a service over HTTP, as the records that are computed here.

One place says what is asked (`calls`), one what becomes of an answer (`replies`), one when to ask
again (`conversation`); `clients` has two thin ways to send it, one that waits and one for
coroutines.
"""
