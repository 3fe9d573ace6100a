"""How many runs, and from which seed on. `make soak` says both; without that they are few, always the same.

A run that failed has its seed in its name: `SOAK_RUNS=1 SOAK_SEED=17 pytest tests/soak -k NAME`.
"""

import os

RUNS = int(os.environ.get("SOAK_RUNS", "0"))
"""Of each kind; 0 is the short form."""
FIRST = int(os.environ.get("SOAK_SEED", "1"))


def seeds(short: int) -> range:
    """The seeds of a test; `short` runs in the short form."""
    return range(FIRST, FIRST + (RUNS or short))
