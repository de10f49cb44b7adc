from odoo import api, fields, models
from odoo.addons.consortium_base.tools.records import changed
from odoo.exceptions import AccessError, UserError

# What was granted stays as it was; only its last day may come earlier.
FROZEN = ("partner_id", "company_id", "date_start", "reason")


class ConsortiumServiceException(models.Model):
    """That an organisation which is not a member may be served, for some time."""

    _name = "consortium.service.exception"
    _description = "Exception: Service to a Non-Member"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Organization",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="[('is_company', '=', True)]",
    )
    date_start = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._today(),
        tracking=True,
    )
    date_end = fields.Date(
        string="To", required=True, tracking=True, help="The last day, included."
    )
    reason = fields.Text(required=True, tracking=True)
    state = fields.Selection(
        [("draft", "Asked For"), ("granted", "Granted")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    granted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    granted_on = fields.Datetime(readonly=True, copy=False)

    _dates = models.Constraint(
        "CHECK (date_end >= date_start)",
        "An exception ends on the day it begins, or later.",
    )

    @api.depends("partner_id", "date_start", "date_end")
    def _compute_display_name(self):
        for exception in self:
            exception.display_name = (
                f"{exception.partner_id.name or ''} "
                f"({exception.date_start or ''} – {exception.date_end or ''})"
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Asked for first, whoever enters it."""
        for vals in vals_list:
            vals.update(state="draft", granted_by_id=False, granted_on=False)
        return super().create(vals_list)

    def write(self, vals):
        """:raise UserError: what was granted would be something else"""
        if {"state", "granted_by_id", "granted_on"} & set(vals):
            raise UserError(self.env._("An exception is granted by its button."))
        granted = self.filtered(lambda exception: exception.state == "granted")
        later = "date_end" in vals and any(
            fields.Date.to_date(vals["date_end"]) > exception.date_end
            for exception in granted
        )
        if later or changed(granted, vals, FROZEN):
            raise UserError(
                self.env._(
                    "This exception was granted: it may end earlier, nothing else. Ask "
                    "for another one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_asked(self):
        if any(exception.state == "granted" for exception in self):
            raise UserError(
                self.env._("An exception that was granted is kept: end it earlier.")
            )

    def action_grant(self):
        """The general manager grants, and so signs, the exception.

        :raise AccessError: somebody else tries
        """
        if not self.env.user.has_group("consortium_base.group_manager"):
            raise AccessError(
                self.env._("The general manager grants exceptions to serve.")
            )
        asked = self.filtered(lambda exception: exception.state == "draft")
        asked._write_grant(
            {
                "state": "granted",
                "granted_by_id": self.env.uid,
                "granted_on": fields.Datetime.now(),
            }
        )

    def _write_grant(self, vals):
        """The only way to a grant: ``write`` refuses it to everybody."""
        return super().write(vals)  # pylint: disable=super-method-mismatch
