"""What can be known to fail before anything is created: a check refuses, warns, passes, or could not tell.

A finding of severity ``error`` refuses the deployment. The id of a check is what ``--skip-check`` takes.
"""
