import threading

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger
from psycopg2.errors import ExclusionViolation, SerializationFailure

INSERT = """
    INSERT INTO consortium_annual_report (company_id, date_from, date_to, state)
    VALUES ((SELECT min(id) FROM res_company), %s, %s, 'draft') RETURNING id
"""
YEAR = ("1980-07-01", "1981-06-30")


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    """Two real connections on one report, of a year without any other figure."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.clean)
        with db_connect(get_db_name()).cursor() as cr:
            cr.execute(INSERT, YEAR)
            self.report_id = cr.fetchone()[0]

    def clean(self):
        with db_connect(get_db_name()).cursor() as cr:
            cr.execute(
                "DELETE FROM consortium_annual_report WHERE date_from < '1990-01-01'"
            )

    def report(self, cr):
        env = api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
        return env["consortium.annual.report"].browse(self.report_id)

    def cursor(self):
        return Registry(get_db_name()).cursor()

    @mute_logger("odoo.sql_db")
    def test_the_second_is_told_to_wait(self):
        with self.cursor() as first, self.cursor() as second:
            self.report(first)._lock_or_refuse()
            with self.assertRaisesRegex(UserError, "Somebody else is computing"):
                self.report(second).action_compute()
            second.rollback()
            first.rollback()
            self.report(second)._lock_or_refuse()
            second.rollback()

    @mute_logger("odoo.sql_db")
    def test_who_began_before_the_end_of_the_other_is_asked_again(self):
        """Their figures would be those of before: Odoo tries the request again."""
        with self.cursor() as first, self.cursor() as second:
            # From here on the second sees the database as it is now.
            self.assertEqual(self.report(second).state, "draft")
            report = self.report(first)
            report._lock_or_refuse()
            report._write_by_button({"content": "{}", "state": "review"})
            first.commit()  # pylint: disable=invalid-commit
            with self.assertRaises(SerializationFailure):
                self.report(second)._lock_or_refuse()
            second.rollback()
            self.assertEqual(self.report(second).state, "review")
            second.rollback()

    @mute_logger("odoo.sql_db")
    def test_one_year_made_twice_at_once(self):
        outcome = []

        def other():
            with db_connect(get_db_name()).cursor() as cr:
                try:
                    cr.execute(INSERT, ("1985-01-01", "1985-12-31"))
                    outcome.append("written")
                except ExclusionViolation:
                    cr.rollback()
                    outcome.append("refused")

        with db_connect(get_db_name()).cursor() as cr:
            cr.execute(INSERT, ("1984-07-01", "1985-06-30"))
            thread = threading.Thread(target=other)
            thread.start()
            thread.join(0.5)
            self.assertFalse(outcome, "the second waits")
            cr.commit()  # pylint: disable=invalid-commit
            thread.join(10)
        self.assertEqual(outcome, ["refused"])
