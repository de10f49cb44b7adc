import re

from odoo.tests import HttpCase, tagged

from .agreement_common import AgreementCommon


@tagged("post_install", "-at_install")
class TestAgreementPortal(AgreementCommon, HttpCase):
    """Aline represents A, Bruno B; each sees its own and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order_b = cls.running(
            cls.organization_b,
            agreement_title="Affaire secrète",
            agreement_scope="<p>Portée secrète</p>",
        )

    def login(self, user):
        self.authenticate(user.login, user.login)

    def post(self, path, page=None, **data):
        found = re.search(
            r'name="csrf_token" value="([^"]+)"',
            self.url_open(page or "/my/agreements").text,
        )
        token = found and found.group(1)
        if not token:
            token = re.search(
                r'csrf_token: "([^"]+)"', self.url_open("/my").text
            ).group(1)
        return self.url_open(path, data={"csrf_token": token, **data})

    def test_list(self):
        order = self.running(agreement_title="Affaire de A")
        draft = self.agreement(agreement_title="Brouillon de A")
        self.login(self.signatory)
        page = self.url_open("/my/agreements").text
        self.assertIn("Affaire de A", page)
        self.assertNotIn("Brouillon de A", page)
        self.assertNotIn("secrète", page)
        self.assertIn(f"/my/agreements/{order.id}", page)
        self.assertEqual(self.url_open(f"/my/agreements/{draft.id}").status_code, 404)

    def test_filters(self):
        self.proposed(agreement_title="À signer")
        self.running(agreement_title="Affaire ouverte")
        self.login(self.signatory)
        page = self.url_open("/my/agreements?filterby=waiting").text
        self.assertIn("À signer", page)
        self.assertNotIn("Affaire ouverte", page)
        self.assertEqual(
            self.url_open("/my/agreements?filterby=forged&page=99").status_code, 200
        )

    def test_empty_list_explains_itself(self):
        self.login(self.signatory)
        self.assertIn("o_agreements_empty", self.url_open("/my/agreements").text)

    def test_page_of_a_running_agreement(self):
        order = self.running(minutes=600, agreement_scope="<p>Portée de A</p>")
        self.enter(order, 90)
        self.login(self.signatory)
        page = self.url_open(f"/my/agreements/{order.id}").text
        for text in ("Portée de A", "1 h 30", "10 h", "8 h 30", "Élise Experte"):
            self.assertIn(text, page)
        self.assertNotIn("secrète", page)

    def test_sign_in_the_portal(self):
        order = self.proposed(options=(120,))
        path = f"/my/agreements/{order.id}"
        self.login(self.signatory)
        option = order.order_line.filtered("is_agreement_option")
        self.post(f"{path}/options", path, line_id=option.id, taken="1")
        self.assertEqual(option.option_state, "taken")
        page = self.url_open(path).text
        digest = re.search(r'name="digest" value="([^"]+)"', page).group(1)
        answer = self.post(f"{path}/sign", path, name="Aline Tremblay", digest=digest)
        self.assertIn("o_agreement_error", answer.text)
        self.assertFalse(order.signed_on)
        answer = self.post(
            f"{path}/sign", path, name="Aline Tremblay", digest=digest, agreed="1"
        )
        self.assertIn('data-state="signed"', answer.text)
        self.assertEqual(order.signatory_id, self.person)
        answer = self.post(
            f"{path}/sign", path, name="Aline Tremblay", digest=digest, agreed="1"
        )
        self.assertIn("o_agreement_error", answer.text)
        self.assertEqual(len(order.version_ids), 1)

    def test_refusals_are_one_sentence(self):
        order = self.proposed()
        path = f"/my/agreements/{order.id}"
        digest = order._content_digest()
        self.login(self.signatory)
        data = {"digest": digest, "agreed": "1"}
        answer = self.post(f"{path}/sign", path, name="Autre Nom", **data)
        self.assertIn("o_agreement_error", answer.text)
        answer = self.post(
            f"{path}/sign", path, name="Aline Tremblay", digest="x", agreed="1"
        )
        self.assertIn("o_agreement_error", answer.text)
        self.sign_mandate.scope_sign = False
        answer = self.post(f"{path}/sign", path, name="Aline Tremblay", **data)
        self.assertIn("o_agreement_error", answer.text)
        self.assertIn("o_no_mandate", answer.text)
        self.assertFalse(order.signed_on)

    def test_core_s_links_do_not_sign(self):
        order = self.proposed()
        token = order._portal_ensure_token()
        base = f"/my/orders/{order.id}"
        for user in (None, self.signatory, self.other_signatory):
            if user:
                self.login(user)
            answer = self.make_jsonrpc_request(
                f"{base}/accept",
                {"access_token": token, "name": "N'importe qui", "signature": "aGk="},
            )
            self.assertTrue(answer["error"])
        self.assertFalse(order.signed_on)
        self.assertEqual(order.state, "sent")

    def test_a_link_leads_to_the_log_in(self):
        order = self.proposed(agreement_title="Proposition")
        token = order._portal_ensure_token()
        answer = self.url_open(f"/my/orders/{order.id}?access_token={token}")
        self.assertIn("/web/login", answer.url)
        self.assertNotIn("Proposition", answer.text)
        forged = self.url_open(f"/my/orders/{order.id}?access_token=forged")
        self.assertEqual(forged.status_code, 404)

    def test_the_other_routes_of_core_are_closed(self):
        order = self.proposed()
        token = order._portal_ensure_token()
        self.login(self.signatory)
        base = f"/my/orders/{order.id}"
        self.post(f"{base}/decline?access_token={token}", decline_message="x")
        self.assertEqual(order.state, "sent")
        for path in (
            f"{base}/download_edi?access_token={token}",
            f"{base}/document/1?access_token={token}",
        ):
            self.assertEqual(self.url_open(path).status_code, 404, path)

    def test_b_is_not_found(self):
        version = self.order_b.version_ids
        consent = self.env["consortium.agreement.consent"].create(
            {"order_id": self.order_b.id, "minutes": 60, "reason": "Raison secrète"}
        )
        invitation = self.env["consortium.satisfaction.invitation"].create(
            {
                "order_id": self.order_b.id,
                "expertise_id": self.law.id,
                "sent_on": self.today,
            }
        )
        own = self.running()
        self.login(self.signatory)
        base = f"/my/agreements/{self.order_b.id}"
        for path in (
            base,
            f"{base}?access_token=forged",
            f"{base}?access_token={self.order_b._portal_ensure_token()}",
            f"{base}/versions/{version.id}",
            f"/my/agreements/{own.id}/versions/{version.id}",
            f"/my/satisfaction/{invitation.id}",
            f"/my/orders/{self.order_b.id}",
            f"/my/projects/{self.order_b.project_id.id}",
        ):
            answer = self.url_open(path)
            self.assertNotIn("secrète", answer.text, path)
            if not path.startswith("/my/projects"):
                self.assertEqual(answer.status_code, 404, path)
        for path, data in (
            (f"{base}/sign", {"name": "Aline Tremblay", "agreed": "1"}),
            (f"{base}/decline", {"reason": "x"}),
            (f"{base}/options", {"line_id": "1", "taken": "1"}),
            (f"{base}/consents/{consent.id}", {"given": "1"}),
            (f"/my/agreements/{own.id}/consents/{consent.id}", {"given": "1"}),
            (f"/my/agreements/{own.id}/sign", {"version_id": version.id}),
            (
                f"/my/satisfaction/{invitation.id}/answer",
                {"recommend": "no", "results": "no", "continue": "no"},
            ),
        ):
            page = f"/my/agreements/{own.id}"
            self.assertEqual(self.post(path, page, **data).status_code, 404, path)
        self.assertEqual(consent.state, "asked")
        self.assertEqual(invitation.state, "sent")

    def test_what_the_orm_tells(self):
        """What a portal user may ask without any page."""
        self.enter(self.order_b, 30)
        own = self.running(agreement_title="Affaire de A")
        self.enter(own, 30)
        for model, expected in (
            ("sale.order", own.ids),
            ("sale.order.line", own.order_line.ids),
            ("consortium.agreement.version", own.version_ids.ids),
            ("consortium.agreement.consent", []),
            ("consortium.satisfaction.invitation", []),
            ("project.project", []),
            ("project.task", []),
        ):
            found = self.env[model].with_user(self.signatory).search([])
            self.assertEqual(found.ids, expected, model)

    def test_a_shared_project_follows_the_mandate(self):
        """Core opens a project to whoever follows it; here the mandate decides."""
        self.order_b.project_id.privacy_visibility = "portal"
        self.order_b.project_id.message_subscribe(self.person.ids)
        self.order_b.project_id.task_ids.message_subscribe(self.person.ids)
        for model in ("project.project", "project.task"):
            self.assertFalse(self.env[model].with_user(self.signatory).search([]))
            self.assertTrue(self.env[model].with_user(self.other_signatory).search([]))

    def test_hours_pages_of_core(self):
        self.order_b.project_id.privacy_visibility = "portal"
        self.order_b.project_id.message_subscribe(self.person.ids)
        line = self.enter(self.order_b, 30)
        if "approval_state" in line._fields:  # the portal waits for it, if there is one
            line.sudo().approval_state = "approved"
        self.login(self.signatory)
        page = self.url_open("/my/timesheets").text
        self.assertNotIn(self.order_b.name, page)
        self.assertNotIn("Travail", page)
        self.login(self.other_signatory)
        self.assertIn("Travail", self.url_open("/my/timesheets").text)

    def test_payer_reads_with_a_billing_mandate(self):
        order = self.running(partner_invoice_id=self.organization_b.id)
        mine = order.with_user(self.other_signatory)
        self.assertTrue(mine._filtered_access("read"))
        self.env["consortium.representation"].search(
            [("person_id", "=", self.other_person.id)]
        ).scope_billing = False
        self.env.invalidate_all()
        self.env.cr.cache.clear()
        self.assertFalse(mine._filtered_access("read"))

    def test_beneficiary_reads(self):
        order = self.running(beneficiary_id=self.organization_b.id)
        self.assertTrue(order.with_user(self.other_signatory)._filtered_access("read"))

    def test_a_mandate_to_vote_shows_no_agreement(self):
        order = self.running()
        self.sign_mandate.write(
            {
                "scope_vote": True,
                "scope_sign": False,
                "scope_billing": False,
                "scope_request": False,
            }
        )
        self.env.cr.cache.clear()
        self.env.invalidate_all()
        self.assertFalse(order.with_user(self.signatory)._filtered_access("read"))
        self.login(self.signatory)
        self.assertEqual(self.url_open(f"/my/agreements/{order.id}").status_code, 404)

    def test_consent_in_the_portal(self):
        order = self.running(minutes=60)
        consent = self.env["consortium.agreement.consent"].create(
            {"order_id": order.id, "minutes": 120, "reason": "Le dossier s'allonge"}
        )
        path = f"/my/agreements/{order.id}"
        self.login(self.signatory)
        self.assertIn("o_agreement_consent", self.url_open(path).text)
        self.post(f"{path}/consents/{consent.id}", path, given="1")
        self.assertEqual(consent.state, "given")
        self.assertNotIn("o_agreement_consent", self.url_open(path).text)

    def test_amendment_in_the_portal(self):
        order = self.running()
        version = self.env["consortium.agreement.version"].create(
            {"order_id": order.id, "ceiling_minutes": 900}
        )
        version.with_user(self.coordinator).action_propose()
        path = f"/my/agreements/{order.id}"
        self.login(self.signatory)
        page = self.url_open(path).text
        self.assertIn("o_agreement_amendment", page)
        self.assertIn("15 h", page)
        self.post(
            f"{path}/sign",
            path,
            name="Aline Tremblay",
            digest=version.content_sha256,
            agreed="1",
            version_id=version.id,
        )
        self.assertEqual(version.state, "signed")

    def test_document_of_a_version(self):
        order = self.running()
        self.login(self.signatory)
        answer = self.url_open(
            f"/my/agreements/{order.id}/versions/{order.version_ids.id}"
        )
        self.assertEqual(answer.status_code, 200)
        self.assertIn("attachment", answer.headers["Content-Disposition"])

    def test_scripts_in_texts_do_nothing(self):
        order = self.agreement(
            agreement_title="<script>alert(1)</script>",
            agreement_scope="<p>Bon</p><script>alert(2)</script>",
        )
        order.order_line.name = "<script>alert(3)</script>"
        order.with_user(self.coordinator).action_propose()
        self.login(self.signatory)
        page = self.url_open(f"/my/agreements/{order.id}").text
        self.assertNotIn("<script>alert", page)
        order.with_user(self.signatory)._decline_as_member("<script>alert(4)</script>")
        self.assertNotIn("<script>", order.message_ids[:1].body)

    def test_queries_do_not_grow(self):
        """A member with ten times as many agreements and hours: as many queries."""
        orders = [self.running(minutes=6000)]
        self.enter(orders[0], 10)
        self.login(self.signatory)
        pages = ("/my/agreements", f"/my/agreements/{orders[0].id}")
        counts = [self.queries(path) for path in pages]
        for _number in range(9):
            orders.append(self.running(minutes=6000))
        for order in orders:
            for _number in range(3):
                self.enter(order, 10)
        for path, count in zip(pages, counts, strict=True):
            self.assertLessEqual(count, 40, path)
            self.assertLessEqual(self.queries(path), count, path)

    def queries(self, path):
        self.env.flush_all()
        self.url_open(path)
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.url_open(path)
        return self.cr.sql_log_count - before
