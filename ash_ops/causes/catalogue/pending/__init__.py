"""Why a task does not start: images, secrets, log drivers, roles, room, placement."""
