"""Talking to the person at the terminal, and running programs for them."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from .places import LOGS, ROOT

LOADING = re.compile(r"Loading module (\S+) \((\d+)/(\d+)\)")
CHAPTER = re.compile(r"Demonstration (\d+)/(\d+): (.+)")
STARTED = time.monotonic()


class Trouble(Exception):
    """What is wrong and what to do about it, in one sentence for the user."""


def say(message):
    print(message, flush=True)


@contextmanager
def step(message):
    """Announce a step, then say how long it took."""
    start = time.monotonic()
    say(f"[{start - STARTED:4.0f} s] {message}…")
    yield
    if (spent := time.monotonic() - start) >= 1:
        say(f"[{time.monotonic() - STARTED:4.0f} s]   done in {spent:.0f} s")


def run(command, log, wrong, env=None, stdin=None, progress=False):
    """Run ``command`` with its output in ``var/log/<log>.log``; return the path.

    :param wrong: the sentence to say when it fails
    :param stdin: a script, whose "Demonstration n/m: X" lines are shown
    :param progress: show how far Odoo's "Loading module X (n/m)" lines are
    :raise Trouble: ``wrong``, with the last lines of the log
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / f"{log}.log"
    with path.open("w+") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            env={**os.environ, **(env or {})},
            cwd=ROOT,
            text=True,
        )
        try:
            if stdin is not None:
                process.stdin.write(stdin)
                process.stdin.close()
            if progress or stdin is not None:
                _follow(process, path, LOADING if progress else None)
            code = process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if code:
        tail = "\n".join(path.read_text(errors="replace").splitlines()[-15:])
        raise Trouble(f"{tail}\n\n{wrong} (the whole log: {path})")
    return path


def _follow(process, path, loading):
    """Say where Odoo is: each chapter of the demonstration and, if modules are looked
    for, a line each time another tenth of them is loaded."""
    said = -1
    with path.open(errors="replace") as output:
        while process.poll() is None:
            for line in output:
                if chapter := CHAPTER.search(line):
                    say(f"         {chapter[1]} of {chapter[2]}: {chapter[3]}")
                match = loading and loading.search(line)
                if match and int(match[3]) > 15:
                    tenth = 10 * int(match[2]) // int(match[3])
                    if tenth != said:
                        said = tenth
                        say(f"         {match[2]} of {match[3]} modules ({match[1]})")
            time.sleep(0.3)


def output_of(command, **kwargs):
    """What a program prints, stripped; '' when it fails or does not exist."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, **kwargs
        )
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def main(command):
    """Run ``command()``: a `Trouble` becomes one sentence and exit code 1.

    Asked to stop, it stops what it has started too.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(command())
    except Trouble as trouble:
        print(f"\nconsortium: {trouble}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nconsortium: interrupted; the same command goes on.", file=sys.stderr)
        sys.exit(130)


def relative(path):
    """``path`` as short as it can be written from the repository."""
    path = Path(path)
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
