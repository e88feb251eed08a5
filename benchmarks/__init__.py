"""Speeds, measured: `make bench`. Never part of a timed test."""
