from odoo.tests import tagged

from .common import ServedCommon


@tagged("post_install", "-at_install")
class TestSatisfactionCategory(ServedCommon):
    """Answers are counted by the member category of the agreement, from five on."""

    def answer(self, partner, satisfied):
        order = self.running(partner)
        invitation = self.env["consortium.satisfaction.invitation"].create(
            {
                "order_id": order.id,
                "expertise_id": self.expertise.id,
                "sent_on": self.today,
            }
        )
        answers = {"recommend": True, "results": satisfied, "continue": True}
        return invitation._record_answer(answers, "", True, self.env.user)

    def rows(self):
        self.env.flush_all()
        self.env.invalidate_all()
        names = (self.user_category | self.support_category).mapped("name")
        return {
            row.key_name: (row.answers, row.satisfied)
            for row in self.env["consortium.satisfaction.report"].search(
                [("dimension", "=", "category"), ("key_name", "in", names)]
            )
        }

    def test_by_category_of_the_agreement(self):
        for number in range(4):
            self.answer(self.member, number != 1)
        # Served through its network, so in the category of the network.
        for _number in range(5):
            entry = self.answer(self.affiliated, True)
        self.assertEqual(entry.satisfaction_category_id, self.support_category)
        self.assertFalse(self.rows(), "the four are all but these five")
        self.answer(self.member, True)
        self.assertEqual(self.rows(), {"Soutien": (5, 5), "Utilisateur": (5, 4)})

    def test_experts_read_none_of_it(self):
        expert = self.employee("expert")
        rows = self.env["consortium.satisfaction.report"].with_user(expert)
        self.assertFalse(rows.has_access("read"))
