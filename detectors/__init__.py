"""Judging, pure: relevance, bursts, grouping, lifecycle, titles.

Reads posts and counts, gives judgements and topic lines; owns the detection state's shape.
Promises: no I/O, no clock, no randomness; the same (state, counts, event time) gives the same answer.
"""
