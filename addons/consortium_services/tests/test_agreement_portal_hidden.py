from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .agreement_common import AgreementCommon


@tagged("post_install", "-at_install")
class TestAgreementPortalHidden(AgreementCommon, HttpCase):
    """What was written and never proposed, and what is not what was signed."""

    def login(self, user):
        self.authenticate(user.login, user.login)

    def test_a_draft_that_was_cancelled_is_not_shown(self):
        draft = self.agreement(agreement_title="Brouillon abandonné")
        draft.with_user(self.coordinator).action_cancel()
        # Proposed, taken back, written otherwise, then given up.
        again = self.proposed(agreement_title="Montré un jour")
        again.with_user(self.coordinator).action_draft()
        again.agreement_title = "Brouillon repris"
        again.with_user(self.coordinator).action_cancel()
        declined = self.proposed(agreement_title="Refusée par A")
        declined.with_user(self.signatory)._decline_as_member("Non")
        found = self.env["sale.order"].with_user(self.signatory).search([])
        self.assertEqual(found, declined)
        self.assertEqual(found.order_line.ids, declined.order_line.ids)
        self.login(self.signatory)
        for path in ("/my/agreements", "/my/agreements?filterby=closed"):
            page = self.url_open(path).text
            self.assertIn("Refusée par A", page)
            self.assertNotIn("Brouillon", page)
        for order in draft | again:
            answer = self.url_open(f"/my/agreements/{order.id}")
            self.assertEqual(answer.status_code, 404)
        self.assertEqual(
            self.url_open(f"/my/agreements/{declined.id}").status_code, 200
        )

    def test_an_amendment_that_was_not_proposed_is_not_shown(self):
        order = self.running()
        first = order.version_ids
        versions = self.env["consortium.agreement.version"].with_user(self.coordinator)
        draft = versions.create(
            {"order_id": order.id, "reason": "Réflexion interne", "ceiling_minutes": 5}
        )
        draft.action_withdraw()
        shown = versions.create(
            {"order_id": order.id, "reason": "Un peu plus", "ceiling_minutes": 900}
        )
        shown.action_propose()
        shown.action_withdraw()
        self.assertEqual((draft | shown).mapped("state"), ["refused", "refused"])
        found = versions.with_user(self.signatory).search([])
        self.assertEqual(found, (order.version_ids - draft))
        with self.assertRaises(AccessError):
            draft.with_user(self.signatory).read(["reason"])
        self.login(self.signatory)
        path = f"/my/agreements/{order.id}"
        page = self.url_open(path).text
        self.assertEqual(page.count("o_agreement_version"), 2)
        self.assertNotIn("Réflexion interne", page)
        for version, status in (
            (draft, 404),
            (shown, 404),
            (first, 200),
        ):
            answer = self.url_open(f"{path}/versions/{version.id}")
            self.assertEqual(answer.status_code, status)

    def test_a_document_that_was_altered_is_not_given(self):
        order = self.running()
        forged = self.env["ir.attachment"].create({"name": "x", "raw": b"%PDF forged"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = %s, checksum = %s, file_size = %s "
            "WHERE res_model = 'consortium.agreement.version' AND res_id = %s "
            "AND res_field = 'final_document'",
            (
                forged.store_fname,
                forged.checksum,
                forged.file_size,
                order.version_ids.id,
            ),
        )
        self.env.invalidate_all()
        self.login(self.signatory)
        answer = self.url_open(
            f"/my/agreements/{order.id}/versions/{order.version_ids.id}"
        )
        self.assertIn("o_agreement_error", answer.text)
        self.assertNotIn("forged", answer.text)
