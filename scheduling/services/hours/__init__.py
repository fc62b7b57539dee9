"""Actual hours: weeks, their confirmation, approval and correction."""
