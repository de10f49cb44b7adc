"""What the tests of organizations, networks and imports share."""

import base64

from odoo.tests import TransactionCase

HEADER = "Nom;NEQ;Type;Région;Code postal;Courriel;Réseaux;Depuis\n"


class OrganizationCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env["base"].with_context(tracking_disable=True, lang=None).env
        cls.quebec = cls.env.ref("base.state_ca_qc")
        cls.ontario = cls.env.ref("base.state_ca_on")
        cls.kind_cooperative = cls.env.ref(
            "consortium_base.organization_kind_cooperative"
        )
        cls.kind_network = cls.env.ref("consortium_base.organization_kind_network")

    @classmethod
    def organization(cls, name, **values):
        """An organization of Québec."""
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "organization_kind_id": cls.kind_cooperative.id,
                "state_id": cls.quebec.id,
                "country_id": cls.quebec.country_id.id,
                **values,
            }
        )

    @classmethod
    def network(cls, name, **values):
        return cls.organization(
            name, **{"organization_kind_id": cls.kind_network.id, **values}
        )

    @classmethod
    def affiliate(cls, organization, network, start="2015-07-01", end=False, **values):
        return cls.env["consortium.affiliation"].create(
            {
                "organization_id": organization.id,
                "network_id": network.id,
                "date_start": start,
                "date_end": end,
                **values,
            }
        )

    @classmethod
    def user(cls, login, *groups):
        """A user of these groups of ours, and of no other."""
        return cls.env["res.users"].create(
            {
                "name": login,
                "login": login,
                "group_ids": [
                    (
                        6,
                        0,
                        [cls.env.ref(f"consortium_base.group_{g}").id for g in groups],
                    )
                ],
            }
        )

    @classmethod
    def import_of(cls, content, name="organizations.csv", **values):
        if isinstance(content, str):
            content = content.encode()
        return cls.env["consortium.organization.import"].create(
            {
                "name": name,
                "file": base64.b64encode(content),
                "fallback_kind_id": cls.kind_cooperative.id,
                "fallback_date_start": "2018-07-01",
                **values,
            }
        )

    def check(self, content, **values):
        import_ = self.import_of(content, **values)
        import_.action_check()
        return import_
