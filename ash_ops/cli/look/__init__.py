"""Commands that look and change nothing in AWS, one file a command."""
