"""One file an app: how a message looks there, how it is signed, how fast it may come, and what the answer means."""
