import os
from pathlib import Path

os.environ.setdefault("CONFIG", str(Path(__file__).parent.parent / "config" / "assistant.yaml"))
