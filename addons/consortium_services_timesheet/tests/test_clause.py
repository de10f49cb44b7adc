from odoo.tests import tagged

from .common import AtCostAgreementCommon


@tagged("post_install", "-at_install")
class TestClauseAtCost(AtCostAgreementCommon):
    """Who owes what is under-billed at year end: what was signed says it."""

    def versions(self, *codes):
        return (
            self.env["consortium.agreement.clause"]
            .search([("code", "in", codes)])
            .version_ids
        )

    def test_follows_the_clauses(self):
        order = self.running()
        self.assertTrue(order.clause_version_ids & self.versions("AT-COST"))
        self.assertTrue(order.owes_true_up)
        other = self.agreement()
        self.assertTrue(other.owes_true_up)
        other.owes_true_up = False
        self.assertFalse(other.owes_true_up)
        other.clause_version_ids = self.versions("AT-COST", "ENDING")
        self.assertTrue(other.owes_true_up)
        other.clause_version_ids = self.versions("ENDING")
        self.assertFalse(other.owes_true_up)
