"""Copies of what a deployment keeps: made, listed, restored, by AWS's own means."""
