import hashlib
import hmac

from odoo import Command, models
from odoo.addons.consortium_base.tools.organization_file import FileProblem
from odoo.addons.consortium_base.tools.text import fold
from odoo.exceptions import UserError

from ..tools import pay_file
from ..tools.privacy import derivable, small_centres


class ConsortiumPayImport(models.Model):
    """The dry run: from the rows of a file, in memory, to the totals of centers."""

    _inherit = "consortium.pay.import"

    def _read_file(self, content):
        """The dry run: totals by center, or all that is wrong, and nothing else."""
        self.ensure_one()
        if self.state != "draft":
            raise UserError(
                self.env._("A pay that was posted does not change: reverse it.")
            )
        self._clear()
        try:
            rows, problems = pay_file.read_pay(content, self.file_name or "")
        except FileProblem as problem:
            raise UserError(self._file_sentence(problem)) from problem
        sentences = [self._row_sentence(*problem) for problem in problems]
        amounts, shares, more = self._match(rows)
        sentences += more
        if not sentences:
            sentences = self._privacy_sentences(amounts, shares)
        values = {
            "problems": "\n".join(sentences[:200]) or False,
            "people_count": len(amounts),
            "fingerprint": self._fingerprint(content),
        }
        if not sentences:
            totals = pay_file.split(amounts, shares)
            values["line_ids"] = [
                Command.create(
                    {
                        "cost_center_id": center,
                        "amount": parts.get("pay", 0) / 100,
                        "charges": parts.get("charges", 0) / 100,
                        "people_count": self._people(center, amounts, shares),
                    }
                )
                for center, parts in sorted(totals.items())
            ]
        # Fields that only the import itself writes.
        self.sudo().write(values)

    def _people(self, center, amounts, shares):
        """How many are paid something in a center."""
        return sum(
            1
            for employee, paid in amounts.items()
            if shares[employee].get(center) and any(paid.values())
        )

    def _fingerprint(self, content):
        """Tells the same file again; keyed, so that nobody tries amounts against it."""
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()

    def _match(self, rows):
        """``(amounts by employee, weights by employee, sentences)``."""
        found = self._employees()
        amounts, sentences = {}, []
        for row in rows:
            candidates = set()
            for kind in ("number", "email", "name"):
                if text := fold(getattr(row, kind)):
                    candidates = found[kind].get(text, set())
                    break
            if len(candidates) != 1:
                code = "several" if candidates else "unknown"
                named = row.number or row.email or row.name
                sentences.append(self._row_sentence(row.line, code, named))
                continue
            (employee,) = candidates
            paid = amounts.setdefault(employee, {})
            for component, value in row.cents.items():
                paid[component] = paid.get(component, 0) + value
        employees = self.env["hr.employee"].browse(amounts)
        periods = self.env["consortium.cost.assignment"]._periods(
            employees, self.date_start, self.date_end
        )
        shares = {}
        for employee in employees:
            try:
                shares[employee.id] = pay_file.weights(
                    periods[employee.id], self.date_start, self.date_end
                )
            except ValueError as error:
                sentences.append(self._assignment_sentence(employee, str(error)))
        return amounts, shares, sentences

    def _employees(self):
        """``{how a row names a person: {text: {employee id}}}``, archived included."""
        found = {"number": {}, "email": {}, "name": {}}
        # Numbers and e-mails are compared, not shown; the company's people only.
        employees = (
            self.env["hr.employee"]
            .sudo()
            .with_context(active_test=False)
            .search_fetch(
                [("company_id", "=", self.company_id.id)],
                ["name", "work_email", "barcode"],
            )
        )
        for employee in employees:
            for kind, text in (
                ("number", employee.barcode),
                ("email", employee.work_email),
                ("name", employee.name),
            ):
                if text:
                    found[kind].setdefault(fold(text), set()).add(employee.id)
        return found

    def _privacy_sentences(self, amounts, shares):
        """What of these totals would tell a person's pay, in one sentence each.

        Pay and charges have each their total: a person without any of one is not
        among those that hide the others.
        """
        sentences = []
        for component in sorted(set().union(*amounts.values())):
            sentences += self._told_by(
                {
                    employee: shares[employee]
                    for employee, paid in amounts.items()
                    if paid.get(component)
                }
            )
        return list(dict.fromkeys(sentences))

    def _told_by(self, shares):
        """The sentences on the totals of one component, of who has some of it."""
        centers = self.env["consortium.cost.center"]
        sentences = [
            self.env._(
                "%(center)s: only %(count)s people are paid in it; their pay could be "
                "worked out. Count this center with another one.",
                center=centers.browse(center).display_name,
                count=count,
            )
            for center, count in small_centres(shares).items()
        ]
        if not sentences:
            sentences = [
                self.env._(
                    "The totals of these centers, taken together, would tell the pay "
                    "of %(name)s: change the shares, or count a center with another "
                    "one.",
                    name=employee.name,
                )
                for employee in self.env["hr.employee"].browse(derivable(shares))
            ]
        return sentences

    def _file_sentence(self, problem):
        if problem.code == "missing_column":
            return self.env._(
                "The column « %(column)s » is missing.",
                column=pay_file.COLUMNS[problem.details["column"]][0],
            )
        return self.env["consortium.organization.import"]._file_sentence(problem)

    def _row_sentence(self, line, code, text):
        sentences = {
            "nobody": self.env._("the row names nobody."),
            "unknown": self.env._("nobody is called « %(text)s ».", text=text),
            "several": self.env._(
                "several people are called « %(text)s »: give the number.", text=text
            ),
            "formula": self.env._("« %(text)s » holds a formula.", text=text),
            "amount": self.env._("« %(text)s » is not an amount.", text=text),
            "negative": self.env._("« %(text)s » is negative.", text=text),
            "decimals": self.env._(
                "« %(text)s » has more than two decimals.", text=text
            ),
        }
        return self.env._(
            "Row %(line)s: %(problem)s", line=line, problem=sentences[code]
        )

    def _assignment_sentence(self, employee, what):
        if what == "none":
            return self.env._(
                "%(name)s is in no cost center in that period.", name=employee.name
            )
        return self.env._(
            "The shares of %(name)s do not make 100 %% on %(date)s.",
            name=employee.name,
            date=what,
        )
