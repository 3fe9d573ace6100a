"""Writes the bodies anew: python tests/bodies/write.py. Read what git says has changed."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from bodies.situations import SITUATIONS, page, shown  # noqa: E402

for name, situation in SITUATIONS.items():
    (HERE / f"{name}.md").write_text(page(shown(situation).request), encoding="utf-8", newline="")
