from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_members import MemberCommon


@tagged("post_install", "-at_install")
class TestMemberRequest(MemberCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls.admit(cls.alize, "2016-03-01")
        cls.user = cls.representative(cls.alize)
        cls.officer = cls.employee("membership_officer")

    def request(self, kind, **values):
        return self.env["consortium.member.request"]._submit(
            kind, self.alize, self.user.partner_id, **values
        )

    def test_reference_and_activity(self):
        request = self.request("resignation")
        self.assertTrue(request.name)
        self.assertEqual(request.state, "submitted")
        self.assertTrue(request.activity_ids)

    def test_resignation(self):
        request = self.request("resignation", details="Nous fermons.")
        request.with_user(self.officer).action_accept()
        resignation = self.env["consortium.membership.resignation"].search(
            [("request_id", "=", request.id)]
        )
        self.assertEqual(resignation.notice_date, self.today)
        self.assertEqual(resignation.reason, "Nous fermons.")
        self.assertFalse(self.member.date_end)
        self.assertEqual(request.decided_by_id, self.officer)

    def test_resignation_on_the_day_asked_for(self):
        """A later day is the member's own choice; an earlier one is for the board."""
        for days, early in ((90, False), (10, True)):
            asked = self.today + timedelta(days=days)
            request = self.request("resignation", effective_date=asked)
            request.with_user(self.officer).action_accept()
            resignation = self.env["consortium.membership.resignation"].search(
                [("request_id", "=", request.id)]
            )
            self.assertEqual(resignation.requested_date, asked)
            self.assertEqual(resignation.effective_date, asked)
            self.assertEqual(bool(resignation.accepted_date), early)
            if early:
                with self.assertRaisesRegex(UserError, "cite the resolution"):
                    resignation.action_confirm()
                continue
            resignation.action_withdraw()
            self.env.flush_all()

    def test_resignation_of_who_is_not_a_member(self):
        self.member._end(self.today - timedelta(days=1), "other")
        with self.assertRaisesRegex(UserError, "is not a member"):
            self.request("resignation")

    def test_representative(self):
        request = self.request(
            "representative",
            representative_name="Bruno Roy",
            representative_email="bruno@rep.example",
            replaced_mandate_id=self.user.partner_id.mandate_ids.id,
        )
        request.with_user(self.officer).action_accept()
        mandates = self.alize.representative_ids.sorted("id")
        self.assertEqual(mandates[0].state, "ended")
        self.assertEqual(mandates[1].person_id.name, "Bruno Roy")
        self.assertTrue(mandates[1].scope_vote)
        self.assertEqual(mandates[1].state, "in_force")

    def test_representative_from_a_day_to_come(self):
        start = self.today + timedelta(days=10)
        request = self.request(
            "representative",
            representative_name="Bruno Roy",
            representative_email="bruno@rep.example",
            replaced_mandate_id=self.user.partner_id.mandate_ids.id,
            effective_date=start,
        )
        request.action_accept()
        old, new = self.alize.representative_ids.sorted("id")
        self.assertEqual(old.date_end, start - timedelta(days=1))
        self.assertEqual(new.date_start, start)

    def test_representative_needs_an_address(self):
        with self.assertRaisesRegex(UserError, "valid e-mail"):
            self.request("representative", representative_name="Bruno")

    def test_transfer_and_redemption_say_how_many(self):
        for kind in ("transfer", "redemption"):
            with self.assertRaisesRegex(UserError, "how many shares"):
                self.request(kind)

    def test_document(self):
        with self.assertRaisesRegex(UserError, "Choose the document"):
            self.request("document")
        request = self.request("document", document=b"JVBERi0=")
        request.action_accept()
        self.assertEqual(request.state, "accepted")

    def test_refusal_says_why(self):
        request = self.request("resignation")
        with self.assertRaisesRegex(UserError, "Say why"):
            request.action_refuse()
        request.refusal_reason = "Contrat en cours."
        request.action_refuse()
        self.assertEqual(request.state, "refused")
        message = request.message_ids[0]
        self.assertIn("Contrat en cours.", message.body)
        self.assertIn(self.user.partner_id, message.partner_ids)

    def test_decided_once(self):
        request = self.request("document", document=b"JVBERi0=")
        request.action_accept()
        for method in (request.action_accept, request.action_refuse, request._cancel):
            with self.assertRaisesRegex(UserError, "already been decided"):
                method()

    def test_the_state_follows_the_buttons(self):
        request = self.request("resignation")
        with self.assertRaisesRegex(UserError, "by its buttons"):
            request.with_user(self.officer).state = "accepted"

    def test_an_accepted_request_is_dated(self):
        request = self.request("document", document=b"JVBERi0=")
        request.action_accept()
        self.assertEqual(request.decision_date, self.today)
        self.assertIsInstance(request.decision_date, date)
