"""What AWS says of machines: container instances, capacity, types of instances, and the runners on them."""
