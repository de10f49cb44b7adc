"""Each addon alone: installed in a database that has just what it depends on, its own
tests run by Odoo's own runner, then uninstalled without a trace."""

import os
import re
import subprocess

import pytest
from helpers import addons, database, odoo, templates

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
RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")


def schema(server, name):
    return set(server.sql(SCHEMA, name))


def odoo_log(server, visible, *arguments):
    done = subprocess.run(
        odoo.command(*arguments),
        env={**os.environ, **odoo.environment(server, visible)},
        capture_output=True,
        text=True,
        check=False,
    )
    log = done.stdout + done.stderr
    assert not done.returncode, log[-4000:]
    return log


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
    assert schema(server, name) - before or not has_models(addon)

    log = odoo_log(server, visible, "module", "uninstall", "-d", name, addon)
    assert not templates.complaints_in(log)
    assert not schema(server, name) - before
    left = f"SELECT name FROM ir_model_data WHERE module = '{addon}'"
    assert not server.sql(left, name)
    database.drop(server, name)


def has_models(addon):
    return any((addons.ADDONS / addon / "models").glob("[a-z]*.py"))
