"""A way in for assistants: short answers, tools over the Model Context Protocol, and the skill that teaches both."""
