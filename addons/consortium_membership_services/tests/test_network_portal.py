from odoo.exceptions import AccessError
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import ServedCommon


@tagged("post_install", "-at_install")
class TestNetworkPortal(ServedCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.norah, cls.vera = partners.create(
            [
                {"name": "Norah Girard", "email": "norah@nordet.example"},
                {"name": "Véra Simard", "email": "vera@vents.example"},
            ]
        )
        cls.mandate(cls.norah, cls.network, scope_request=True)
        cls.mandate(cls.vera, cls.affiliated, scope_request=True)
        cls.network_user = cls.user_of(cls.norah)
        cls.member_user = cls.user_of(cls.vera)
        for user in cls.network_user + cls.member_user:
            user.write({"password": user.login, "lang": "en_US"})
        cls.need = cls.request(cls.affiliated)
        cls.line = cls.need.request_line_ids

    def reads(self, user):
        return bool(self.need.with_user(user)._filtered_access("read")), bool(
            self.line.with_user(user)._filtered_access("read")
        )

    def share(self, user, affiliation, shared):
        self.authenticate(user.login, user.login)
        return self.url_open(
            f"/my/networks/{affiliation.id}/share",
            data={"csrf_token": Request.csrf_token(self), "shared": shared},
        )

    def test_a_network_sees_nothing_without_the_agreement(self):
        self.assertEqual(self.reads(self.network_user), (False, False))
        with self.assertRaises(AccessError):
            self.need.with_user(self.network_user).read(["name"])

    def test_the_member_agrees_then_changes_its_mind(self):
        self.share(self.member_user, self.affiliation, "1")
        self.assertTrue(self.affiliation.shares_requests)
        self.assertEqual(self.reads(self.network_user), (True, True))
        self.share(self.member_user, self.affiliation, "")
        self.assertFalse(self.affiliation.shares_requests)
        self.env.invalidate_all()
        self.assertEqual(self.reads(self.network_user), (False, False))

    def test_the_network_reads_the_page_of_the_request(self):
        self.affiliation.shares_requests = True
        self.authenticate(self.network_user.login, self.network_user.login)
        page = self.url_open(f"/my/requests/{self.need.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.need.request_number, page.text)

    def test_it_ends_with_the_affiliation(self):
        self.affiliation.write({"shares_requests": True, "date_end": self.day(-1)})
        self.assertEqual(self.reads(self.network_user), (False, False))

    def test_a_network_does_not_agree_for_its_member(self):
        self.share(self.member_user, self.affiliation, "")
        self.env["consortium.affiliation"].create(
            {
                "organization_id": self.network.id,
                "network_id": self.network.copy({"name": "Réseau Suroît"}).id,
                "date_start": self.day(-400),
            }
        )
        answer = self.share(self.network_user, self.affiliation, "1")
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.affiliation.shares_requests)

    def test_without_a_mandate_to_request_no_network_is_shown(self):
        other = self.env["res.partner"].create(
            {"name": "Paul Roy", "email": "paul@vents.example"}
        )
        self.mandate(other, self.affiliated, scope_request=False, scope_billing=True)
        user = self.user_of(other)
        user.write({"password": user.login, "lang": "en_US"})
        self.authenticate(user.login, user.login)
        page = self.url_open("/my/networks")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("Réseau Nordet", page.text)
        answer = self.url_open(
            f"/my/networks/{self.affiliation.id}/share",
            data={"csrf_token": Request.csrf_token(self), "shared": "1"},
        )
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.affiliation.shares_requests)
