"""Alerts: topics to people.

Reads topics.detected; writes to Slack-style channels and alerts.raised; owns the stories, the outbox and the memory
of what each channel was told. Promises that every alert arrives, once, outside the window of doubt in docs/alerts.md.
"""
