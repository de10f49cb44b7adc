import re

from odoo.tests import HttpCase, tagged

from .agreement_common import AgreementCommon


@tagged("post_install", "-at_install")
class TestAgreementWaiting(AgreementCommon, HttpCase):
    """What waits for the member is told at home, comes first, and is marked."""

    def login(self, user):
        self.authenticate(user.login, user.login)

    def waiting(self, user):
        orders = self.env["sale.order"].with_user(user).with_context(lang="en_US")
        return orders.search(
            [("is_service_agreement", "=", True)] + list(orders._waiting_domain())
        )

    def amended(self):
        order = self.running(agreement_title="Affaire amendée")
        version = self.env["consortium.agreement.version"].create(
            {"order_id": order.id, "ceiling_minutes": 900}
        )
        version.with_user(self.coordinator).action_propose()
        return order, version

    def asked(self):
        order = self.running(agreement_title="Affaire qui s'allonge")
        consent = self.env["consortium.agreement.consent"].create(
            {"order_id": order.id, "minutes": 60, "reason": "Le dossier s'allonge"}
        )
        return order, consent

    def closed(self):
        order = self.running(agreement_title="Affaire close")
        order.with_user(self.coordinator)._close("<p>Fini</p>")
        return order, self.env["consortium.satisfaction.invitation"].search(
            [("order_id", "=", order.id)]
        )

    def test_what_waits(self):
        proposed = self.proposed()
        amended, version = self.amended()
        asked, consent = self.asked()
        closed, invitation = self.closed()
        running = self.running()
        mine = proposed | amended | asked | closed
        self.assertEqual(self.waiting(self.signatory), mine)
        self.assertFalse(self.waiting(self.other_signatory))
        self.assertNotIn(running, self.waiting(self.signatory))
        self.sign(amended, version=version)
        consent.with_user(self.signatory)._answer(True)
        invitation.sent_on = self.day(-61)
        self.assertEqual(self.waiting(self.signatory), proposed)

    def test_the_list_begins_with_it(self):
        self.asked()
        self.running(agreement_title="Affaire à venir", agreement_start=self.day(9))
        self.login(self.signatory)
        page = self.url_open("/my/agreements").text
        self.assertLess(page.index("Affaire qui"), page.index("Affaire à venir"))
        self.assertEqual(page.count("Affaire qui"), 1)
        self.assertEqual(page.count("text-bg-warning"), 1, "marked, and it alone")
        page = self.url_open("/my/agreements?filterby=waiting").text
        self.assertIn("Affaire qui", page)
        self.assertNotIn("Affaire à venir", page)

    def test_told_at_home(self):
        self.proposed()
        self.login(self.signatory)
        self.assertIn("/my/agreements?filterby=waiting", self.url_open("/my").text)
        told = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["agreement_waiting_count"]}
        )
        self.assertEqual(told, {"agreement_waiting_count": 1})

    def test_all_spent_is_no_alarm_once_closed(self):
        order = self.running(minutes=60)
        self.enter(order, 60)
        path = f"/my/agreements/{order.id}"
        self.login(self.signatory)
        self.assertIn("progress-bar bg-danger", self.url_open(path).text)
        order.with_user(self.coordinator)._close("<p>Fini</p>")
        page = self.url_open(path).text
        self.assertNotIn("progress-bar bg-danger", page)
        self.assertIn("progress-bar bg-black-50", page)

    def test_signed_on_paper_it_is_read_too(self):
        """An agreement that was imported has no document of its own: one is made."""
        order = (
            self.env["consortium.agreement.import"]
            .create({"name": "ententes.csv"})
            ._make_agreement(
                {
                    "name": "",
                    "partner_id": self.organization_a.id,
                    "agreement_type": "service",
                    "agreement_title": "Signée sur papier",
                    "agreement_start": self.today,
                    "agreement_end": self.day(30),
                    "ceiling_minutes": 600,
                    "planned": [(self.law.id, 600)],
                    "spent": [],
                    "signed_on": f"{self.today} 15:00:00",
                    "signed_by": "Aline Tremblay",
                }
            )
        )
        path = f"/my/agreements/{order.id}/versions/{order.version_ids.id}"
        self.login(self.signatory)
        self.assertIn(path, self.url_open(f"/my/agreements/{order.id}").text)
        answer = self.url_open(path)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn(order.name, answer.headers["Content-Disposition"])
        self.login(self.other_signatory)
        self.assertEqual(self.url_open(path).status_code, 404)

    def test_the_questions_of_another_are_not_found(self):
        """Reading or answering: neither by its page nor by its form."""
        _order, invitation = self.closed()
        self.login(self.other_signatory)
        path = f"/my/satisfaction/{invitation.id}"
        self.assertEqual(self.url_open(path).status_code, 404)
        token = re.search(r'csrf_token: "([^"]+)"', self.url_open("/my").text)[1]
        answers = dict.fromkeys(("recommend", "results", "continue"), "no")
        answer = self.url_open(f"{path}/answer", data={"csrf_token": token, **answers})
        self.assertEqual(answer.status_code, 404)
        self.assertEqual(invitation.state, "sent")

    def test_queries_of_a_page_with_everything(self):
        order, version = self.amended()
        self.sign(order, version=version)
        order.with_user(self.manager).action_countersign()
        consents = self.env["consortium.agreement.consent"]
        for _number in range(3):
            consent = consents.create(
                {"order_id": order.id, "minutes": 60, "reason": "Le dossier"}
            )
            consent.with_user(self.signatory)._answer(True)
        self.enter(order, 30)
        self.login(self.signatory)
        for path in (f"/my/agreements/{order.id}", "/my/agreements"):
            self.env.flush_all()
            self.url_open(path)
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.url_open(path)
            self.assertLessEqual(self.cr.sql_log_count - before, 40, path)
