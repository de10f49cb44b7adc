from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.records import changed

PERIOD = "daterange(date_start, date_end, '[]') WITH &&"
DIRECTORS = ("president", "vice_president", "director")


class ConsortiumOffice(models.Model):
    _name = "consortium.office"
    _description = "Office Held"
    _inherit = ["mail.thread"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    person_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="[('is_company', '=', False)]",
    )
    organization_id = fields.Many2one(
        "res.partner",
        string="Organization Represented",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain="[('is_company', '=', True)]",
    )
    role = fields.Selection(
        [
            ("president", "President"),
            ("vice_president", "Vice-President"),
            ("secretary", "Secretary"),
            ("treasurer", "Treasurer"),
            ("director", "Director"),
            ("officer", "Executive Officer"),
        ],
        required=True,
        default="director",
        tracking=True,
    )
    title = fields.Char(help="The title to print, when it is not the office's name.")
    is_director = fields.Boolean(
        string="Sits on the Board",
        compute="_compute_is_director",
        store=True,
        readonly=False,
    )
    seat_group_id = fields.Many2one(
        "consortium.seat.group",
        string="Group of Seats",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    date_start = fields.Date(
        string="Since",
        required=True,
        default=lambda self: self.env.company._today(),
        tracking=True,
    )
    term_months = fields.Integer(
        string="Term (Months)",
        default=lambda self: self._default_term_months(),
        help="Zero: no fixed term.",
    )
    term_end = fields.Date(compute="_compute_term_end", store=True)
    date_end = fields.Date(
        string="Left On",
        tracking=True,
        help="The last day in office. One stays in office after the term, until "
        "re-elected or replaced.",
    )
    end_reason = fields.Selection(
        [
            ("replaced", "End of Term"),
            ("resigned", "Resignation"),
            ("removed", "Removal"),
            ("membership_lost", "Membership Lost"),
            ("deceased", "Death"),
            ("other", "Other"),
        ],
        tracking=True,
    )
    resolution_id = fields.Many2one(
        "consortium.resolution",
        string="Election",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('kind', '=', 'appointment'), ('state', '=', 'adopted')]",
    )
    state = fields.Selection(
        [
            ("to_come", "To Come"),
            ("in_office", "In Office"),
            ("expired", "Expired – Still in Office"),
            ("ended", "Ended"),
        ],
        compute="_compute_state",
        search="_search_state",
    )

    _dates = models.Constraint(
        "CHECK (date_end >= date_start)",
        "An office ends on or after the day it begins.",
    )
    _term = models.Constraint("CHECK (term_months >= 0)", "A term is zero or more.")
    _person_overlap = models.Constraint(
        "EXCLUDE USING gist "
        f"(company_id WITH =, person_id WITH =, role WITH =, {PERIOD})",
        "This person already holds that office over part of that time: end it first.",
    )
    _president_overlap = models.Constraint(
        f"EXCLUDE USING gist (company_id WITH =, {PERIOD}) WHERE (role = 'president')",
        "There is already a president over part of that time: end that office first.",
    )

    @api.model
    def _default_term_months(self):
        today = self.env.company._today()
        return 12 * int(self._legal_value("director_term_default_years", today))

    @api.depends("person_id", "role", "title")
    def _compute_display_name(self):
        labels = dict(self._fields["role"]._description_selection(self.env))
        for office in self:
            person = office.person_id.name or ""
            office.display_name = f"{person} – {office.title or labels[office.role]}"

    @api.depends("role")
    def _compute_is_director(self):
        for office in self:
            office.is_director = office.role in DIRECTORS

    @api.depends("date_start", "term_months")
    def _compute_term_end(self):
        for office in self:
            office.term_end = (
                office.date_start
                + relativedelta(months=office.term_months)
                - relativedelta(days=1)
                if office.date_start and office.term_months
                else False
            )

    @api.depends("date_start", "date_end", "term_end")
    def _compute_state(self):
        today = self.env.company._today()
        for office in self:
            office.state = office._state_on(today)

    def _state_on(self, date):
        """The state of one office on a date."""
        self.ensure_one()
        if not self.date_start or self.date_start > date:
            return "to_come"
        if self.date_end and self.date_end < date:
            return "ended"
        if self.term_end and self.term_end < date:
            return "expired"
        return "in_office"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._today()
        in_office = self._in_office_domain(today)
        expired = in_office & Domain("term_end", "<", today)
        domains = {
            "to_come": Domain("date_start", ">", today),
            "in_office": in_office & ~expired,
            "expired": expired,
            "ended": Domain("date_end", "<", today),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.constrains("person_id", "is_director", "seat_group_id")
    def _check_person(self):
        for office in self:
            if office.person_id.is_company:
                raise ValidationError(
                    self.env._(
                        "%(name)s is an organization: an office is held by a person.",
                        name=office.person_id.name,
                    )
                )
            if office.seat_group_id and not office.is_director:
                raise ValidationError(
                    self.env._(
                        "%(name)s does not sit on the board, so has no group of seats.",
                        name=office.display_name,
                    )
                )

    @api.constrains("date_start", "term_months", "is_director")
    def _check_term(self):
        """The law bounds the term of directors."""
        for office in self.filtered(lambda o: o.is_director and o.term_months):
            years = self._legal_value("director_term_max_years", office.date_start)
            if office.term_months > 12 * years:
                raise ValidationError(
                    self.env._(
                        "The term of a director is at most %(years)s years.",
                        years=years,
                    )
                )

    @api.constrains("resolution_id", "date_start")
    def _check_resolution(self):
        for office in self.filtered("resolution_id"):
            office.resolution_id._require("appointment", office.date_start)

    def write(self, vals):
        """Who held an office, for whom and since when is a fact once it has begun.

        :raise UserError: ``vals`` would change that
        """
        begun = self.filtered(lambda office: office.state != "to_come")
        if changed(begun, vals, ("person_id", "organization_id", "date_start")):
            raise UserError(
                self.env._(
                    "This office has begun: its holder, the organization represented "
                    "and its first day stay in the register. End it and make another."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_to_come(self):
        if any(office.state != "to_come" for office in self):
            raise UserError(
                self.env._(
                    "An office that has begun stays in the register: give it an end "
                    "instead."
                )
            )

    def action_end_today(self):
        """Leave office today, the term being over."""
        for office in self:
            if office.state not in ("in_office", "expired"):
                raise UserError(
                    self.env._("%(name)s is not in office.", name=office.display_name)
                )
            office.write(
                {
                    "date_end": self.env.company._today(),
                    "end_reason": office.end_reason or "replaced",
                }
            )

    @api.model
    def _legal_value(self, code, date):
        """The value of a legal parameter: an exact integer or fraction."""
        return self.env["consortium.legal.parameter"]._value(code, date)

    @api.model
    def _in_office_domain(self, date):
        """Who sits on ``date``; a term that has expired doesn't empty the seat."""
        return Domain("date_start", "<=", date) & (
            Domain("date_end", "=", False) | Domain("date_end", ">=", date)
        )
