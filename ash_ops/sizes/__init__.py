"""What a machine or a task may be: Fargate's sizes, instance types, and which launch type takes what."""
