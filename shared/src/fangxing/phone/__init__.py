"""Word by phone 电话授权: a superior's word, acted on before the papers are there (3-8.2-B, 5-4.2.5).

A service says which channels there are (`policies.Channel`) and makes routes and a timer of them; the use case that is
beyond somebody's authority asks `covering.covers` whether such a word covers what it is about to do.
"""
