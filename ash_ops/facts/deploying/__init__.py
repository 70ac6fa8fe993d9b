"""What a deployment is planned and proven by."""
