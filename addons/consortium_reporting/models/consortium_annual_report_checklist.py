"""What the law asks of an annual report, and whether it is there."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .consortium_annual_report import INTERNAL


class ConsortiumAnnualReport(models.Model):
    # Its parts are in files of their own.
    _inherit = "consortium.annual.report"  # pylint: disable=consider-merging-classes-inherited

    missing_count = fields.Integer(
        compute="_compute_missing_count", export_string_translation=False,
        groups=INTERNAL,
    )  # fmt: skip

    @api.depends("item_ids.said", "state")
    def _compute_missing_count(self):
        for report in self:
            report.missing_count = len(
                report.item_ids.filtered(
                    lambda item: item._blocks_adoption() and item.state == "missing"
                )
            )

    def _add_items(self):
        """A line of the checklist for each requirement that has none yet."""
        requirements = self.env["consortium.annual.report.requirement"].search(
            [("active", "=", True)]
        )
        self.env["consortium.annual.report.item"].create(
            [
                {"report_id": report.id, "requirement_id": requirement.id}
                for report in self
                for requirement in requirements - report.item_ids.requirement_id
            ]
        )

    @api.model
    def _requirement_checks(self):
        """Which method knows a requirement: ``{code: name of the method}``.

        Extend it, with a record of the same code. The method is called on the report,
        and returns True, False, or None when the requirement does not apply.
        """
        return {
            "identity": "_has_identity",
            "other_names": "_has_other_names",
            "directors": "_has_directors",
            "no_elected_directors": "_has_no_elected_directors",
            "members": "_has_members",
            "auxiliary_members": "_has_auxiliary_members",
            "statements": "_has_statements",
            "capital": "_has_capital",
            "auditor": "_has_auditor_report",
            "meeting": "_has_meeting_date",
            "employees": "_has_employees",
            "federation": "_has_federation",
            "other_information": "_has_other_information",
            "operations": "_has_operations",
            "president": "_has_president_text",
            "management": "_has_management_text",
            "objectives": "_has_objectives",
            "presented": "_is_presented",
            "filed": "_is_filed",
            "sent_to_federation": "_is_sent_to_federation",
        }

    def _requirement_state(self, requirement):
        """« satisfied », « missing » or « not_applicable »; missing when it fails."""
        self.ensure_one()
        method = self._requirement_checks().get(requirement.code)
        if not method:
            return "missing"
        # The same for whoever looks: it tells whether something is there, not what.
        try:
            found = getattr(self.sudo(), method)()
        except UserError:
            found = False
        if found is None:
            return "not_applicable"
        return "satisfied" if found else "missing"

    def _has_identity(self):
        company = self.company_id
        return bool(company.name and company.street and company.city)

    def _has_other_names(self):
        return True if self.other_names else None

    def _has_directors(self):
        offices = self.env["consortium.office"]
        return bool(
            offices.search_count(
                offices._in_office_domain(self.date_to)
                & fields.Domain("company_id", "=", self.company_id.id),
                limit=1,
            )
        )

    def _has_no_elected_directors(self):
        return True if self.no_elected_directors else None

    def _has_members(self):
        return bool(self.member_count)

    def _has_auxiliary_members(self):
        return True if self.auxiliary_member_count else None

    def _has_statements(self):
        return bool(self.statements)

    def _has_capital(self):
        return bool(self._section_capital())

    def _has_auditor_report(self):
        return bool(self.auditor_report and self.auditor_name)

    def _has_meeting_date(self):
        return bool(self.meeting_date)

    def _has_employees(self):
        return bool(self.employee_count)

    def _has_federation(self):
        return True if self._federation_name() else None

    def _has_other_information(self):
        return True if self._section_other() else None

    def _has_operations(self):
        """A proportion that is known: not one that unclassified amounts decide."""
        status = self._operations_status()
        return None if status == "none" else status in ("below", "warning", "met")

    def _has_president_text(self):
        return bool(self._section_president())

    def _has_management_text(self):
        return bool(self._section_management())

    def _has_objectives(self):
        return bool(self.objective_ids)

    def _is_presented(self):
        return self._is_done("annual_meeting")

    def _is_filed(self):
        return self._is_done("ministry_filing")

    def _is_sent_to_federation(self):
        if not self._federation_name():
            return None
        return self._is_done("federation_copy")

    def _is_done(self, code):
        """Whether the deadline of this kind was met, for this fiscal year."""
        return bool(
            self.env["consortium.statutory.deadline"].search_count(
                [
                    ("company_id", "=", self.company_id.id),
                    ("kind_id.code", "=", code),
                    ("year_end", "=", self.date_to),
                    ("done_on", "!=", False),
                ],
                limit=1,
            )
        )
