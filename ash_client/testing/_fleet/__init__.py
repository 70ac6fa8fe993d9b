"""More than one machine: a coordinator's registry of runners, and how the two talk over HTTP."""
