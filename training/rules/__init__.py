"""Decisions of training, by subject."""
