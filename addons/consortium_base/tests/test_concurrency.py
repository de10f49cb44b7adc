import threading
import time

from odoo import fields
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger
from psycopg2.errors import ExclusionViolation

INSERT = """
    INSERT INTO consortium_representation
        (person_id, organization_id, date_start, date_end, scope_billing)
    VALUES (%s, %s, %s, %s, %s)
"""


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    """Two real connections: what one writes, the other must not contradict."""

    def setUp(self):
        super().setUp()
        with db_connect(get_db_name()).cursor() as cr:
            self.partners = []
            for name in ("Aline", "Coopérative Alizé"):
                cr.execute(
                    "INSERT INTO res_partner (name, complete_name, active, type, "
                    "autopost_bills) VALUES (%s, %s, true, 'contact', 'ask') "
                    "RETURNING id",
                    (name, name),
                )
                self.partners.append(cr.fetchone()[0])
        self.addCleanup(self.clean)

    def clean(self):
        with db_connect(get_db_name()).cursor() as cr:
            cr.execute(
                "DELETE FROM consortium_representation WHERE person_id = %s",
                (self.partners[0],),
            )
            cr.execute("DELETE FROM res_partner WHERE id = ANY(%s)", (self.partners,))

    def insert(self, cr, start, end):
        dates = (fields.Date.to_date(start), fields.Date.to_date(end))
        cr.execute(INSERT, (*self.partners, *dates, True))

    @mute_logger("odoo.sql_db")
    def second(self, first_commits, start, end):
        """What happens to a second mandate while the first one is not committed."""
        outcome = []

        def other():
            with db_connect(get_db_name()).cursor() as cr:
                try:
                    self.insert(cr, start, end)
                    outcome.append("written")
                except ExclusionViolation:
                    cr.rollback()
                    outcome.append("refused")

        with db_connect(get_db_name()).cursor() as cr:
            self.insert(cr, "2026-01-01", "2026-12-31")
            thread = threading.Thread(target=other)
            thread.start()
            time.sleep(0.3)
            waited = not outcome
            if first_commits:
                cr.commit()  # pylint: disable=invalid-commit
            else:
                cr.rollback()
            thread.join(10)
        return waited, outcome

    def test_the_second_waits_and_is_refused(self):
        self.assertEqual(self.second(True, "2026-12-31", None), (True, ["refused"]))

    def test_the_second_is_written_when_the_first_gives_up(self):
        self.assertEqual(self.second(False, "2026-12-31", None), (True, ["written"]))

    def test_another_time_does_not_wait(self):
        self.assertEqual(self.second(True, "2027-01-01", None), (False, ["written"]))
