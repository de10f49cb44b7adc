from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_requests import RequestCommon


@tagged("post_install", "-at_install")
class TestRequestMerge(RequestCommon):
    def test_merge_carries_the_needs(self):
        one = self.request(self.legal, received_at="2026-02-02 15:00:00")
        two = self.request(
            self.finance,
            self.management,
            received_at="2026-01-05 15:00:00",
            referrer_id=self.organization_b.id,
            is_urgent=True,
            urgency_reason="Départ",
        )
        attachment = self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"a", "res_model": "crm.lead", "res_id": one.id}
        )
        numbers = {one.request_number, two.request_number}
        lines = one.request_line_ids + two.request_line_ids
        merged = (one + two).with_user(self.coordinator).merge_opportunity()
        self.assertEqual(merged.request_line_ids, lines)
        self.assertEqual({merged.request_number, merged.merged_numbers}, numbers)
        self.assertTrue(merged.is_urgent)
        self.assertEqual(merged.urgency_reason, "Départ")
        self.assertEqual(merged.referrer_id, self.organization_b)
        self.assertEqual(str(merged.received_at), "2026-01-05 15:00:00")
        self.assertEqual(attachment.res_id, merged.id)
        self.assertEqual(len((one + two).exists()), 1)

    def test_merge_keeps_a_true_delay_to_first_answer(self):
        one = self.request(self.legal, received_at="2026-02-02 15:00:00")
        two = self.request(self.finance, received_at="2026-01-05 15:00:00")
        one.write(
            {"first_answer_at": "2026-02-02 16:00:00", "first_answer_minutes": 60}
        )
        merged = (one + two).merge_opportunity()
        self.assertEqual(str(merged.first_answer_at), "2026-02-02 16:00:00")
        self.assertEqual(merged.first_answer_minutes, 28 * 24 * 60 + 60)
        three = self.request(self.management, received_at="2026-03-05 15:00:00")
        four = self.request(self.management, received_at="2026-03-05 15:00:00")
        self.assertEqual((three + four).merge_opportunity().first_answer_minutes, 0)

    def test_two_organizations_are_not_merged(self):
        """The people of one would read what the other asked."""
        leads = self.request(self.legal) + self.request(
            self.legal, organization=self.organization_b
        )
        with self.assertRaisesRegex(UserError, "each one keeps its own"):
            leads.merge_opportunity()
        self.assertEqual(len(leads.exists()), 2)

    def test_a_request_is_not_merged_with_a_lead(self):
        lead = self.env["crm.lead"].create(
            {"name": "Piste", "partner_id": self.organization_a.id}
        )
        with self.assertRaisesRegex(UserError, "with service requests"):
            (lead + self.request(self.legal)).merge_opportunity()

    def test_leads_are_merged_as_core_does(self):
        leads = self.env["crm.lead"].create([{"name": "Un"}, {"name": "Deux"}])
        self.assertEqual(len(leads.merge_opportunity()), 1)

    def test_split(self):
        lead = self.request(
            self.legal, self.finance, referrer_id=self.organization_b.id
        )
        moved = lead.request_line_ids[1]
        wizard = (
            self.env["consortium.service.request.split"]
            .with_user(self.coordinator)
            .create({"lead_id": lead.id, "line_ids": [(6, 0, moved.ids)]})
        )
        action = wizard.action_split()
        other = self.env["crm.lead"].browse(action["res_id"])
        self.assertEqual(other.request_line_ids, moved)
        self.assertEqual(other.split_from_id, lead)
        self.assertEqual(other.partner_id, self.organization_a)
        self.assertEqual(other.referrer_id, self.organization_b)
        self.assertEqual(other.received_at, lead.received_at)
        self.assertNotEqual(other.request_number, lead.request_number)
        self.assertIn(other.request_number, str(lead.message_ids[0].body))
        self.assertIn(lead.request_number, str(other.message_ids.mapped("body")))

    def test_a_split_leaves_something(self):
        lead = self.request(self.legal)
        with self.assertRaisesRegex(UserError, "but not all"):
            lead._split(lead.request_line_ids)
        with self.assertRaisesRegex(UserError, "but not all"):
            lead._split(self.request(self.finance).request_line_ids)
