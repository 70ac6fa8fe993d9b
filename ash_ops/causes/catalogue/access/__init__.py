"""Your own access to AWS: credentials, regions, permissions, ECS Exec."""
