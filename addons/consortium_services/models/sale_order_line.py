from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

CONTENT_FIELDS = {
    "order_id",
    "expertise_id",
    "planned_minutes",
    "opening_minutes",
    "product_uom_qty",
    "is_agreement_option",
    "option_state",
    "is_disbursement",
    "name",
    "price_unit",
}


class SaleOrderLine(models.Model):
    """A line of an agreement is a field of expertise and its hours."""

    _inherit = "sale.order.line"

    expertise_id = fields.Many2one(
        "consortium.expertise",
        string="Field of Expertise",
        index="btree_not_null",
        ondelete="restrict",
    )
    request_line_id = fields.Many2one(
        "consortium.service.request.line",
        string="Need",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    expert_id = fields.Many2one(
        "hr.employee", index="btree_not_null", ondelete="restrict"
    )
    role_id = fields.Many2one(
        "project.role",
        help="The tasks of this role in the project template go to the expert.",
    )
    planned_minutes = fields.Integer(copy=True)
    planned_hours = fields.Float(
        string="Hours",
        compute="_compute_planned_hours",
        inverse="_inverse_planned_hours",
    )
    opening_minutes = fields.Integer(
        help="Minutes spent before the agreement was entered here.", copy=False
    )
    is_disbursement = fields.Boolean(string="Disbursement")
    is_agreement_option = fields.Boolean(string="Option")
    option_state = fields.Selection(
        [("offered", "Offered"), ("taken", "Taken"), ("left", "Left")],
        string="Choice of the Member",
        compute="_compute_option_state",
        store=True,
        readonly=False,
        copy=False,
    )
    is_taken = fields.Boolean(
        compute="_compute_is_taken", export_string_translation=False
    )

    _opening_minutes = models.Constraint(
        "CHECK (opening_minutes >= 0)",
        "The time spent before an agreement was entered is not negative.",
    )

    @api.depends("is_agreement_option")
    def _compute_option_state(self):
        for line in self:
            if not line.is_agreement_option:
                line.option_state = False
            else:
                line.option_state = line.option_state or "offered"

    @api.depends("option_state")
    def _compute_is_taken(self):
        for line in self:
            line.is_taken = line.option_state in (False, "taken")

    @api.depends("planned_minutes")
    def _compute_planned_hours(self):
        for line in self:
            line.planned_hours = line.planned_minutes / 60

    def _inverse_planned_hours(self):
        for line in self:
            line.planned_minutes = round(line.planned_hours * 60)

    @api.onchange("planned_hours")
    def _onchange_planned_hours(self):
        """While it is typed in: the ceiling follows."""
        self._inverse_planned_hours()

    @api.onchange("expertise_id", "is_disbursement")
    def _onchange_expertise_id(self):
        """While it is typed in: the product and the words of the field."""
        for line in self:
            if line.expertise_id:
                line.product_id = line.expertise_id._agreement_product()
                line.name = line.expertise_id.name
            elif line.is_disbursement:
                line.product_id = self.env.ref(
                    "consortium_services.product_disbursement"
                )

    @api.model_create_multi
    def create(self, vals_list):
        """The hours of a field are integer minutes; core's quantity follows them.

        :raise UserError: the agreement is signed
        """
        orders = self.env["sale.order"].browse(
            {vals["order_id"] for vals in vals_list if vals.get("order_id")}
        )
        agreements = orders.filtered("is_service_agreement")
        for vals in vals_list:
            if vals.get("order_id") not in agreements.ids:
                continue
            if vals.get("expertise_id"):
                self._complete_agreement_line(vals)
        lines = super().create(vals_list)
        lines._check_content_open()
        lines.filtered("expertise_id")._sync_quantity()
        return lines

    def write(self, vals):
        """:raise UserError: the agreement is signed, and says something else"""
        touched = CONTENT_FIELDS & set(vals) if not self.env.su else set()
        changed = self.filtered(lambda line: line._says_otherwise(vals, touched))
        changed._check_content_open()
        result = super().write(vals)
        # What this very write has made content of, or moved, is signed no less.
        changed._check_content_open()
        if {"planned_minutes", "option_state", "is_agreement_option"} & set(vals):
            self.filtered("order_id.is_service_agreement")._sync_quantity()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self._check_content_open()

    @api.ondelete(at_uninstall=False)
    def _unlink_reopens_needs(self):
        """What the proposal no longer answers waits for an answer again."""
        self._proposal_withdrawn()

    def _content_key(self):
        """What tells the line in every version of the agreement."""
        self.ensure_one()
        same = self.order_id.order_line.filtered(
            lambda line: line.expertise_id == self.expertise_id
        )
        return self.expertise_id._line_key(sorted(same.ids).index(self.id))

    def _is_content(self):
        """Whether the member signs this line, with the agreement."""
        self.ensure_one()
        return bool(
            self.order_id.is_service_agreement
            and (self.expertise_id or self.is_disbursement)
        )

    def _differs(self, name, value):
        field = self._fields[name]
        return field.convert_to_cache(value, self) != field.convert_to_cache(
            self[name], self
        )

    def _says_otherwise(self, vals, names):
        """Whether these values change what the line says.

        :param names: those to look at
        """
        self.ensure_one()
        # The rate of an hour moves; the amount of a disbursement is signed.
        free = set() if self.is_disbursement else {"price_unit"}
        return any(self._differs(name, vals[name]) for name in names - free)

    def _check_content_open(self):
        """Lines change until the agreement is signed; then an amendment changes them,
        as superuser, once both sides have signed it."""
        if self.env.su:
            return
        for line in self.filtered(lambda line: line._is_content()):
            order = line.order_id
            if order.signed_on and line.is_disbursement:
                raise UserError(
                    self.env._(
                        "%(agreement)s is signed, and amendments carry no "
                        "disbursement: agree on another one in another agreement.",
                        agreement=order.name,
                    )
                )
            if order.signed_on:
                raise UserError(order._signed_message())

    @api.model
    def _complete_agreement_line(self, vals):
        """The product of the field, and the hours in minutes."""
        expertise = self.env["consortium.expertise"].browse(vals["expertise_id"])
        vals.setdefault("product_id", expertise._agreement_product().id)
        vals.setdefault("name", expertise.name)
        if "planned_hours" in vals:
            vals.setdefault("planned_minutes", round(vals["planned_hours"] * 60))
        vals.setdefault("planned_minutes", round(vals.get("product_uom_qty", 0.0) * 60))
        taken = not vals.get("is_agreement_option") or (
            vals.get("option_state") == "taken"
        )
        vals["product_uom_qty"] = vals["planned_minutes"] / 60 if taken else 0.0

    def _sync_quantity(self):
        """Core's quantity: the hours planned, none of an option that isn't taken."""
        for line in self:
            if line.display_type or not line.expertise_id:
                continue
            quantity = line.planned_minutes / 60 if line.is_taken else 0.0
            if line.product_uom_qty != quantity:
                # Core would take the price of the product again.
                price = line.price_unit
                line.write({"product_uom_qty": quantity, "price_unit": price})

    def _provisional_rate(self):
        """The rate shown for an hour of each line, until the actual cost is known.

        Addons that keep dated rates say which one is in force.

        :return: ``{line id: amount in the currency of the order}``
        """
        return {line.id: line.price_unit for line in self}

    def _choose_option(self, taken):
        """Take or leave an option, before signature.

        :raise UserError: it is no option, or the agreement is past choosing
        """
        self.ensure_one()
        if not self.is_agreement_option or self.order_id.agreement_state != "proposed":
            raise UserError(self.env._("There is nothing to choose here any more."))
        self.option_state = "taken" if taken else "left"

    def _remember_options(self):
        """Once in force: the needs know which of the recommendations were taken."""
        for line in self.filtered(lambda line: line.request_line_id):
            if line.option_state == "taken":
                line.request_line_id._option_taken()
            elif line.option_state == "left":
                line.request_line_id._option_left()

    def _proposal_withdrawn(self):
        """These lines no longer answer their needs: the proposal was declined,
        cancelled or deleted. Those that another agreement answers are left as they are.
        """
        # The needs follow what becomes of the agreement, whoever coordinates them.
        lines = self.sudo()
        others = lines.search(
            Domain("request_line_id", "in", lines.request_line_id.ids)
            & Domain("order_id.state", "!=", "cancel")
            & Domain("id", "not in", lines.ids)
        )
        (lines.request_line_id - others.request_line_id)._proposal_withdrawn()
