"""Does what was just deployed serve? Each check is made until it passes, or its time is over; the next follows then."""
