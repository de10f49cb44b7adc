from lxml import etree
from odoo.tests import Form, tagged

from .agreement_common import AgreementCommon


@tagged("post_install", "-at_install")
class TestScreens(AgreementCommon):
    """Who has a screen may read all that it shows: one field refused, and none of it
    opens."""

    def test_experts(self):
        experts = self.env["hr.employee"]
        view = self.env.ref("consortium_services.hr_employee_view_list_expert")
        shown = {
            node.get("name"): {} for node in etree.fromstring(view.arch).iter("field")
        }
        self.assertIn("expertise_ids", shown)
        for user in (self.coordinator, self.manager, self.employee("auditor")):
            rows = experts.with_user(user).web_search_read(
                [("id", "in", self.expert.ids)], shown
            )
            self.assertEqual(len(rows["records"]), 1, user.login)
            form = Form(
                self.expert.with_user(user),
                view="consortium_services.hr_employee_view_form_expert",
            )
            self.assertEqual(form.name, self.expert.name)

    def test_agreement(self):
        """Also to the expert, who doesn't read which one an achievement comes from."""
        order = self.running()
        self.env["consortium.achievement"].create(
            {
                "name": "Un bilan qui se lit",
                "expertise_id": order.order_line.expertise_id[:1].id,
                "agreement_id": order.id,
            }
        )
        others = [self.employee(group) for group in ("accountant", "auditor")]
        for user in (self.expert_user, self.coordinator, *others):
            self.env.invalidate_all()
            form = Form(
                order.with_user(user),
                view="consortium_services.sale_order_view_form_agreement",
            )
            self.assertEqual(form.name, order.name)
