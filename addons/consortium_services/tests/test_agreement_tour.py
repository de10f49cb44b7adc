from odoo.tests import HttpCase, tagged

from .agreement_common import AgreementCommon


@tagged("post_install", "-at_install")
class TestAgreementTour(AgreementCommon, HttpCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_option_signature_project_closing_answer(self):
        """On a phone: the member takes the option and signs; the project exists; the
        agreement is closed; the member answers."""
        order = self.proposed(options=(120,))
        login = self.signatory.login
        self.start_tour(
            "/my/agreements", "consortium_services_agreement_sign", login=login
        )
        option = order.order_line.filtered("is_agreement_option")
        self.assertEqual(option.option_state, "taken")
        self.assertEqual(order.signatory_id, self.person)
        order.with_user(self.manager).action_countersign()
        self.assertEqual(len(order.project_id.task_ids), 2)
        self.enter(order, 120)
        order.with_user(self.coordinator)._close("<p>Terminé</p>")
        invitations = self.env["consortium.satisfaction.invitation"].search(
            [("order_id", "=", order.id)]
        )
        self.assertEqual(len(invitations), 2)
        self.start_tour(
            "/my/agreements", "consortium_services_agreement_answer", login=login
        )
        self.assertEqual(
            sorted(invitations.mapped("state")), ["answered", "sent"], "one a field"
        )
