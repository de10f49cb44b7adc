from odoo import fields, models


class SaleOrder(models.Model):
    """What the countersignature makes: the project, its tasks, its analytic account."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def _action_confirm(self):
        """An agreement has one project, whatever its products say."""
        agreements = self.filtered("is_service_agreement")
        others = self - agreements
        if others:
            super(SaleOrder, others)._action_confirm()
        if agreements:
            super(
                SaleOrder,
                agreements.with_context(disable_project_task_generation=True),
            )._action_confirm()
            for order in agreements:
                order._open_agreement_project()
                order.order_line._remember_options()
                order.order_line.request_line_id._agreement_signed()
        return True

    def _open_agreement_project(self):
        """The project of the agreement, from its template if it has one, with the tasks
        of its fields. Called as superuser, by the countersignature alone."""
        self.ensure_one()
        lines = self.order_line.filtered("expertise_id")
        if not lines or self.project_id:
            return
        project_model = self.env["project.project"].with_company(self.company_id)
        values = self._agreement_project_values(lines[0])
        template = self.agreement_project_template_id
        if template:
            project = template.action_create_from_template(
                values, self._agreement_roles()
            )
            # A copy keeps what the template says; the agreement decides these.
            project.write(values)
        else:
            project = project_model.create(values)
        if not project.type_ids:
            project.type_ids = self.env.ref("consortium_services.stage_to_do") | (
                self.env.ref("consortium_services.stage_in_progress")
                | self.env.ref("consortium_services.stage_done")
            )
        # Core's own links, kept where its screens look for them.
        project.reinvoiced_sale_order_id = self
        self.project_id = project
        self._open_agreement_tasks()

    def _agreement_project_values(self, line):
        account = self.env["account.analytic.account"].create(
            self._prepare_analytic_account_data()
        )
        title = self.agreement_title or self.partner_id.name
        return {
            "name": f"{self.name} – {title}",
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "account_id": account.id,
            "allow_billable": True,
            "allow_timesheets": True,
            "allocated_hours": self.ceiling_minutes / 60,
            "user_id": self.user_id.id,
            "date_start": self.agreement_start,
            "date": self.agreement_end,
            # Members follow on the page of the agreement; the work stays inside.
            "privacy_visibility": "employees",
            "agreement_id": self.id,
            "sale_line_id": line.id,
        }

    def _agreement_roles(self):
        """Which experts take the tasks of each role of the template."""
        mapping = self.env["project.template.role.to.users.map"]
        for line in self.order_line.filtered(
            lambda line: line.role_id and line.is_taken
        ):
            user = line.expert_id.user_id
            if user:
                mapping |= mapping.create(
                    {"role_id": line.role_id.id, "user_ids": [(4, user.id)]}
                )
        return mapping

    def _open_agreement_tasks(self):
        """A task for each field that has none, for its expert."""
        self.ensure_one()
        if not self.project_id:
            return
        for line in self.order_line.filtered(
            lambda line: line.expertise_id and line.is_taken and line.planned_minutes
        ):
            if line.task_id:
                line.task_id.allocated_hours = line.planned_minutes / 60
                continue
            text = line.name if line.name != line.expertise_id.name else False
            line.task_id = self.env["project.task"].create(
                {
                    "name": line.expertise_id.name,
                    "description": text,
                    "project_id": self.project_id.id,
                    "partner_id": self.partner_id.id,
                    "sale_line_id": line.id,
                    "allocated_hours": line.planned_minutes / 60,
                    "date_deadline": self.agreement_end,
                    "user_ids": [fields.Command.set(line.expert_id.user_id.ids)],
                }
            )

    def action_open_agreement_project(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "project.act_project_project_2_project_task_all"
        )
        return {
            **action,
            "context": {"default_project_id": self.project_id.id},
            "domain": [("project_id", "=", self.project_id.id)],
            "display_name": self.project_id.name,
        }
