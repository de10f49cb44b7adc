"""Serving the application, and Odoo's shell."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.request import urlopen

from . import addons, database, odoo, postgres, setup, templates
from .console import Trouble, say, step
from .console import run as run_program
from .places import CONFIG, LOGS, VAR

DATABASE = "consortium"
PIDS = VAR / "run"
DEMONSTRATION = CONFIG / "helpers/in_odoo/demonstration.py"
# Only where everything is invented: payments that no bank hears of.
PRETENDED = ("payment_demo",)
STARTED_WITHIN = 90  # seconds, on a slow machine


def run(options):
    """Set up, serve, and print where and as whom one may log in."""
    name = database.check_name(options.database)
    if 0 <= options.port < 1024 or options.port > 65534:
        raise Trouble(f"Port {options.port} is not between 1024 and 65534.")
    with setup.ground() as server:
        _check_port(options.port)
        if not database.exists(server, name):
            _make(server, name, demo=not options.no_demo)
        else:
            _upgrade(server, name)
        PIDS.mkdir(exist_ok=True)
        process = _start(server, name, options.port)
    return _serve(process, server, name, options.port)


def shell(options):
    """Odoo's shell on a database; what it reads is standard input."""
    name = database.check_name(options.database)
    with setup.ground() as server:
        if not database.exists(server, name):
            raise Trouble(
                f"There is no database « {name} »: ./consortium run makes it."
            )
        environment = {**os.environ, **odoo.environment(server)}
    command = [*odoo.command("shell", "-d", name, "--no-http"), "--log-level=warn"]
    return subprocess.run(command, env=environment, check=False).returncode


def stop(_options):
    """Stop the servers that ``run`` started, then the private PostgreSQL."""
    for path in PIDS.glob("*.pid"):
        _stop_process(int(path.read_text()))
        path.unlink(missing_ok=True)
    postgres.stop()
    say("Stopped.")


def _stop_process(pid):
    """Stop an Odoo of this clone; any other process of that number is left alone."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_text()
        if str(VAR) not in command or "odoo" not in command:
            return
        os.kill(pid, signal.SIGTERM)
        for _ in range(100):
            os.kill(pid, 0)
            time.sleep(0.1)
    except (FileNotFoundError, ProcessLookupError):
        return


def _check_port(port):
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            raise Trouble(
                f"Port {port} is taken: stop what uses it, or choose another one with "
                "--port."
            ) from error


def _make(server, name, demo):
    """Make the database under another name: it gets its own when it is whole."""
    ours = list(addons.manifests())
    template = templates.core(server)
    making = f"{name}_making"
    with step(f"Making the database {name}"):
        database.create(server, making, template)
        modules = [*ours, *PRETENDED] if demo else ours
        templates.install(server, making, modules, f"install-{name}")
        if demo:
            _demonstrate(server, making, ours)
        database.mark(server, making, addons.fingerprint(ours))
        database.rename(server, making, name)


def _upgrade(server, name):
    """Upgrade our addons in the database when their files have changed."""
    ours = list(addons.manifests())
    mark = addons.fingerprint(ours)
    if database.fingerprint(server, name) == mark:
        return
    with step(f"Upgrading {name}: the addons have changed"):
        arguments = ("-d", name, "-i", ",".join(ours), "-u", ",".join(ours))
        run_program(
            odoo.command("server", *arguments, "--stop-after-init", "--no-http"),
            f"upgrade-{name}",
            f"The upgrade of {name} failed: mend the addon, then start again",
            env=odoo.environment(server),
        )
        if server.sql("SELECT 1 FROM ir_module_module WHERE demo LIMIT 1", name):
            _demonstrate(server, name, ours)
        database.mark(server, name, mark)


def _demonstrate(server, name, ours):
    """Load the demonstration data of the addons that have not theirs yet."""
    run_program(
        odoo.command("shell", "-d", name, "--no-http"),
        f"demonstration-{name}",
        "The demonstration data could not be loaded",
        env={**odoo.environment(server), "CONSORTIUM_ADDONS": ",".join(ours)},
        stdin=DEMONSTRATION.read_text(),
    )


def _start(server, name, port):
    command = odoo.command(
        "server", "-d", name, "--http-port", str(port), "--gevent-port", str(port + 1),
        "--db-filter", f"^{name}$",
    )  # fmt: skip
    log = (LOGS / f"serve-{name}.log").open("a")
    process = subprocess.Popen(
        command,
        env={**os.environ, **odoo.environment(server)},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    (PIDS / f"{name}-{port}.pid").write_text(str(process.pid))
    return process


def _serve(process, server, name, port):
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_answer(process, address, name)
        say(f"\n{address}   (log: var/log/serve-{name}.log; Ctrl-C to stop)\n")
        for line in _logins(server, name):
            say(f"  {line}")
        say("")
        return process.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        process.terminate()
        process.wait()
        (PIDS / f"{name}-{port}.pid").unlink(missing_ok=True)


def _wait_answer(process, address, name):
    for _ in range(STARTED_WITHIN * 5):
        if process.poll() is not None:
            break
        try:
            with urlopen(f"{address}/web/health", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise Trouble(f"Odoo did not start: see {LOGS}/serve-{name}.log.")


def _logins(server, name):
    """One line a demonstration user: login, password, and who that is."""
    rows = server.sql(
        "SELECT u.login, p.name, p.function FROM res_users u "
        "JOIN res_partner p ON p.id = u.partner_id "
        "JOIN ir_model_data d ON d.model = 'res.users' AND d.res_id = u.id "
        "WHERE u.active AND d.module = 'consortium_base' AND d.name LIKE 'demo_user%' "
        "ORDER BY u.id",
        name,
    )
    users = [row.split("|") for row in rows]
    return [
        f"login {login:<14} password {login:<14} {who}, {function}"
        for login, who, function in [*users, ("admin", "Administration", "technique")]
    ]
