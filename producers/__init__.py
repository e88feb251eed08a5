"""Site or file -> posts on Kafka.

Reads files and sources in their own formats; writes frames to posts.collected and unusable input to the
rejected posts. Owns author hashing and each source's cursor.
Promises: no raw user id and no picture address leaves this package.
"""
