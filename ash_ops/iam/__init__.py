"""The least-privilege policies: which command calls what, and what CloudFormation calls for it."""
