"""Debian's packages, and the machine's limits."""

import os
import shutil
import subprocess

from .console import Trouble, output_of, run, step
from .places import VAR

RUN = ("python3-venv", "libpango-1.0-0", "libpangoft2-1.0-0", "fonts-dejavu-core")
TEST = ("chromium", "nginx-light", "systemd", "poppler-utils")
NEEDED_GB = 4


def ensure_packages(names):
    """Install the missing ones of Debian's packages ``names``.

    :raise Trouble: no Debian, no root and no sudo, or apt failed
    """
    missing = [name for name in names if not _installed(name)]
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise Trouble(
            "This machine has no apt-get: install these by hand, then start again: "
            + " ".join(missing)
        )
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    if sudo and not _may_sudo():
        raise Trouble(
            "Neither root nor sudo is to be had here: have an administrator run "
            f"« apt-get install {' '.join(missing)} », then start again."
        )
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qy"]
    with step(f"Installing Debian packages: {' '.join(missing)}"):
        run([*sudo, *quiet, "update"], "apt-update", "apt-get update failed.")
        run(
            [*sudo, *quiet, "install", "--no-install-recommends", *missing],
            "apt-install",
            "apt-get install failed.",
        )


def available(*names):
    """Those of Debian's packages ``names`` that this release has."""
    return tuple(name for name in names if output_of(["apt-cache", "show", name]))


def _installed(name):
    status = output_of(["dpkg-query", "-W", "-f", "${db:Status-Status}", name])
    return status == "installed"


def _may_sudo():
    if not shutil.which("sudo"):
        return False
    if output_of(["sudo", "-n", "true"]) or os.isatty(0):
        return subprocess.run(["sudo", "-v"], check=False).returncode == 0
    return subprocess.run(["sudo", "-n", "true"], check=False).returncode == 0


def check_disk():
    """:raise Trouble: less room than a first set-up takes"""
    free = shutil.disk_usage(VAR.parent).free / 1e9
    if free < NEEDED_GB and not (VAR / "venv").exists():
        raise Trouble(
            f"The set-up takes {NEEDED_GB} GB and {VAR.parent} has {free:.1f} GB left: "
            "make room, then start again."
        )
