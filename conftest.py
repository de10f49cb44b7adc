"""What every test of the repository obeys: nothing skipped unsaid, nothing logged."""

import logging
import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "usual", max_examples=500, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.register_profile(
    "thorough", settings.get_profile("usual"), max_examples=10_000
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))


class Complaints(logging.Handler):
    """Keeps what was logged that must not be: errors, and warnings of our addons."""

    def __init__(self, ours):
        super().__init__(logging.WARNING)
        self.ours = ours
        self.lines = []

    def emit(self, record):
        message = record.getMessage()
        mentions = any(name in f"{record.name} {message}" for name in self.ours)
        if record.levelno >= logging.ERROR or mentions:
            self.lines.append(f"{record.levelname} {record.name}: {message}")


@pytest.fixture(scope="session")
def complaints(pytestconfig):
    """The log handler that listens during the whole run."""
    ours = [path.parent.name for path in pytestconfig.rootpath.glob("addons/*/models")]
    handler = Complaints(ours)
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


@pytest.fixture(scope="session", autouse=True)
def bundles_are_made(request):
    """Make the bundles of scripts and styles before a browser waits for them, as Odoo's
    own runner does: on a slow machine, it would not wait long enough."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tests import HttpCase, get_db_name

    classes = {getattr(item, "cls", None) or object for item in request.session.items}
    if any(issubclass(case, HttpCase) for case in classes):
        with Registry(get_db_name()).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["ir.qweb"]._pregenerate_assets_bundles()


@pytest.fixture(autouse=True)
def nothing_is_logged(complaints):
    """Fail a test during which an error, or a warning of our addons, is logged.

    A test that expects one says so with ``assertLogs`` or ``mute_logger``.
    """
    complaints.lines.clear()
    yield
    if complaints.lines:
        pytest.fail("logged:\n" + "\n".join(complaints.lines), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A skipped test is a failed one: a check that does not run checks nothing."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped: {report.longrepr[2]}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """A file or class skipped whole is a failure too."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"Skipped: {report.longrepr[2]}"
    return report
