from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class ConsortiumAgreementVersionLine(models.Model):
    """The hours of a field, as an amendment would have them."""

    _name = "consortium.agreement.version.line"
    _description = "Line of an Amendment"
    _order = "version_id, id"

    version_id = fields.Many2one(
        "consortium.agreement.version", required=True, index=True, ondelete="cascade"
    )
    sale_line_id = fields.Many2one(
        "sale.order.line", index="btree_not_null", ondelete="restrict"
    )
    expertise_id = fields.Many2one(
        "consortium.expertise",
        string="Field of Expertise",
        required=True,
        ondelete="restrict",
    )
    planned_minutes = fields.Integer()
    planned_hours = fields.Float(
        string="Hours",
        compute="_compute_planned_hours",
        inverse="_inverse_planned_hours",
    )

    _hours = models.Constraint(
        "CHECK (planned_minutes >= 0)", "Hours are not negative."
    )

    @api.depends("planned_minutes")
    def _compute_planned_hours(self):
        for line in self:
            line.planned_hours = line.planned_minutes / 60

    def _inverse_planned_hours(self):
        for line in self:
            line.planned_minutes = round(line.planned_hours * 60)

    @api.constrains("version_id", "sale_line_id", "expertise_id")
    def _check_sale_line(self):
        """What it says is what will be applied: to that line, of that agreement."""
        for line in self.filtered("sale_line_id"):
            sold = line.sale_line_id
            if (
                sold.order_id != line.version_id.order_id
                or sold.expertise_id != line.expertise_id
            ):
                raise ValidationError(
                    self.env._(
                        "An amendment changes the hours of the fields of its own "
                        "agreement; it takes one away and adds another."
                    )
                )

    def _check_version_open(self):
        if any(line.version_id.state != "draft" for line in self):
            raise UserError(
                self.env._(
                    "This version has been proposed: withdraw it to write it again."
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self.env.su:
            lines._check_version_open()
        return lines

    def write(self, vals):
        self._check_version_open()
        result = super().write(vals)
        # A line does not move to a version that was proposed.
        self._check_version_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proposed(self):
        self._check_version_open()

    def _key(self):
        """What tells the line from one version to the next."""
        self.ensure_one()
        if self.sale_line_id:
            return self.sale_line_id._content_key()
        order = self.version_id.order_id
        same = order.order_line.filtered(
            lambda line: line.expertise_id == self.expertise_id
        )
        rows = self.version_id.line_ids.filtered(
            lambda row: not row.sale_line_id and row.expertise_id == self.expertise_id
        )
        return self.expertise_id._line_key(len(same) + rows.ids.index(self.id))

    def _new_row(self):
        self.ensure_one()
        return {
            "key": self._key(),
            "field": self.expertise_id.name,
            "text": "",
            "minutes": self.planned_minutes,
            "rate": "",
            "option": "",
        }
