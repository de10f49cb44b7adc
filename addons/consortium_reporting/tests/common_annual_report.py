import base64
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from odoo.addons.consortium_base.tests.common import GovernanceCommon
from odoo.fields import Domain

FIELDS = {"Services juridiques": 720_000, "Comptabilité et finance": 3_108_000}
# Of the year, then of the three before it: members, minutes, share of yes.
MEMBERS = [56, 36, 25, 20]
MINUTES = [3_828_000, 3_636_000, None, None]
ROWS = [
    ("income", "Produits", 322202900, 356996400, 318314900, 121527, 414610900),
    ("expenses", "Frais", 318058900, 349491600, 315171300, 108895, 410035100),
    ("surplus", "Excédent", 4144000, 7504800, 3143600, None, 4575800),
]
COLUMNS = ("last", "actual", "budget", "variance", "next_budget")


class AnnualReportCommon(GovernanceCommon):
    """A cooperative of its own, its board, and a report of the last fiscal year.

    What the other half of the addon computes is replaced by known figures: here is
    tested what is done with them.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_CA")
        cls.company = cls.env["res.company"].create(
            {
                "name": "Coop d'essai",
                "street": "1, rue du Test",
                "city": "Québec",
                "fiscalyear_last_day": 30,
                "fiscalyear_last_month": "6",
            }
        )
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(
            context={
                **cls.env.context,
                "allowed_company_ids": cls.company.ids,
                "lang": "en_US",
            }
        )
        running = cls.company.compute_fiscalyear_dates(cls.today)["date_from"]
        cls.date_from = running - relativedelta(years=1)
        cls.date_to = running - relativedelta(days=1)
        cls.reports = cls.env["consortium.annual.report"]
        cls.offices = cls.env["consortium.office"].create(
            [
                {
                    "person_id": cls.env["res.partner"].create({"name": name}).id,
                    "role": role,
                    "date_start": cls.date_from,
                    "term_months": 36,
                }
                for name, role in (
                    ("Aubin", "president"),
                    ("Bélanger", "director"),
                    ("Côté", "officer"),
                )
            ]
        )
        cls.indicators = cls.env["consortium.indicator"].create(
            [
                {"code": "t_members", "name": "Membres", "section": "members"},
                {
                    "code": "t_hours",
                    "name": "Heures",
                    "section": "hours",
                    "unit": "hours",
                },
            ]
        )
        cls.stub_figures()

    @classmethod
    def stub_figures(cls):
        cls.table = [dict(zip(COLUMNS, row[2:], strict=True)) for row in ROWS]
        cls.errors = {}

        def values(model, codes, date_from, date_to):
            day = cls.reports._fields["date_from"].to_date(date_from)
            return {
                code: cls.figure(code, cls.date_from.year - day.year) for code in codes
            }

        def table(company, date_from, date_to):
            return cls.financial_table()

        for model, name, stub in (
            ("consortium.indicator", "_values", values),
            ("res.company", "_financial_table", table),
            ("consortium.member.operations", "_for_year", cls.operations),
            ("consortium.surplus.allocation", "_for_year", cls.allocation),
        ):
            cls.startClassPatcher(patch.object(cls.env.registry[model], name, stub))
        # Who reads what is adopted, with a register of members or without.
        everybody = patch.object(
            cls.env.registry["consortium.annual.report"],
            "_readable_by",
            lambda _model, _partner: Domain.TRUE,
        )
        cls.startClassPatcher(everybody)

    @classmethod
    def figure(cls, code, back):
        series = {"t_members": MEMBERS, "t_hours": MINUTES}.get(code, [])
        by = {"t_hours": {"field": dict(FIELDS)}} if back == 0 else {}
        return {
            "value": series[back] if back < len(series) else None,
            "unit": "count",
            "by": by.get(code, {}),
            "previous": series[back + 1] if back + 1 < len(series) else None,
            "previous_by": {},
            "source": "Computed",
            "previous_source": "Computed",
            "imported": False,
            "previous_imported": False,
            "error": cls.errors.get(code) if back == 0 else None,
        }

    @classmethod
    def financial_table(cls):
        def year(offset):
            return [
                str(cls.date_from + relativedelta(years=offset)),
                str(cls.date_to + relativedelta(years=offset)),
            ]

        return {
            "years": {"last": year(-1), "actual": year(0), "next": year(1)},
            "currency": "CAD",
            "last_imported": False,
            "last_source": "",
            "rows": [
                {"code": row[0], "label": row[1], "level": 0, **amounts}
                for row, amounts in zip(ROWS, cls.table, strict=True)
            ],
        }

    @staticmethod
    def operations(_model, date_from, date_to, company=None):
        part = {"with_members": 356996400, "total": 356996400, "share": 1_000_000}
        return {
            "frozen": False,
            "users": part,
            "workers": None,
            "manual": [],
            "status": "met",
            "reference": "C-67.2, art. 128.1",
            "note": "Note sur les opérations avec les membres.",
        }

    @staticmethod
    def allocation(_model, date_from, date_to, company=None):
        return {
            "state": "computed",
            "surplus": 7504800,
            "to_reserve": 7504800,
            "to_members": 0,
            "rule": "nonprofit",
            "rule_label": "Tout à la réserve.",
            "references": ["C-67.2, art. 146"],
            "resolution": None,
            "reserve": {
                "opening": 10000000,
                "rows": [{"name": "Excédent", "date": None, "amount": 4144000}],
                "closing": 14144000,
            },
        }

    @classmethod
    def report(cls, complete=True, **values):
        """A report of the last fiscal year, with all that the law asks for."""
        filled = {
            "member_count": 56,
            "employee_count": 50,
            "capital_text": "<p>Parts sociales : 560 $</p>",
            "statements": base64.b64encode(b"%PDF-1.4 statements"),
            "statements_name": "etats.pdf",
            "auditor_report": base64.b64encode(b"%PDF-1.4 auditor"),
            "auditor_report_name": "auditeur.pdf",
            "auditor_name": "CPA d'essai inc.",
            "meeting_date": cls.today,
            "president_text": "<p>Chers membres, quelle année.</p>",
        }
        return cls.reports.create(
            {
                "company_id": cls.company.id,
                "date_from": cls.date_from,
                "date_to": cls.date_to,
                **(filled if complete else {}),
                **values,
            }
        )

    @classmethod
    def adoptable(cls, **values):
        """A report that is computed, with its resolution and two directors."""
        report = cls.report(
            resolution_id=cls.board_resolution().id,
            attesting_office_ids=[(6, 0, cls.offices[:2].ids)],
            **values,
        )
        report.action_compute()
        return report

    @classmethod
    def adopted(cls, **values):
        report = cls.adoptable(**values)
        report.action_adopt()
        return report

    @classmethod
    def board_resolution(cls, **values):
        return cls.resolution(
            kind="report_adoption", body="board", company_id=cls.company.id, **values
        )

    @classmethod
    def employee_of(cls, group):
        """An employee of the cooperative, who speaks English."""
        user = cls.employee(group)
        user.write(
            {
                "lang": "en_US",
                "company_ids": [(6, 0, cls.company.ids)],
                "company_id": cls.company.id,
            }
        )
        return user

    def section(self, report, code, lang=None):
        version, _lang = report._read_version(lang)
        return next(each for each in version["sections"] if each["code"] == code)

    def block(self, report, code, block_code):
        return next(
            block
            for block in self.section(report, code)["blocks"]
            if block.get("code") == block_code
        )
