"""The sections of the report that say who the cooperative is and what it wrote."""

import base64
import hashlib

from odoo import fields, models


class ConsortiumAnnualReport(models.Model):
    # Its parts are in files of their own.
    _inherit = "consortium.annual.report"  # pylint: disable=consider-merging-classes-inherited

    def _facts(self, code, title, facts, notes=()):
        """A table of two columns, without what has no value."""
        rows = [((label, text), {}) for label, text in facts if text]
        if not rows:
            return []
        columns = [(self.env._("Subject"), "text"), (self.env._("Value"), "text")]
        block = self._block_table(code, title, columns, rows, notes)
        return [{**block, "layout": "facts"}]

    def _section_identity(self):
        """Article 132, 1 and 6.1: name, domicile, other names, federation."""
        company = self.company_id
        forms = dict(company._fields["legal_form"]._description_selection(self.env))
        facts = [
            (self.env._("Name"), company.legal_name or company.name),
            (self.env._("Other Names Used"), self.other_names),
            (self.env._("Legal Form"), forms.get(company.legal_form)),
            (self.env._("Québec Enterprise Number (NEQ)"), company.company_registry),
            (self.env._("Domicile"), self._address(company.partner_id)),
            (self.env._("Phone"), company.phone),
            (self.env._("E-mail"), company.email),
            (self.env._("Website"), company.website),
            (self.env._("Affiliated To"), self._federation_name()),
            (
                self.env._("Fiscal Year"),
                self.env._(
                    "from %(start)s to %(end)s",
                    start=fields.Date.to_string(self.date_from),
                    end=fields.Date.to_string(self.date_to),
                ),
            ),
        ]
        notes = []
        if company.nonprofit_clause:
            notes.append(
                self.env._(
                    "The articles forbid any rebate, and any interest on shares issued "
                    "to members: any surplus goes to the reserve."
                )
            )
        offices = [
            (office.name or "", self._address(office)) for office in company.office_ids
        ]
        return [
            *self._facts("identity", self.env._("Identity"), facts, notes),
            *self._facts("offices", self.env._("Offices"), offices),
        ]

    def _address(self, partner):
        """A postal address on one line."""
        city = " ".join(
            part for part in (partner.city, partner.state_id.code, partner.zip) if part
        )
        parts = (partner.street, partner.street2, city)
        return ", ".join(part for part in parts if part)

    def _federation_name(self):
        """Its networks at the year end, else what was typed."""
        networks = self.company_id.partner_id._networks_on(self.date_to)
        return ", ".join(sorted(networks.mapped("name"))) or self.federation or ""

    def _section_president(self):
        return self._block_text(self.president_text)

    def _section_management(self):
        return self._block_text(self.management_text)

    def _section_other(self):
        return self._block_text(self.other_information)

    def _section_objectives(self):
        """The objectives of the year with their results, then those to come."""
        blocks = self._block_text(self.objectives_text)
        labels = dict(
            self.env["consortium.annual.objective"]
            ._fields["state"]
            ._description_selection(self.env)
        )
        done = self.objective_ids.filtered(lambda each: not each.is_next_year)
        coming = self.objective_ids - done
        if done:
            columns = [
                (self.env._("Objective"), "text"),
                (self.env._("Result"), "text"),
                (self.env._("Status"), "text"),
            ]
            rows = [
                ((each.name, each.result or "", labels.get(each.state, "")), {})
                for each in done
            ]
            title = self.env._("Objectives of the Year and Their Results")
            blocks.append(self._block_table("objectives", title, columns, rows))
        if coming:
            title = self.env._("Objectives of Next Year")
            columns = [(self.env._("Objective"), "text")]
            rows = [((each.name,), {}) for each in coming]
            blocks.append(self._block_table("next_objectives", title, columns, rows))
        return blocks

    def _section_development(self):
        """Development actions of the year: how many by audience, then the list."""
        model = self.env["consortium.development.action"]
        actions = model.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date", ">=", self.date_from),
                ("date", "<=", self.date_to),
            ],
            order="date, id",
        )
        if not actions:
            return []
        audiences = dict(model._fields["audience"]._description_selection(self.env))
        kinds = dict(model._fields["kind"]._description_selection(self.env))
        counts = [
            (audiences[key], len(some), sum(some.mapped("attendance")))
            for key, some in actions.grouped("audience").items()
        ]
        counts.sort(key=lambda row: (-row[1], row[0]))
        title = self.env._("Development Actions by Audience")
        columns = [
            (self.env._("Audience"), "text"),
            (self.env._("Actions"), "count"),
            (self.env._("Participants"), "count"),
        ]
        total = (
            self.env._("Total"),
            sum(row[1] for row in counts),
            sum(row[2] for row in counts),
        )
        rows = [(row, {}) for row in counts] + [(total, {"style": "total"})]
        listed = [
            (
                (
                    fields.Date.to_string(action.date),
                    action.name,
                    kinds[action.kind],
                    audiences[action.audience],
                ),
                {},
            )
            for action in actions
        ]
        list_columns = [
            (self.env._("Date"), "date"),
            (self.env._("Action"), "text"),
            (self.env._("Kind"), "text"),
            (self.env._("Audience"), "text"),
        ]
        return [
            self._block_table("development_audience", title, columns, rows),
            self._block_chart(
                "development_audience",
                title,
                "bar",
                "count",
                [row[0] for row in counts],
                [(self.env._("Actions"), [row[1] for row in counts])],
            ),
            self._block_table(
                "development", self.env._("Development Actions"), list_columns, listed
            ),
        ]

    def _section_board(self):
        """Article 132, 2: directors and officers at the year end, without domiciles."""
        register = self.env["consortium.office"]._register_on(
            self.date_to, self.company_id
        )
        blocks = []
        if self.no_elected_directors:
            blocks.append(
                self._block_note(
                    self.env._("The members agreed not to elect directors.")
                )
            )
        if not register["rows"]:
            return blocks
        labels = dict(register["columns"])
        names = ("name", "function", "organization", "group", "start", "term_end")
        columns = [
            (labels[name], "date" if name in ("start", "term_end") else "text")
            for name in names
        ]
        rows = [
            (tuple(str(row[name] or "") for name in names), {})
            for row in register["rows"]
        ]
        title = self.env._("Directors and Officers at Year End")
        return [*blocks, self._block_table("board", title, columns, rows)]

    def _section_staff(self):
        """Article 132, 6: persons employed; and what indicators know of them."""
        facts = []
        if self.employee_count:
            facts.append(
                (self.env._("Persons employed at year end"), str(self.employee_count))
            )
        title = self.env._("Persons Employed")
        return self._facts("employees", title, facts) + self._indicator_blocks("staff")

    def _section_capital(self):
        """Article 132, 4.1: the state of capital. Glue replaces the typed text by what
        the share register knows."""
        return self._block_text(self.capital_text)

    def _section_statements(self):
        """Article 132, 4, 5 and 5.1: what accompanies the report."""
        facts = [
            (self.env._("Financial Statements"), self.statements_name),
            (self.env._("Their SHA-256"), self._file_digest("statements")),
            (self.env._("Auditor"), self.auditor_name),
            (self.env._("Auditor's Report"), self.auditor_report_name),
            (self.env._("Its SHA-256"), self._file_digest("auditor_report")),
            (
                self.env._("Annual Meeting"),
                fields.Date.to_string(self.meeting_date) if self.meeting_date else "",
            ),
        ]
        title = self.env._("Documents That Accompany the Report")
        return self._facts("statements", title, facts)

    def _file_digest(self, name):
        """The SHA-256 of the content of a file, if there is one."""
        encoded = self.with_context(bin_size=False)[name]
        return hashlib.sha256(base64.b64decode(encoded)).hexdigest() if encoded else ""

    def _section_checklist(self):
        """Where each thing that the law asks for stands."""
        items = self.item_ids.filtered(
            lambda item: item.requirement_id.stage == "before"
        )
        states = dict(items._fields["state"]._description_selection(self.env))
        columns = [
            (self.env._("What Is Asked For"), "text"),
            (self.env._("Reference"), "text"),
            (self.env._("Status"), "text"),
            (self.env._("Remark"), "text"),
        ]
        rows = [
            (
                (
                    item.requirement_id.name,
                    item.requirement_id.reference or "",
                    states[item.state],
                    item.reason or "",
                ),
                {},
            )
            for item in items
        ]
        if not rows:
            return []
        title = self.env._("Contents of the Annual Report")
        return [self._block_table("checklist", title, columns, rows)]
