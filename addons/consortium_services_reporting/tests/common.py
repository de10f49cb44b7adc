from odoo.addons.consortium_reporting.tests.common_figures import FiguresCase
from odoo.addons.consortium_services.tests.common_requests import serve_everybody
from odoo.fields import Command


class ServiceFiguresCase(FiguresCase):
    """Agreements of the cooperative of the figures, signed when it is said."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        serve_everybody(cls)
        cls.kind = cls.env.ref("consortium_base.organization_kind_cooperative")
        cls.region = cls.env.ref("consortium_base.region_06")
        cls.law, cls.finance = cls.env["consortium.expertise"].create(
            [
                {"name": "Droit des essais", "code": "T-LAW"},
                {"name": "Finance des essais", "code": "T-FIN"},
            ]
        )
        cls.alize, cls.boreale = (
            cls.organization(
                name,
                organization_kind_id=cls.kind.id,
                region_id=cls.region.id,
            )
            for name in ("Alizé", "Boréale")
        )

    @classmethod
    def agreement(cls, member, signed_on, planned, signed=True, **values):
        """An agreement of these minutes by field, signed by both sides."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": member.id,
                "company_id": cls.company.id,
                "is_service_agreement": True,
                "agreement_type": "service",
                "agreement_title": "Accompagnement",
                "agreement_start": signed_on[:10],
                "agreement_end": "2019-12-31",
                "order_line": [
                    Command.create({"expertise_id": field.id, "planned_minutes": n})
                    for field, n in planned.items()
                ],
                **values,
            }
        )
        # What the buttons of a signature write; they have their own tests.
        vals = {"signed_on": signed_on, "state": "sale" if signed else "draft"}
        order.with_context(tracking_disable=True).write(vals)
        cls.env.flush_all()
        return order

    def values(self, *codes, year=("2018-07-01", "2019-06-30")):
        return self.indicators._values(list(codes), *year)

    def records_behind(self, code, dimension=None, key=None):
        action = self.indicators.open_records(
            code, "2018-07-01", "2019-06-30", dimension=dimension, key=key
        )
        return self.env[action["res_model"]].search(action["domain"])
