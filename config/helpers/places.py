"""Where things are. All that the set-up makes is in ``var/`` (git-ignored), but for
the downloaded packages, which outlive a ``reset``."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ROOT / "addons"
CONFIG = ROOT / "config"
VAR = ROOT / "var"
LOGS = VAR / "log"
# Odoo's data_dir: filestores and sessions.
DATA = Path(os.environ.get("ODOO_DATA_DIR") or VAR / "data")
VENV = VAR / "venv"
PYTHON = VENV / "bin" / "python"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "consortium"


def filestore(database):
    """The folder of a database's attachments."""
    return DATA / "filestore" / database
