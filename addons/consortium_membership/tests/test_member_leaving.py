from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from ..models.consortium_membership_operations import ConsortiumMembership
from .common_members import MemberCommon


@tagged("post_install", "-at_install")
class TestResignation(MemberCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls.admit(cls.alize, "2016-03-01")
        cls.early = cls.resolution("resignation", "2019-05-06")

    def resignation(self, **values):
        return self.env["consortium.membership.resignation"].create(
            {
                "membership_id": self.member.id,
                "notice_date": "2019-05-01",
                **values,
            }
        )

    def test_at_the_end_of_the_legal_delay(self):
        resignation = self.resignation()
        self.assertEqual(resignation.effective_date, date(2019, 5, 31))
        resignation.action_confirm()
        self.assertEqual(self.member.date_end, date(2019, 5, 31))
        self.assertEqual(self.member.end_reason, "resignation")
        self.assertIn(self.member, self.on("2019-05-31"))
        self.assertNotIn(self.member, self.on("2019-06-01"))

    def test_the_delay_is_that_of_the_notice(self):
        parameter = self.env["consortium.legal.parameter"].search(
            [("code", "=", "resignation_notice_days")]
        )
        self.env["consortium.legal.parameter.value"].create(
            {
                "parameter_id": parameter.id,
                "value": "60",
                "date_from": "2026-02-17",
                "reference": "Loi de 2026",
            }
        )
        before = self.resignation(notice_date="2026-02-16")
        self.assertEqual(before.effective_date, date(2026, 3, 18))
        before.notice_date = "2026-02-17"
        self.assertEqual(before.effective_date, date(2026, 4, 18))

    def test_earlier_needs_the_board(self):
        resignation = self.resignation(accepted_date="2019-05-10")
        self.assertEqual(resignation.effective_date, date(2019, 5, 10))
        with self.assertRaisesRegex(UserError, "cite the resolution"):
            resignation.action_confirm()
        resignation.resolution_id = self.early
        resignation.action_confirm()
        self.assertEqual(self.member.date_end, date(2019, 5, 10))
        self.assertEqual(self.member.end_resolution_id, self.early)

    def test_the_board_does_not_delay_it(self):
        resignation = self.resignation(accepted_date="2019-12-31")
        self.assertEqual(resignation.effective_date, date(2019, 5, 31))

    def test_a_later_day_that_the_member_asks_for(self):
        """The delay is the least; the board has nothing to accept, nor to hasten."""
        resignation = self.resignation(requested_date="2019-12-31")
        self.assertEqual(resignation.legal_date, date(2019, 5, 31))
        self.assertEqual(resignation.effective_date, date(2019, 12, 31))
        resignation.accepted_date = "2019-05-10"
        self.assertEqual(resignation.effective_date, date(2019, 12, 31))
        resignation.action_confirm()
        self.assertEqual(self.member.date_end, date(2019, 12, 31))

    def test_an_earlier_day_asked_for_is_for_the_board(self):
        resignation = self.resignation(requested_date="2019-05-10")
        self.assertEqual(resignation.effective_date, date(2019, 5, 31))
        resignation.accepted_date = "2019-05-10"
        with self.assertRaisesRegex(UserError, "cite the resolution"):
            resignation.action_confirm()

    def test_not_before_the_notice(self):
        resignation = self.resignation(accepted_date="2019-04-01")
        self.assertEqual(resignation.effective_date, date(2019, 5, 1))

    def test_a_resolution_of_another_kind(self):
        resignation = self.resignation(
            accepted_date="2019-05-10", resolution_id=self.admission.id
        )
        with self.assertRaisesRegex(UserError, "of the kind"):
            resignation.action_confirm()

    def test_no_contract_is_known_here(self):
        self.assertEqual(self.member._running_contracts(date(2019, 5, 31)), [])
        self.assertFalse(self.resignation().contract_warning)

    def test_a_running_contract_needs_the_board(self):
        contracts = [("Entente E-12", date(2020, 3, 31))]
        with patch.object(
            ConsortiumMembership,
            "_running_contracts",
            lambda membership, day: contracts,
        ):
            resignation = self.resignation()
            self.assertIn(
                "Entente E-12 runs until 2020-03-31", resignation.contract_warning
            )
            with self.assertRaisesRegex(UserError, "lets it resign"):
                resignation.action_confirm()
            resignation.resolution_id = self.early
            resignation.action_confirm()
        self.assertEqual(self.member.date_end, date(2019, 5, 31))

    def test_confirmed_stays(self):
        resignation = self.resignation()
        resignation.action_confirm()
        with self.assertRaisesRegex(UserError, "stays so"):
            resignation.notice_date = "2019-01-01"
        with self.assertRaisesRegex(UserError, "stays so"):
            resignation.action_confirm()
        with self.assertRaises(UserError):
            resignation.unlink()
        resignation.write({"letter": b"JVBERi0=", "letter_name": "lettre.pdf"})

    def test_withdrawn(self):
        resignation = self.resignation()
        resignation.action_withdraw()
        self.assertFalse(self.member.date_end)
        with self.assertRaises(UserError):
            resignation.action_confirm()

    def test_one_at_a_time(self):
        self.resignation()
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            with self.env.cr.savepoint():
                self.resignation()
