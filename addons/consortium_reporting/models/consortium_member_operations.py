import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import member_operations
from ..tools.canonical import canonical, digest, share
from .frozen import keep_frozen_years

LIMITS = {
    "minimum": "members_business_min_share",
    "warning": "members_business_warning_share",
}
FROZEN_FIELDS = {"company_id", "date_from", "date_to", "content", "content_hash"}
BY_BUTTON = frozenset(
    {
        "state", "computed_at", "user_amount", "worker_amount", "none_amount",
        "unclassified_amount", "excluded_amount", "user_share", "worker_share",
        "minimum_share", "has_workers", "status", "content", "content_hash",
        "frozen_at", "frozen_by_id", "replaces_id",
    }
)  # fmt: skip


class ConsortiumMemberOperations(models.Model):
    """The proportion of operations with members of a year (Act, s. 128.1)."""

    _name = "consortium.member.operations"
    _description = "Operations with Members"
    _inherit = ["consortium.by.button", "mail.thread", "mail.activity.mixin"]
    _order = "date_to desc, id desc"
    _check_company_auto = True
    _by_button = BY_BUTTON

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="From", required=True, default=lambda self: self._default_year()[0]
    )
    date_to = fields.Date(
        string="To", required=True, default=lambda self: self._default_year()[1]
    )
    state = fields.Selection(
        [("draft", "In Progress"), ("frozen", "Frozen"), ("replaced", "Replaced")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    computed_at = fields.Datetime(string="Read from the Books", readonly=True)
    user_amount = fields.Monetary(string="With User Members", readonly=True)
    worker_amount = fields.Monetary(string="With Worker Members", readonly=True)
    none_amount = fields.Monetary(string="With Others", readonly=True)
    unclassified_amount = fields.Monetary(string="Not Classified", readonly=True)
    excluded_amount = fields.Monetary(
        string="Invoiced, Not Counted",
        readonly=True,
        help="What the accounts and the products set aside: grants, interest…",
    )
    user_share = fields.Float(
        string="Proportion, User Members",
        digits=(16, 6),
        readonly=True,
        aggregator=None,
    )
    worker_share = fields.Float(
        string="Proportion, Worker Members",
        digits=(16, 6),
        readonly=True,
        aggregator=None,
    )
    minimum_share = fields.Float(
        string="Required at the Least", digits=(16, 6), readonly=True, aggregator=None
    )
    has_workers = fields.Boolean(readonly=True, export_string_translation=False)
    status = fields.Selection(
        [
            ("none", "Nothing to Measure"),
            ("incomplete", "To Be Classified"),
            ("below", "Below What Is Required"),
            ("warning", "Close to What Is Required"),
            ("met", "Met"),
        ],
        readonly=True,
        default="none",
        tracking=True,
    )
    line_ids = fields.One2many(
        "consortium.member.operations.line", "operations_id", readonly=True
    )
    manual_ids = fields.One2many(
        "consortium.member.operations.manual", "operations_id", string="Other Volumes"
    )
    note = fields.Text(
        string="Note to the Financial Statements", compute="_compute_note"
    )
    content = fields.Text(readonly=True, copy=False, export_string_translation=False)
    content_hash = fields.Char(string="SHA-256", readonly=True, copy=False)
    frozen_at = fields.Datetime(readonly=True, copy=False)
    frozen_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    replaces_id = fields.Many2one(
        "consortium.member.operations",
        string="Corrects",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    _years = models.Constraint(
        "EXCLUDE USING gist (company_id WITH =, "
        "daterange(date_from, date_to, '[]') WITH &&) WHERE (state <> 'replaced')",
        "Two years of operations with members overlap.",
    )
    _period = models.Constraint(
        "CHECK (date_from <= date_to)", "A year ends on its first day or later."
    )
    # Raised by the trigger too, for whoever writes by SQL.
    _frozen = models.Constraint(
        "CHECK (state = 'draft' OR content_hash IS NOT NULL)",
        "A year that is frozen is never changed nor deleted: correct it by a new one.",
    )

    def init(self):
        """The trigger that keeps frozen years. The uninstall hook drops it."""
        keep_frozen_years(self, FROZEN_FIELDS)

    @api.model
    def _default_year(self):
        company = self.env.company
        return company._fiscal_year(company._today())

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        for year in self:
            year.display_name = self.env._(
                "Operations with members, %(date_from)s – %(date_to)s",
                date_from=year.date_from,
                date_to=year.date_to,
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._check_in_progress()

    def write(self, vals):
        if FROZEN_FIELDS.intersection(vals):
            self._check_in_progress()
        return super().write(vals)

    def _check_in_progress(self):
        if self.filtered(lambda year: year.state != "draft"):
            raise UserError(
                self.env._(
                    "A year that is frozen is never changed nor deleted: correct it by "
                    "a new one."
                )
            )

    def action_compute(self):
        """Read the books again. What others type at the same time waits."""
        self.ensure_one()
        self.lock_for_update()
        self._check_in_progress()
        figures = self._figures(self.date_from, self.date_to, self.company_id)
        structure = self._structure(
            self.date_from,
            self.date_to,
            self.company_id,
            figures,
            [manual._as_dict() for manual in self.manual_ids],
        )
        self.line_ids.sudo().unlink()  # written by computation only
        self.env["consortium.member.operations.line"].sudo().create(
            [
                {
                    "operations_id": self.id,
                    "partner_id": partner,
                    "operations_class": operations_class,
                    "amount": amount / 100,
                    "number": number,
                }
                for (partner, operations_class), (amount, number) in sorted(
                    figures["partners"].items(), key=lambda item: -item[1][0]
                )
            ]
        )
        self._write_by_button(self._prepare_figures(structure))
        return structure

    def _prepare_figures(self, structure):
        workers = structure["workers"] or {}
        by_class = structure["by_class"]
        return {
            "computed_at": fields.Datetime.now(),
            **{f"{name}_amount": by_class[name] / 100 for name in by_class},
            "excluded_amount": structure["excluded"] / 100,
            "user_share": (structure["users"]["share"] or 0) / 1_000_000,
            "worker_share": (workers.get("share") or 0) / 1_000_000,
            "has_workers": bool(workers),
            "minimum_share": structure["minimum"] / 1_000_000,
            "status": structure["status"],
        }

    def action_freeze(self):
        """Keep the year as it is now, for good.

        :raise UserError: the year is not over, or something is not classified
        """
        self.ensure_one()
        structure = self.action_compute()
        if self.date_to >= self.company_id._today():
            raise UserError(
                self.env._(
                    "The year is not over: it ends on %(date)s.", date=self.date_to
                )
            )
        if structure["by_class"][member_operations.UNCLASSIFIED]:
            names = self.line_ids.filtered(
                lambda line: line.operations_class == member_operations.UNCLASSIFIED
            ).partner_id.mapped("display_name")
            raise UserError(
                self.env._(
                    "Nobody has said yet whether these are members: %(names)s.",
                    names=", ".join(names[:5]) + ("…" if len(names) > 5 else ""),
                )
            )
        text = canonical(structure)
        self._write_by_button(
            {
                "state": "frozen",
                "content": text,
                "content_hash": digest(text),
                "frozen_at": fields.Datetime.now(),
                "frozen_by_id": self.env.uid,
            }
        )

    def action_correct(self):
        """A new year in progress in place of a frozen one, which stays as it was."""
        self.ensure_one()
        self.lock_for_update()
        if self.state != "frozen":
            raise UserError(self.env._("Only a year that is frozen is corrected."))
        self._write_by_button({"state": "replaced"})
        self.flush_recordset(["state"])
        new = self.create(
            {
                "company_id": self.company_id.id,
                "date_from": self.date_from,
                "date_to": self.date_to,
                "manual_ids": [
                    (0, 0, manual._prepare_copy()) for manual in self.manual_ids
                ],
            }
        )
        new._write_by_button({"replaces_id": self.id})
        new.action_compute()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": new.id,
            "views": [(False, "form")],
        }

    @api.model
    def _for_year(self, date_from, date_to, company=None):
        """The proportion of operations with members over a fiscal year.

        What was frozen for exactly this period, else what the books say now, and the
        volumes typed for it.

        :return: ``{"date_from", "date_to", "company_id", "frozen": bool, "hash": str or
            None, "users": {"with_members", "total", "share"}, "workers": the same and
            "unit", or None, "by_class": {class: cents}, "excluded": cents, "manual":
            [{"name", "basis", "unit", "with_members", "total", "source"}], "minimum",
            "warning", "status": "none" | "incomplete" | "below" | "warning" | "met",
            "reference": str, "note": str}``; amounts in cents, minutes where the unit
            is « hours »; shares in millionths or None, dates as ISO texts; the note is
            in French
        :raise AccessError: who asks may not read the books
        """
        company = company or self.env.company
        date_from, date_to = map(fields.Date.to_date, (date_from, date_to))
        year = self.search(
            [
                ("company_id", "=", company.id),
                ("date_from", "=", date_from),
                ("date_to", "=", date_to),
                ("state", "!=", "replaced"),
            ]
        )
        if year.state == "frozen":
            structure = json.loads(year.content)
            if structure["workers"]:
                # Frozen before units were: only what the books knew was hours.
                typed = any(row["basis"] == "workers" for row in structure["manual"])
                structure["workers"].setdefault("unit", "money" if typed else "hours")
            return {**structure, "frozen": True, "hash": year.content_hash}
        structure = self._structure(
            date_from,
            date_to,
            company,
            self._figures(date_from, date_to, company),
            [manual._as_dict() for manual in year.manual_ids],
        )
        return {**structure, "frozen": False, "hash": None}

    @api.model
    def _structure(self, date_from, date_to, company, figures, manual):
        """The plain structure that is shown, frozen and printed."""
        parameters = self.env["consortium.legal.parameter"]
        limits = {key: parameters._value(code, date_to) for key, code in LIMITS.items()}
        by_class = figures["by_class"]
        users = self._proportion(
            "users", manual, by_class["user"], sum(by_class.values())
        )
        volume = self._worker_volume(date_from, date_to, company) or {}
        workers = {
            **self._proportion(
                "workers", manual, volume.get("with_members", 0), volume.get("total", 0)
            ),
            "unit": self._worker_unit(volume, manual),
        }
        structure = {
            "date_from": fields.Date.to_string(date_from),
            "date_to": fields.Date.to_string(date_to),
            "company_id": company.id,
            "users": users,
            "workers": workers if workers["total"] else None,
            "by_class": by_class,
            "excluded": figures["excluded"],
            "manual": manual,
            "minimum": share(limits["minimum"], 1),
            "warning": share(limits["warning"], 1),
            "status": member_operations.status(
                [users, workers],
                by_class[member_operations.UNCLASSIFIED],
                limits["minimum"],
                limits["warning"],
            ),
            "reference": parameters._reference(LIMITS["minimum"], date_to),
        }
        return {**structure, "note": self._note(structure, company)}

    @api.model
    def _worker_unit(self, volume, manual):
        """What the work of workers is counted in: hours, or the dollars of their pay.

        :raise UserError: in both, which can't be added
        """
        units = {row["unit"] for row in manual if row["basis"] == "workers"}
        units |= {volume["unit"]} if volume else set()
        if len(units) > 1:
            raise UserError(
                self.env._(
                    "The work of workers is counted either in hours or in dollars: "
                    "type their other volumes in the unit of what is already counted."
                )
            )
        return units.pop() if units else "money"

    def _check_worker_unit(self):
        for year in self:
            year._worker_unit(
                year._worker_volume(year.date_from, year.date_to, year.company_id),
                [manual._as_dict() for manual in year.manual_ids],
            )

    @api.model
    def _proportion(self, basis, manual, with_members, total):
        rows = [row for row in manual if row["basis"] == basis]
        return member_operations.proportion(
            with_members + sum(row["with_members"] for row in rows),
            total + sum(row["total"] for row in rows),
        )
