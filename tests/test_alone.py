"""Each addon alone: installed in a database that has just what it depends on, its own
tests run by Odoo's own runner, then uninstalled without a trace."""

import os
import re
import subprocess

import pytest
from helpers import addons, database, odoo, places, templates

HOURS = places.ROOT / "tests/in_odoo/hours_worked.py"
# Everything of a database's schema, one name each: tables, views, sequences and
# indexes by their kind's letter, then what is in them or beside them.
SCHEMA = """
WITH relation AS (
  SELECT * FROM pg_class WHERE relnamespace = 'public'::regnamespace
)
SELECT relkind::text || ' ' || relname FROM relation
UNION SELECT 'column ' || relname || '.' || attname
  FROM pg_attribute a JOIN relation r ON r.oid = a.attrelid
 WHERE relkind IN ('r', 'v', 'm', 'p') AND attnum > 0 AND NOT attisdropped
UNION SELECT 'constraint ' || conrelid::regclass || '.' || conname
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION SELECT 'function ' || oid::regprocedure
  FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION SELECT 'trigger ' || tgrelid::regclass || '.' || tgname
  FROM pg_trigger WHERE NOT tgisinternal
UNION SELECT 'type ' || typname FROM pg_type
 WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
"""
# What the log says of a test that failed, until its next line of its own.
FAULT = re.compile(r"^\S+ \S+ \d+ ERROR .*\n(?:(?!\d{4}-\d\d-\d\d ).*\n)*", re.M)
# The column that Odoo gives each analytic plan, with its index and its constraint: the
# plan and its accounts are the accountant's, and stay when the addon that asked for
# them goes.
PLAN = re.compile(r"x_plan\d+_id")
RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")


def schema(server, name):
    return {each for each in server.sql(SCHEMA, name) if not PLAN.search(each)}


def odoo_log(server, visible, *arguments, script=None):
    done = subprocess.run(
        odoo.command(*arguments),
        input=script and script.read_text(),
        # Hypothesis, which has no profile of ours here, then takes its time.
        env={**os.environ, **odoo.environment(server, visible), "CI": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    log = done.stdout + done.stderr
    assert not done.returncode, "".join(FAULT.findall(log))[-8000:] or log[-4000:]
    return log


def test_hours_stay(server, free_port):
    """The time that people have entered is core's: it stays when the addon goes."""
    addon = "consortium_timesheet"
    template, visible = templates.alone(server, addon)
    name = f"alone_hours_{addon}"
    database.create(server, name, template)
    port = str(free_port())
    odoo_log(
        server, visible, "server", "-d", name, "-i", addon, "--http-port", port,
        "--stop-after-init",
    )  # fmt: skip
    odoo_log(server, visible, "shell", "-d", name, "--no-http", script=HOURS)
    log = odoo_log(server, visible, "module", "uninstall", "-d", name, addon)
    assert not templates.complaints_in(log)
    worked = "SELECT unit_amount FROM account_analytic_line WHERE date = '2018-09-03'"
    assert server.sql(worked, name) == ["1", "1"]
    database.drop(server, name)


@pytest.mark.parametrize("addon", addons.manifests())
def test_alone(server, free_port, addon):
    template, visible = templates.alone(server, addon)
    name = f"alone_test_{addon}"
    database.create(server, name, template)
    before = schema(server, name)

    log = odoo_log(
        server, visible, "server", "-d", name, "-i", addon, "--test-tags", f"/{addon}",
        "--http-port", str(free_port()), "--stop-after-init",
    )  # fmt: skip
    failed, errors, count = map(int, RESULT.search(log).groups())
    assert (failed, errors) == (0, 0), log[-8000:]
    assert count, "no test of its own was run"
    assert not re.findall(r"skipped test.*", log)
    assert not templates.complaints_in(log)
    left = f"SELECT name FROM ir_model_data WHERE module = '{addon}'"
    assert server.sql(left, name)

    log = odoo_log(server, visible, "module", "uninstall", "-d", name, addon)
    assert not templates.complaints_in(log)
    left_over = sorted(schema(server, name) - before)
    assert not left_over
    assert not server.sql(left, name)
    database.drop(server, name)
