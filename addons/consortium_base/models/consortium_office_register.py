"""The register of directors and officers, as of any date (article 124)."""

from collections import Counter

from odoo import api, models
from odoo.fields import Domain


class ConsortiumOffice(models.Model):
    _inherit = "consortium.office"

    @api.model
    def _may_read_domicile(self):
        """Who keeps or audits the register, and who is in it."""
        user = self.env.user
        return (
            user.has_group("consortium_base.group_membership_officer")
            or user.has_group("consortium_base.group_auditor")
            or user._holds_office()
        )

    @api.model
    def _register_on(self, date, company=None):
        """The register of directors and officers as of a date, as a plain structure
        that the screen, the PDF and the spreadsheet only render.

        :return: ``{"company", "date", "domiciles", "columns", "rows", "checks"}``
        """
        company = company or self.env.company
        domain = self._in_office_domain(date) & Domain("company_id", "=", company.id)
        domiciles = self._may_read_domicile()
        order = {role: rank for rank, (role, _) in enumerate(self._roles())}
        offices = self.search(domain).sorted(
            lambda office: (
                not office.is_director,
                order[office.role],
                office.person_id.name or "",
                office.id,
            )
        )
        return {
            "company": company.name,
            "date": date,
            "domiciles": domiciles,
            "columns": self._register_columns(domiciles),
            "rows": [office._register_row(date, domiciles) for office in offices],
            "checks": offices._checks(date, company),
        }

    @api.model
    def _roles(self):
        return self._fields["role"]._description_selection(self.env)

    @api.model
    def _register_columns(self, domiciles):
        """The columns of the register, in order: key and label."""
        columns = {
            "name": self.env._("Name"),
            "domicile": self.env._("Domicile"),
            "function": self.env._("Function"),
            "organization": self.env._("Organization Represented"),
            "group": self.env._("Group of Seats"),
            "start": self.env._("Since"),
            "term": self.env._("Term"),
            "term_end": self.env._("End of Term"),
            "state": self.env._("Status"),
        }
        if not domiciles:
            del columns["domicile"]
        return list(columns.items())

    def _register_row(self, date, domiciles):
        """One row of the register."""
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        # Directors read the domiciles of the register, not those of other contacts.
        person = self.person_id.sudo()
        group = self.seat_group_id
        return {
            "name": person.name,
            "domicile": (person.domicile or "") if domiciles else "",
            "function": self.title or dict(self._roles())[self.role],
            "organization": self.organization_id.name or "",
            "group": " – ".join(filter(None, (group.name, group.reserved_for))),
            "start": self.date_start,
            "term": self._term_label(),
            "term_end": self.term_end or "",
            "state": states[self._state_on(date)],
            "expired": self._state_on(date) == "expired",
        }

    def _term_label(self):
        self.ensure_one()
        if not self.term_months:
            return ""
        years, months = divmod(self.term_months, 12)
        if months:
            return self.env._("%(months)s months", months=self.term_months)
        if years == 1:
            return self.env._("1 year")
        return self.env._("%(years)s years", years=years)

    def _checks(self, date, company):
        """What the law and the by-laws say of the board these offices form.

        :return: ``[{"code", "ok", "message"}]``
        """
        directors = self.filtered("is_director")
        # A person who presides is one director, whatever the number of offices.
        persons = {}
        for office in directors:
            group = office.seat_group_id
            persons[office.person_id] = persons.get(office.person_id) or group
        return [
            self._check_number(len(persons), date),
            self._check_outside(persons, date),
            *self._check_seats(persons, company),
            self._check_expired(directors, date),
        ]

    @api.model
    def _check_number(self, number, date):
        low = self._legal_value("directors_min", date)
        high = self._legal_value("directors_max", date)
        return {
            "code": "number",
            "ok": low <= number <= high,
            "message": self.env._(
                "%(number)s directors; the law asks for %(low)s to %(high)s.",
                number=number,
                low=low,
                high=high,
            ),
        }

    @api.model
    def _check_outside(self, persons, date):
        """In exact fractions: no share is rounded."""
        share = self._legal_value("outside_directors_max_share", date)
        outside = sum(1 for group in persons.values() if group.is_outside)
        return {
            "code": "outside",
            "ok": outside <= share * len(persons),
            "message": self.env._(
                "%(outside)s of %(number)s directors are support members or outsiders; "
                "at most %(share)s of the seats.",
                outside=outside,
                number=len(persons),
                share=share,
            ),
        }

    @api.model
    def _check_seats(self, persons, company):
        taken = Counter(persons.values())
        groups = self.env["consortium.seat.group"].search(
            [("company_id", "=", company.id)]
        )
        return [
            {
                "code": "seats",
                "ok": taken[group] == group.seats,
                "message": self.env._(
                    "%(group)s: %(taken)s of %(seats)s seats taken.",
                    group=group.name,
                    taken=taken[group],
                    seats=group.seats,
                ),
            }
            for group in groups
        ]

    @api.model
    def _check_expired(self, directors, date):
        expired = directors.filtered(lambda o: o._state_on(date) == "expired")
        names = ", ".join(expired.person_id.mapped("name"))
        return {
            "code": "expired",
            "ok": not expired,
            "message": self.env._(
                "Term expired, still in office: %(names)s.", names=names
            )
            if expired
            else self.env._("No term has expired."),
        }
