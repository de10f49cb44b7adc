from odoo.addons.consortium_base.tests.common import GovernanceCommon


class ServedCommon(GovernanceCommon):
    """A network that is a member, an organisation of that network, and a stranger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = "en_US"
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        kinds = cls.env["consortium.organization.kind"]
        cls.kind = kinds.create({"name": "Atelier", "code": "atelier"})
        cls.kind_network = kinds.create(
            {"name": "Réseau", "code": "reseau", "is_network": True}
        )
        partners = cls.env["res.partner"]
        cls.network, cls.member, cls.affiliated, cls.stranger = partners.create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "organization_kind_id": kind.id,
                }
                for name, kind in (
                    ("Réseau Nordet", cls.kind_network),
                    ("Coop du Fjord", cls.kind),
                    ("Maison des Vents", cls.kind),
                    ("Ateliers Inconnus", cls.kind),
                )
            ]
        )
        cls.affiliation = cls.env["consortium.affiliation"].create(
            {
                "organization_id": cls.affiliated.id,
                "network_id": cls.network.id,
                "date_start": cls.day(-400),
                "is_primary": True,
            }
        )
        categories = cls.env["consortium.member.category"]
        cls.user_category, cls.support_category = categories.create(
            [
                {"name": "Utilisateur", "code": "test_user", "kind": "user"},
                {"name": "Soutien", "code": "test_support", "kind": "support"},
            ]
        )
        cls.admission = cls.resolution(kind="admission", date=cls.day(-600))
        cls.network_membership = cls.admit(cls.network, cls.support_category)
        cls.membership = cls.admit(cls.member, cls.user_category)
        cls.expertise = cls.env["consortium.expertise"].create(
            {"name": "Droit", "code": "TEST-DROIT"}
        )

    @classmethod
    def admit(cls, partner, category, days=-500):
        return cls.env["consortium.membership"]._admit(
            partner, category, cls.day(days), resolution_id=cls.admission.id
        )

    @classmethod
    def request(cls, partner, days=0, **values):
        """A service request received so many days from today."""
        return cls.env["crm.lead"].create(
            {
                "name": "Besoin",
                "is_service_request": True,
                "partner_id": partner.id,
                "received_at": f"{cls.day(days)} 15:00:00",
                "request_line_ids": [
                    (0, 0, {"expertise_id": cls.expertise.id, "need": "Un bail"})
                ],
                **values,
            }
        )

    @classmethod
    def agreement(cls, partner, **values):
        return cls.env["sale.order"].create(
            {
                "is_service_agreement": True,
                "agreement_type": "service",
                "partner_id": partner.id,
                "agreement_title": "Accompagnement",
                "agreement_start": cls.day(0),
                "agreement_end": cls.day(90),
                **values,
            }
        )

    @classmethod
    def running(cls, partner, **values):
        """An agreement that both sides have signed."""
        order = cls.agreement(
            partner,
            order_line=[
                (0, 0, {"expertise_id": cls.expertise.id, "planned_minutes": 60})
            ],
            **values,
        )
        # Signatures have their own tests; the steps are taken by their buttons alone.
        now = f"{cls.today} 15:00:00"
        order.sudo().write(
            {
                "signed_by": "Membre",
                "signed_on": now,
                "countersigned_by_id": cls.env.uid,
                "countersigned_on": now,
            }
        )
        order.sudo().action_confirm()
        return order
