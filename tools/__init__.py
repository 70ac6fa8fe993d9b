"""What builds, generates and measures the project; nothing of it ships."""
