"""Topics to operators.

Reads topics.detected, owns the {feed} keys in Redis (`feeds/feed_store.py`), writes nothing to Kafka. Promises that
what leaves as Atom, JSON Feed or CSV holds no sample, and that each act and each look at a sample is in the audit log.
"""
