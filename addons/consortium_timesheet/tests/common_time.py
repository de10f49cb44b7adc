"""What the tests of time share: an agreement, its task, an expert, rates."""

from odoo import Command

from .common import AtCostCommon
from .oracle import ORACLE


class TimeCommon(AtCostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.resolution = cls.env["consortium.resolution"].create(
            {
                "subject": "Tarifs 2018-2019",
                "kind": "rates",
                "date": "2018-05-15",
                "unanimous": True,
                "company_id": cls.company.id,
            }
        )
        cls.resolution.action_decide()
        for code, cents in ORACLE["provisional_rate_cents_per_hour"].items():
            cls.rate(code, cents, "2018-07-01")
        cls.expert_user = cls.role("expert")
        cls.coordinator = cls.role("coordinator")
        cls.expert = cls.employee(
            "Édith Expert",
            ("LEG", 100, "2018-07-01", False),
            user_id=cls.expert_user.id,
        )
        cls.product = cls.env["product.product"].create(
            {
                "name": "Heures de services",
                "type": "service",
                "invoice_policy": "delivery",
                "service_type": "timesheet",
                "service_tracking": "no",
                "list_price": 100,
                "uom_id": cls.env.ref("uom.product_uom_hour").id,
                "taxes_id": [Command.clear()],
            }
        )
        cls.order, cls.order_line, cls.project, cls.task = cls.agreement("Alizé")

    @classmethod
    def rate(cls, code, cents, start, **values):
        rate = cls.env["consortium.hourly.rate"].create(
            {
                "cost_center_id": cls.center[code].id,
                "date_start": start,
                "rate_cents": cents,
                "resolution_id": cls.resolution.id,
                **values,
            }
        )
        rate.action_approve()
        return rate

    @classmethod
    def agreement(cls, name, **values):
        """A confirmed order, its line of hours, its project and task."""
        partner = cls.env["res.partner"].create({"name": name, "is_company": True})
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "order_line": [
                    Command.create(
                        {"product_id": cls.product.id, "product_uom_qty": 1000}
                    )
                ],
                **values,
            }
        )
        order.action_confirm()
        project = cls.env["project.project"].create(
            {
                "name": f"Entente {name}",
                "allow_billable": True,
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "privacy_visibility": "employees",
                "sale_line_id": order.order_line[:1].id,
            }
        )
        task = cls.env["project.task"].create(
            {
                "name": f"Accompagnement {name}",
                "project_id": project.id,
                "sale_line_id": order.order_line[:1].id,
            }
        )
        return order, order.order_line, project, task

    @classmethod
    def time_values(cls, minutes, **values):
        return {
            "name": "Rédaction",
            "date": "2018-09-03",
            "employee_id": cls.expert.id,
            "project_id": cls.project.id,
            "task_id": cls.task.id,
            "unit_amount": minutes / 60,
            **values,
        }

    @classmethod
    def time(cls, minutes, **values):
        """An entry of the expert on the agreement, to be confirmed."""
        return cls.env["account.analytic.line"].create(
            cls.time_values(minutes, **values)
        )

    @classmethod
    def approve(cls, lines):
        lines.action_submit()
        lines.action_approve()
        return lines
