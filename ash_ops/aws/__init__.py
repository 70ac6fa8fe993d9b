"""The only floor that imports boto3: one session, and one typed reader a service."""
