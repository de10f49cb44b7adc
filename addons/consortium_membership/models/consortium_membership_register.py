"""The registers and the voting list, as plain structures that screens, PDF and
spreadsheets only render."""

from odoo import api, fields, models
from odoo.fields import Domain

from .consortium_membership import PERIOD_STATES


class ConsortiumMembership(models.Model):
    _inherit = "consortium.membership"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _register_rights(self):
        """Who keeps, audits, or sits on the board that the register informs: all of
        it. Accountants: shares, not addresses. Other employees: who is a member, in
        which category, since when.

        :return: the set of what the user may read: « addresses », « shares »
        """
        user = self.env.user
        full = any(
            user.has_group(f"consortium_base.group_{group}")
            for group in ("membership_officer", "auditor")
        )
        if full or self.env.su or user._holds_office():
            return {"addresses", "shares"}
        if user.has_group("consortium_base.group_accountant"):
            return {"shares"}
        return set()

    @api.model
    def _register_on(self, report, date, company=None, departed=False):
        """A register as of a date.

        :param report: « members », « others » (auxiliary members and other holders of
            shares) or « voting »
        :param departed: also those who left before, in both registers
        :return: ``{"report", "company", "date", "title", "columns": [(key, label)],
            "rows": [{key: value}], "counts": [(label, number)], "totals": [the
            same as text], "remarks": [text]}``
        """
        company = company or self.env.company
        date = fields.Date.to_date(date)
        rows, remarks = {
            "members": self._members_rows,
            "others": self._others_rows,
            "voting": self._voting_rows,
        }[report](date, company, departed)
        classes = self._register_classes(rows)
        counts = self._register_counts(rows)
        return {
            "report": report,
            "company": company.name,
            "date": date,
            "title": self._register_titles()[report],
            "columns": self._register_columns(report, classes, departed),
            "rows": rows,
            "counts": counts,
            "totals": [
                self.env._("%(label)s: %(count)s", label=label, count=count)
                for label, count in counts
            ],
            "remarks": remarks,
        }

    @api.model
    def _register_counts(self, rows):
        """``[(label, number)]``: all of them, then each group; empty of nothing."""
        if not rows:
            return []
        counts = {}
        for row in rows:
            counts[row["group"]] = counts.get(row["group"], 0) + 1
        return [(self.env._("Total"), len(rows)), *sorted(counts.items())]

    @api.model
    def _register_titles(self):
        return {
            "members": self.env._("Register of Members"),
            "others": self.env._("Register of Auxiliary Members and Other Holders"),
            "voting": self.env._("Voting List"),
        }

    @api.model
    def _register_columns(self, report, classes, departed):
        """The columns that the user may read: key and label."""
        rights = self._register_rights()
        columns = {
            "number": self.env._("No."),
            "name": self.env._("Name"),
            "address": self.env._("Last Known Address"),
            "type": self.env._("Type"),
            "category": self.env._("Category"),
            "kind": self.env._("Kind"),
            "start": self.env._("Since"),
            "resolution": self.env._("Resolution"),
            "status": self.env._("Status"),
            "end": self.env._("Until"),
            "reason": self.env._("Reason"),
            "representative": self.env._("Representative"),
            "email": self.env._("E-mail"),
            "neq": self.env._("NEQ"),
            "signature": self.env._("Signature"),
        }
        for share_class in classes:
            columns[f"shares_{share_class.id}"] = share_class.display_name
        dropped = {"signature", "type"} if report == "members" else set()
        if report == "others":
            dropped = {"signature", "status"}
        if report == "voting":
            keep = {"number", "name", "category", "representative", "signature"}
            return [(key, label) for key, label in columns.items() if key in keep]
        if not departed:
            dropped |= {"end", "reason"}
        if "addresses" not in rights:
            dropped |= {"address", "representative", "email", "resolution"}
        if "shares" not in rights:
            dropped |= {key for key in columns if key.startswith("shares_")}
        return [(key, label) for key, label in columns.items() if key not in dropped]

    @api.model
    def _register_classes(self, rows):
        """The classes of shares that somebody in these rows holds, in order."""
        ids = {
            int(key.removeprefix("shares_"))
            for row in rows
            for key in row
            if key.startswith("shares_")
        }
        return self._share_classes(ids)

    @api.model
    def _share_classes(self, ids):
        # Their names head the columns that the user may read, archived or not.
        classes = self.env["consortium.share.class"].with_context(active_test=False)
        return classes.search([("id", "in", list(ids))])

    @api.model
    def _register_holdings(self, date, company):
        """``{partner id: {share class id: quantity}}`` as of a date."""
        if "shares" not in self._register_rights():
            return {}
        # The register shows what is held; its rights are checked above.
        entries = self.env["consortium.share.entry"].sudo()
        held = {}
        holdings = entries._holdings(date, company=company)
        for (partner, share_class), quantity in holdings.items():
            held.setdefault(partner, {})[share_class] = quantity
        return held

    @api.model
    def _periods_until(self, date, company):
        """Every period begun by ``date``, the latest of each organisation last."""
        return self.search(
            Domain("company_id", "=", company.id)
            & Domain("state", "in", PERIOD_STATES)
            & Domain("date_start", "<=", date),
            order="date_start, id",
        )

    @api.model
    def _latest_until(self, date, company):
        """``{organisation: its last period begun by date}``"""
        periods = self._periods_until(date, company)
        return {period.partner_id: period for period in periods}

    @api.model
    def _register_periods(self, report, date, company, departed):
        """The memberships that a register shows: those of its rows, but for who holds
        shares and never was a member."""
        if report == "voting":
            return self._voting_members(date, company)[0]
        latest = self._latest_until(date, company)
        if report == "members":
            return self._members_among(latest, date, departed)
        auxiliary = self._auxiliary_among(latest, date)
        holders = self._other_holders(latest, date, company, departed)
        return auxiliary.union(*(latest[p] for p in holders if p in latest))

    @api.model
    def _members_among(self, latest, date, departed):
        return self.browse().union(
            *(
                period
                for period in latest.values()
                if not period.is_auxiliary and (departed or period._is_on(date))
            )
        )

    @api.model
    def _auxiliary_among(self, latest, date):
        return self.browse().union(
            *(p for p in latest.values() if p.is_auxiliary and p._is_on(date))
        )

    @api.model
    def _other_holders(self, latest, date, company, departed):
        """Who is no member on the date, and holds shares; or did, or was an auxiliary
        member, when those who left are asked for.

        :rtype: res.partner
        """
        ids = set(self._register_holdings(date, company))
        if departed:
            ids |= self._holders_until(date, company)
            ids |= {partner.id for partner, p in latest.items() if p.is_auxiliary}
        ids -= {partner.id for partner, p in latest.items() if p._is_on(date)}
        return self.env["res.partner"].browse(ids).sorted("name")

    @api.model
    def _holders_until(self, date, company):
        """Ids of who has held shares by a date, whatever is left of them; of a mistake
        that was reversed by then, nothing stays."""
        if "shares" not in self._register_rights():
            return set()
        # As for what is held: its rights are checked above.
        entries = self.env["consortium.share.entry"].sudo()
        until = Domain("company_id", "=", company.id) & Domain("date", "<=", date)
        reversals = entries.search(until & Domain("kind", "=", "reversal"))
        undone = reversals | reversals.reversed_entry_id
        groups = entries._read_group(
            until & Domain("id", "not in", undone.ids), ["partner_id"]
        )
        return {partner.id for (partner,) in groups}

    @api.model
    def _members_rows(self, date, company, departed):
        latest = self._latest_until(date, company)
        chosen = self._members_among(latest, date, departed)
        return chosen._register_rows(date, company), []

    @api.model
    def _others_rows(self, date, company, departed):
        """Auxiliary members, and who holds shares without being a member."""
        latest = self._latest_until(date, company)
        rows = self._auxiliary_among(latest, date)._register_rows(date, company)
        for row in rows:
            row["type"] = self.env._("Auxiliary member")
        held = self._register_holdings(date, company)
        for partner in self._other_holders(latest, date, company, departed):
            period = latest.get(partner, self.browse())
            row = {
                "number": period.number or "",
                "category": period.category_id.name or "",
                "start": period.date_start or "",
                "resolution": "",
                "end": period.date_end or "",
                "reason": period._end_label() if period else "",
                "representative": "",
                "type": self._holder_type(period, partner.id in held),
                **self._partner_values(partner),
            }
            row["group"] = row["type"]
            for share_class, quantity in held.get(partner.id, {}).items():
                row[f"shares_{share_class}"] = quantity
            rows.append(row)
        return rows, []

    @api.model
    def _holder_type(self, period, holds):
        if period:
            return self.env._("Former member")
        return self.env._("Other holder") if holds else self.env._("Former holder")

    def _register_rows(self, date, company):
        """A row each; a number of queries that doesn't depend on theirs."""
        held = self._register_holdings(date, company)
        voters = self._voters_on(date)
        suspended = self.env["consortium.suspension"]._on(date, company).partner_id
        rows = []
        for period in self.sorted(lambda p: (p.number, p.id)):
            partner = period.partner_id
            current = period._is_on(date)
            if not current:
                status = self.env._("Former member")
            elif partner in suspended:
                status = self.env._("Suspended")
            else:
                status = self.env._("Member")
            row = {
                "number": period.number,
                "category": period.category_id.name,
                "group": period.category_id.name,
                "start": period.date_start,
                "resolution": period.resolution_id.sudo().number
                or period.resolution_reference
                or (self.env._("founding") if period.founding else ""),
                "status": status,
                # What comes after the date is not known on that date.
                "end": period.date_end if not current else "",
                "reason": period._end_label() if not current else "",
                "representative": ", ".join(voters.get(partner, ())),
                **self._partner_values(partner),
            }
            for share_class, quantity in held.get(partner.id, {}).items():
                row[f"shares_{share_class}"] = quantity
            rows.append(row)
        return rows

    @api.model
    def _partner_values(self, partner):
        place = " ".join(
            part for part in (partner.city, partner.state_id.code, partner.zip) if part
        )
        lines = (partner.street, partner.street2, place)
        return {
            "name": partner.name,
            "address": "\n".join(line for line in lines if line),
            "kind": partner.organization_kind_id.name or "",
            "email": partner.email or "",
            "neq": partner.company_registry or "",
        }

    def _end_label(self):
        self.ensure_one()
        labels = dict(self._fields["end_reason"]._description_selection(self.env))
        return labels.get(self.end_reason, "")

    def _voters_on(self, date):
        """``{organisation: [names of who votes for it on the date]}``, one query."""
        model = self.env["consortium.representation"]
        mandates = model.search(
            model._in_force_domain(date)
            & Domain("organization_id", "in", self.partner_id.ids)
            & Domain("scope_vote", "=", True),
            order="date_start, id",
        )
        voters = {}
        for mandate in mandates:
            voters.setdefault(mandate.organization_id, []).append(
                mandate.person_id.name
            )
        return voters

    @api.model
    def _voting_members(self, date, company):
        """Who votes on a date: one vote a member, none for auxiliary members nor for
        those whose vote is suspended.

        :return: those who vote, those who don't
        """
        suspended = (
            self.env["consortium.suspension"]
            ._on(date, company)
            .filtered("loses_vote")
            .partner_id
        )
        members = self._on(date, company).filtered("category_id.has_vote")
        excluded = members.filtered(lambda m: m.partner_id in suspended)
        return members - excluded, excluded

    @api.model
    def _voting_rows(self, date, company, departed):
        voting, excluded = self._voting_members(date, company)
        rows = voting._register_rows(date, company)
        for row in rows:
            row["signature"] = ""
            for key in [key for key in row if key.startswith("shares_")]:
                del row[key]
        return rows, self._voting_remarks(rows, excluded)

    @api.model
    def _voting_remarks(self, rows, excluded):
        remarks = []
        if excluded:
            remarks.append(
                self.env._(
                    "Without a vote on that date: %(names)s.",
                    names=", ".join(excluded.partner_id.mapped("name")),
                )
            )
        missing = [row["name"] for row in rows if not row["representative"]]
        if missing:
            remarks.append(
                self.env._(
                    "No representative with a mandate to vote: %(names)s.",
                    names=", ".join(missing),
                )
            )
        votes = {}
        for row in rows:
            for name in row["representative"].split(", "):
                votes.setdefault(name, []).append(row["name"])
        for name, members in votes.items():
            if name and len(members) > 1:
                remarks.append(
                    self.env._(
                        "%(person)s votes for %(names)s: check that the by-laws allow "
                        "it.",
                        person=name,
                        names=", ".join(members),
                    )
                )
        return remarks
