"""What the commands of a repair do: what they interrupt, and what the facts are after them."""
