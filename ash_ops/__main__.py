"""``python -m ash_ops`` is ``ash-ops``."""

from ash_ops.cli import main

if __name__ == "__main__":
    main()
