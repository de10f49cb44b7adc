from odoo import api, fields, models
from odoo.exceptions import UserError

# Days before the end of an agreement at which its coordinator is told.
END_DAYS = 60


class SaleOrder(models.Model):
    """The end of an agreement: its note, what remains of it, what the member says."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    end_reminded = fields.Date(
        readonly=True, copy=False, help="The last day that the coordinator was told of."
    )

    def action_close_agreement(self):
        """Ask for the closing note and the achievements."""
        self.ensure_one()
        self._require_coordinator()
        self._check_closable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close the Agreement"),
            "res_model": "consortium.agreement.close",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def _check_closable(self):
        """:raise UserError: it isn't running, or something is on its way"""
        self.ensure_one()
        if self.agreement_state != "running":
            raise UserError(self.env._("Only a running agreement is closed."))
        if self.version_ids.filtered(
            lambda version: version.state in ("draft", "proposed", "signed")
        ):
            raise UserError(
                self.env._("An amendment is on its way: finish or withdraw it first.")
            )
        if self.child_agreement_ids.filtered(
            lambda order: order.agreement_state in ("proposed", "signed", "running")
        ):
            raise UserError(
                self.env._("Close the agreements under this framework agreement first.")
            )

    def _close(self, note):
        """Close: the tasks are done, the member is asked what it thinks.

        :param note: what is said of the end, in HTML
        """
        self._lock_signature()
        self._check_closable()
        # The steps of an agreement are taken by their buttons alone.
        trusted = self.sudo()
        trusted.write({"closed_on": self._today(), "closing_note": note})
        trusted.project_id.task_ids.filtered(
            lambda task: task.state not in ("1_done", "1_canceled")
        ).write({"state": "1_done"})
        trusted.consent_ids.filtered(lambda consent: consent.state == "asked").unlink()
        trusted.activity_unlink(["consortium_services.activity_ceiling"])
        trusted._invite_to_answer()

    def _invite_to_answer(self):
        """An invitation for each field in which somebody worked, or was to."""
        self.ensure_one()
        lines = self.order_line.filtered(
            lambda line: line.expertise_id and line.is_taken and line.planned_minutes
        )
        asked = self.env["consortium.satisfaction.invitation"].search(
            [("order_id", "=", self.id)]
        )
        fields_ = lines.expertise_id - asked.expertise_id
        if not fields_ or self.agreement_type == "framework":
            return
        asked.create(
            [
                {
                    "order_id": self.id,
                    "expertise_id": expertise.id,
                    "sent_on": self._today(),
                }
                for expertise in fields_
            ]
        )
        self._ask_satisfaction()

    def _ask_satisfaction(self, reminder=False):
        """Write to those who act for the member; once more for a reminder."""
        self.ensure_one()
        template = "mail_template_satisfaction"
        if reminder:
            template += "_reminder"
        self.with_context(mail_notify_force_send=False).message_post_with_source(
            f"consortium_services.{template}",
            partner_ids=self._representatives("sign", "request").ids,
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="mail.mail_notification_light",
        )

    @api.model
    def _cron_agreement_ends(self):
        """Two months before the end: what is renewed, or ends, is thought of in time.

        Once for each last day: an amendment that moves it has it told again.
        """
        today = self.env.company._today()
        ending = self.search(
            [
                ("agreement_state", "=", "running"),
                ("agreement_end", ">=", today),
                ("agreement_end", "<=", fields.Date.add(today, days=END_DAYS)),
            ]
        )
        for order in ending:
            if order.end_reminded == order.agreement_end:
                continue
            order.end_reminded = order.agreement_end
            order._agreement_activity(
                self.env._(
                    "%(agreement)s ends on %(date)s",
                    agreement=order.name,
                    date=fields.Date.to_string(order.agreement_end),
                )
            )
