"""Telling people 通知: a new task reaches the group of its role by robot or mail, some seconds after it was opened.

What is to be told is written with the task and sent by the leading worker, outside of every transaction, at least once.
Nothing waits for it: whoever is not told finds the task in his list all the same.
"""
