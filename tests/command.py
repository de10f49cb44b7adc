"""``./consortium``, run as people run it."""

import re
import subprocess

from helpers import places

COMMAND = places.ROOT / "consortium"


def consortium(*arguments, stdin="", env=None):
    """Run the command to its end; return its exit code and all it printed."""
    done = subprocess.run(
        [COMMAND, *arguments],
        capture_output=True,
        text=True,
        input=stdin,
        env=env,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def start(*arguments, env=None):
    """Start the command in a process group of its own, to be killed whole."""
    return subprocess.Popen(
        [COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env=env,
    )


def read_until(process, pattern):
    """The lines printed until one matches ``pattern``, that one included."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if re.search(pattern, line):
            return lines
    raise AssertionError("".join(lines))
