"""The adoption of an annual report, and what never changes from then on."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.canonical import canonical, digest
from ..tools.differences import differences


class ConsortiumAnnualReport(models.Model):
    # Its parts are in files of their own.
    _inherit = "consortium.annual.report"  # pylint: disable=consider-merging-classes-inherited

    def action_adopt(self):
        """Freeze the reviewed report, with the board's resolution and the attestation
        of as many directors as the law asks for.

        :raise UserError: in one sentence, the first thing that is missing
        """
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("consortium_base.group_membership_officer"):
            raise UserError(
                self.env._("The secretary or the management adopts the report.")
            )
        self._lock_or_refuse()
        self._refuse_adopted()
        self._require_content()
        self._check_computed()
        self._check_complete()
        today = self.company_id._today()
        self._check_resolution(today)
        self._check_attestation(today)
        content = self._read_content()
        content["adoption"] = self._adoption_values(today)
        text = canonical(content)
        self._write_by_button(
            {
                "content": text,
                "content_hash": digest(text),
                "previous_content": False,
                "state": "adopted",
                "adopted_on": today,
                "adopted_by_id": self.env.uid,
            }
        )
        self.flush_recordset()
        self.message_post(
            body=self.env._(
                "Adopted by resolution %(number)s. SHA-256: %(hash)s",
                number=self.resolution_id.number,
                hash=self.content_hash,
            )
        )

    def _check_computed(self):
        """No section has failed, and what was reviewed is what the records say."""
        failed = self._failed_sections()
        if failed:
            raise UserError(
                self.env._(
                    "A section could not be computed: « %(title)s ». %(problem)s",
                    title=failed[0][0],
                    problem=failed[0][1],
                )
            )
        if canonical(self._content()) != self.content:
            raise UserError(
                self.env._(
                    "The figures or the texts have changed since the report was "
                    "computed: compute it again, and review what changed."
                )
            )

    def _check_complete(self):
        """Nothing that the law asks for before the adoption is missing."""
        missing = self.item_ids.filtered(
            lambda item: item._blocks_adoption() and item.state == "missing"
        )
        if missing:
            raise UserError(
                self.env._(
                    "The report can't be adopted, this is missing: %(items)s.",
                    items="; ".join(missing.requirement_id.mapped("name")),
                )
            )

    def _check_resolution(self, today):
        self.resolution_id._require("report_adoption", today)
        # Whoever adopts may cite the board's resolution without reading its minutes.
        resolution = self.resolution_id.sudo()
        if resolution.body != "board":
            raise UserError(
                self.env._(
                    "The board adopts the annual report: resolution %(number)s is not "
                    "the board's.",
                    number=resolution.number,
                )
            )
        if resolution.date <= self.date_to:
            raise UserError(
                self.env._(
                    "Resolution %(number)s, of %(date)s, is not later than the fiscal "
                    "year that the report is about.",
                    number=resolution.number,
                    date=resolution.date,
                )
            )

    def _check_attestation(self, today):
        """As many directors in office today as the law asks for, each counted once."""
        for office in self.attesting_office_ids:
            in_office = office._state_on(today) in ("in_office", "expired")
            if not office.is_director or not in_office:
                raise UserError(
                    self.env._(
                        "%(name)s is not a director in office on %(date)s, so can't "
                        "attest the report.",
                        name=office.person_id.name,
                        date=today,
                    )
                )
        needed = self.env["consortium.legal.parameter"]._value(
            "annual_report_signatories_min", today
        )
        persons = self.attesting_office_ids.person_id
        if len(persons) < needed:
            raise UserError(
                self.env._(
                    "%(needed)s directors attest the report: %(number)s were named.",
                    needed=needed,
                    number=len(persons),
                )
            )

    def _adoption_values(self, today):
        """What the frozen structure says of its adoption."""
        parameters = self.env["consortium.legal.parameter"]
        offices = self.env["consortium.office"].with_context(lang=self._main_language())
        labels = dict(offices._roles())
        return {
            "date": fields.Date.to_string(today),
            # The number and the date of a board's decision are printed on the report.
            "resolution": self.resolution_id.number,
            "resolution_date": fields.Date.to_string(self.resolution_id.sudo().date),
            "directors": [
                {
                    "name": office.person_id.name,
                    "function": office.title or labels[office.role],
                }
                for office in self.attesting_office_ids.sorted("id")
            ],
            "reference": parameters._reference("annual_report_signatories_min", today),
        }

    def _is_intact(self):
        """Whether an adopted report still is what was adopted."""
        self.ensure_one()
        return bool(self.content) and digest(self.content) == self.content_hash

    def action_compare(self):
        """What the books say now, against what was adopted or computed last; nothing
        is changed."""
        self.ensure_one()
        self._require_content()
        wizard = self.env["consortium.annual.report.comparison"].create(
            {"report_id": self.id}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compared with the Books"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _book_differences(self):
        """Each thing that would be otherwise if the report were computed now."""
        self.ensure_one()
        kept, lang = self._read_version(self.env.lang)
        fresh = self._content()["versions"]
        return differences(kept, fresh.get(lang), lang)

    def _last_differences(self):
        """What changed the last time the report was computed."""
        self.ensure_one()
        kept, lang = self._read_version(self.env.lang)
        before = self._read_content(previous=True)["versions"]
        return differences(before.get(lang), kept, lang)
