"""The machines that tasks run on: container instances, capacity, and runners on them."""
