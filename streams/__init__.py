"""Posts -> windows, evidence, topics.

Reads posts.collected; writes windows to Redis, topic lines to topics.detected, unusable posts to posts.rejected.
Owns the window store's keys and the offsets in it.
Promises: for each partition, the stored state equals the fold of its records [0, next), whatever crashes.
"""
