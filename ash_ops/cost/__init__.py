"""What a deployment costs: a plan becomes lines, lines get prices, each with its source and date."""
