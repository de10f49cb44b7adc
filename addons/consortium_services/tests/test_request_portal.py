import io
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_requests import PortalRequestCommon

PDF = b"%PDF-1.7\n1 0 obj\n"


@tagged("post_install", "-at_install")
class TestRequestPortal(PortalRequestCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.aline = cls.representative()

    def setUp(self):
        super().setUp()
        self.login(self.aline)

    # Catalogue

    def test_catalogue(self):
        page = self.url_open("/my/services").text
        self.assertIn("Droit des coopératives", page)
        self.assertIn("fa-briefcase", page)

    def test_search_by_need_without_accents(self):
        page = self.url_open("/my/services?search=COMPTABILITE").text
        self.assertIn("Comptabilité générale", page)
        self.assertNotIn("Droit des coopératives", page)
        page = self.url_open("/my/services?search=<script>alert(1)</script>").text
        self.assertNotIn("<script>alert(1)", page)

    def test_nothing_found_says_what_to_do(self):
        page = self.url_open("/my/services?search=plomberie").text
        self.assertIn("/my/requests/new", page)

    def test_page_of_a_field(self):
        self.legal.description = "<p>Nos avocats</p><script>alert(1)</script>"
        page = self.url_open(f"/my/services/{self.legal.id}").text
        self.assertIn("Nos avocats", page)
        self.assertNotIn("alert(1)", page)
        self.assertIn("Une fusion demande aussi de la comptabilité.", page)
        self.assertIn(f"/my/requests/new?expertise_id={self.legal.id}", page)
        self.assertNotIn("Élise Experte", page)

    def test_a_field_no_longer_offered_is_not_found(self):
        self.legal.active = False
        self.assertEqual(
            self.url_open(f"/my/services/{self.legal.id}").status_code, 404
        )

    # Asking

    def test_two_needs_in_one_request(self):
        answer = self.submit(files=[("files", ("contrat.pdf", io.BytesIO(PDF)))])
        lead = self.requests_of()
        self.assertIn(lead.request_number, answer.text)
        self.assertEqual(lead.request_channel, "portal")
        self.assertEqual(lead.partner_id, self.organization_a)
        self.assertEqual(lead.request_person_id, self.person)
        self.assertEqual(
            lead.request_line_ids.sorted("sequence").mapped("need"),
            ["Préparer la fusion", "Regarder les comptes"],
        )
        self.assertEqual(
            lead.request_line_ids.mapped("manager_id"),
            self.coordinator + self.coordinator_2,
        )
        file = self.env["ir.attachment"].search(
            [("res_model", "=", "crm.lead"), ("res_id", "=", lead.id)]
        )
        self.assertEqual(file.name, "contrat.pdf")
        path = f"/my/requests/{lead.id}/files/{file.id}"
        self.assertIn(path, answer.text)
        content = self.url_open(path)
        self.assertEqual(content.content, PDF)
        self.assertIn("attachment", content.headers["Content-Disposition"])
        mail = self.env["mail.mail"].search([("res_id", "=", lead.id)])
        self.assertIn(lead.request_number, mail.subject)

    def test_sent_twice_is_received_once(self):
        form = self.form()
        for _time in range(2):
            answer = self.url_open("/my/requests/submit", data=form)
            self.assertEqual(answer.status_code, 200)
        self.assertEqual(len(self.requests_of()), 1)

    def test_the_twin_of_a_form_is_sent_to_the_list(self):
        """The other connection's request isn't seen yet when this one is written."""
        form = self.form()
        self.url_open("/my/requests/submit", data=form)
        leads = type(self.env["crm.lead"])
        with (
            patch.object(leads, "_submitted", lambda self, *_args: self.browse()),
            mute_logger("odoo.sql_db"),
        ):
            answer = self.url_open("/my/requests/submit", data=form)
        self.assertTrue(answer.url.endswith("/my/requests"))
        self.assertEqual(len(self.requests_of()), 1)

    def refused(self, words, files=None, **values):
        answer = self.submit(files=files, **values)
        self.assertEqual(answer.status_code, 422)
        self.assertIn("o_request_error", answer.text)
        self.assertIn(words, answer.text)
        self.assertFalse(self.requests_of())
        return answer.text

    def test_what_was_typed_stays(self):
        page = self.refused("Dites pourquoi la demande est urgente", is_urgent="1")
        self.assertIn("Préparer la fusion", page)
        self.assertIn("Regarder les comptes", page)

    def test_bad_input(self):
        self.refused("au moins un besoin", need=["", ""], expertise_id=["", ""])
        self.refused("en quelques mots", need=["", "x"])
        self.refused(
            "finissent avant de commencer",
            wished_start="2027-02-01",
            wished_end="2027-01-01",
        )
        self.refused("2019-06-30", wished_start="demain")
        self.refused("plus offert", expertise_id=["987654", ""])
        self.refused("plus offert", expertise_id=["x' OR 1=1", ""])
        self.refused("au plus", need=["x"] * 20, expertise_id=[str(self.legal.id)] * 20)

    def test_an_archived_field_is_not_asked_for(self):
        form = self.form()
        self.finance.active = False
        answer = self.url_open("/my/requests/submit", data=form)
        self.assertEqual(answer.status_code, 422)
        self.assertFalse(self.requests_of())

    def test_forty_megabytes(self):
        big = PDF + b"0" * (40 * 1024 * 1024)
        self.refused("20 Mo", files=[("files", ("gros.pdf", io.BytesIO(big)))])

    def test_disguised_file(self):
        for name in ("facture.pdf", "photo.png", "lettre.docx"):
            self.refused(
                "pas ce que dit son nom",
                files=[("files", (name, io.BytesIO(b"MZ\x90\x00programme")))],
            )
        self.refused(
            "ne peut être reçu",
            files=[("files", ("page.html", io.BytesIO(b"<html/>")))],
        )

    def test_scripts_are_text(self):
        script = "<script>alert(1)</script>"
        answer = self.submit(name=script, need=[script, script])
        self.assertEqual(answer.status_code, 200)
        self.assertNotIn(script, answer.text)
        self.assertIn("&lt;script&gt;", answer.text)
        self.assertNotIn(script, self.url_open("/my/requests").text)

    def test_urgent_with_its_reason_and_dates(self):
        self.submit(
            is_urgent="1",
            urgency_reason="Départ d'une employée clé",
            wished_start="2027-01-01",
            wished_end="2027-02-01",
        )
        lead = self.requests_of()
        self.assertTrue(lead.is_urgent)
        self.assertEqual(str(lead.wished_end), "2027-02-01")

    def test_a_need_that_nobody_can_name(self):
        self.submit(expertise_id=[""], need=["Nous ne savons pas"])
        self.assertFalse(self.requests_of().request_line_ids.expertise_id)

    def test_the_token_is_asked_for(self):
        form = self.form()
        del form["csrf_token"]
        with mute_logger("odoo.http"):
            answer = self.url_open("/my/requests/submit", data=form)
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.requests_of())

    # For a member of one's network

    def network(self):
        self.organization_a.organization_kind_id = self.env.ref(
            "consortium_base.organization_kind_network"
        )
        self.env["consortium.affiliation"].create(
            {
                "organization_id": self.organization_b.id,
                "network_id": self.organization_a.id,
                "date_start": self.day(-10),
            }
        )

    def test_for_a_member_of_one_s_network(self):
        self.network()
        self.assertIn("Mutuelle Boréale", self.url_open("/my/requests/new").text)
        self.submit(beneficiary="mutuelle boréale")
        lead = self.requests_of()
        self.assertEqual(lead.partner_id, self.organization_b)
        page = self.url_open("/my/requests").text
        self.assertIn("Mutuelle Boréale", page)

    def test_for_nobody_else(self):
        self.refused("pas membre de votre réseau", beneficiary="Mutuelle Boréale")
        self.network()
        self.refused("pas membre de votre réseau", beneficiary="%")
        self.refused("pas membre de votre réseau", beneficiary="Inconnue")

    # Follow-up

    def test_a_state_for_each_need(self):
        lead = self.request(self.legal, self.finance)
        lead.request_line_ids[0].with_user(self.coordinator).action_take()
        self.settle(lead.request_line_ids[1], reason="Nous en reparlerons.")
        page = self.url_open(f"/my/requests/{lead.id}").text
        self.assertIn("À l&#39;étude", page)
        self.assertIn("Refusé", page)
        self.assertIn("Nous en reparlerons.", page)

    def test_internal_words_are_not_shown(self):
        lead = self.request(self.legal, description="Client difficile")
        lead.message_post(body="Note secrète", subtype_xmlid="mail.mt_note")
        page = self.url_open(f"/my/requests/{lead.id}").text
        self.assertNotIn("Client difficile", page)
        self.assertNotIn("Note secrète", page)

    def test_home_has_its_cards(self):
        page = self.url_open("/my").text
        self.assertIn("/my/services", page)
        self.assertIn("/my/requests", page)

    def test_filters(self):
        lead = self.request(self.legal)
        self.settle(lead.request_line_ids)
        path = "/my/requests?filterby="
        self.assertIn(lead.request_number, self.url_open(path + "done").text)
        self.assertNotIn(lead.request_number, self.url_open(path + "open").text)
        self.assertEqual(self.url_open(path + "forged").status_code, 200)

    def test_queries_do_not_grow_with_the_requests(self):
        pages = ("/my/requests", "/my/services", "/my/services?search=comptable")
        self.request(self.legal, self.finance)
        for _number in range(19):
            self.request(self.legal, self.finance)
        self.env.flush_all()

        def queries(path):
            self.url_open(path)
            before = self.cr.sql_log_count
            self.url_open(path)
            return self.cr.sql_log_count - before

        counts = [queries(path) for path in pages]
        for _number in range(80):
            self.request(self.legal, self.finance, self.management)
        self.env["consortium.expertise"].create(
            [{"code": f"N{n}", "name": f"Champ {n}"} for n in range(40)]
        )
        self.env.flush_all()
        for path, count in zip(pages, counts, strict=True):
            self.assertLessEqual(queries(path), count, path)
            self.assertLessEqual(count, 40, path)
