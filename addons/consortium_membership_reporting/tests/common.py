from odoo.addons.consortium_reporting.tests.common_figures import FiguresCase


class MemberFiguresCase(FiguresCase):
    """A register of a few members in the cooperative of the figures."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.memberships = cls.env["consortium.membership"]
        cls.user_category, cls.support = cls.env["consortium.member.category"].create(
            [
                {
                    "name": "Utilisateurs",
                    "code": "t_user",
                    "counts_as_ids": [
                        (0, 0, {"date_start": "2010-01-01", "counts_as": "user"})
                    ],
                },
                {"name": "Soutien", "code": "t_support", "kind": "support"},
            ]
        )
        cls.auxiliary = cls.env["consortium.member.category"].create(
            {
                "name": "Auxiliaires",
                "code": "t_auxiliary",
                "is_auxiliary": True,
                "auxiliary_reason": "Servis par leur réseau.",
            }
        )
        cls.kind = cls.env.ref("consortium_base.organization_kind_cooperative")
        cls.kind_network = cls.env.ref("consortium_base.organization_kind_network")
        cls.region = cls.env.ref("consortium_base.region_06")
        cls.admission = cls.env["consortium.resolution"].create(
            {
                "subject": "Admissions",
                "kind": "admission",
                "date": "2015-01-15",
                "unanimous": True,
                "company_id": cls.company.id,
            }
        )
        cls.admission.action_decide()

    @classmethod
    def member(cls, name, start, category=None, end=False, **values):
        partner = cls.organization(
            name,
            organization_kind_id=values.pop("kind", cls.kind).id,
            region_id=values.pop("region", cls.region).id,
        )
        cls.admit(partner, start, category, end, **values)
        return partner

    @classmethod
    def admit(cls, partner, start, category=None, end=False, **values):
        membership = cls.memberships._admit(
            partner,
            category or cls.user_category,
            start,
            resolution_id=cls.admission.id,
            **values,
        )
        if end:
            membership._write_period(
                {"date_end": end, "state": "ended", "end_reason": "resignation"}
            )
        return membership

    @classmethod
    def affiliate(cls, organization, network, start="2015-01-01", **values):
        return cls.env["consortium.affiliation"].create(
            {
                "organization_id": organization.id,
                "network_id": network.id,
                "date_start": start,
                **values,
            }
        )

    def values(self, *codes, year=None):
        return self.indicators._values(list(codes), *(year or self.year))

    year = ("2018-07-01", "2019-06-30")
