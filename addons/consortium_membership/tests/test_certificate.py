import psycopg2
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_shares import ShareCommon


@tagged("post_install", "-at_install")
class TestCertificate(ShareCommon, HttpCase):
    def all_of(self, partner=None):
        return self.certificates.search(
            [("partner_id", "=", (partner or self.alize).id)], order="id"
        )

    def test_no_certificate_before_the_payment(self):
        operation = self.issue()
        self.assertFalse(self.all_of())
        self.pay(operation, 99.99)
        self.assertEqual(self.valid().quantity, 9)
        self.pay(operation, 0.01)
        self.assertEqual(self.valid().quantity, 10)

    def test_what_it_says(self):
        self.alize.company_registry = "1112345678"
        self.paid_issue()
        certificate = self.valid()
        self.assertEqual(
            (certificate.holder_name, certificate.holder_registry),
            ("Coopérative Alizé", "1112345678"),
        )
        self.assertEqual(certificate._total(), 100.0)
        self.alize.name = "Autre nom"
        self.assertEqual(certificate.holder_name, "Coopérative Alizé")

    def test_cancelled_and_issued_again(self):
        self.paid_issue()
        first = self.valid()
        self.transfer(4)
        second = self.valid()
        self.assertEqual(
            (first.state, first.date_cancelled, first.replaced_by_id),
            ("cancelled", self.day("2018-06-01"), second),
        )
        self.assertEqual((second.quantity, second.date), (6, self.day("2018-06-01")))
        self.assertEqual(self.valid(self.boreale).quantity, 4)

    def test_cancelled_for_good(self):
        self.paid_issue()
        self.redeem(10)
        self.assertEqual(self.all_of().mapped("state"), ["cancelled"])
        self.assertFalse(self.all_of().replaced_by_id)

    def test_nothing_new_without_a_change(self):
        self.paid_issue()
        self.certificates._renew({(self.alize, self.common)}, self.day("2018-12-31"))
        self.assertEqual(len(self.all_of()), 1)

    def test_numbers_without_gaps(self):
        for quantity in range(1, 4):
            self.paid_issue(quantity=quantity, day=f"2018-0{quantity}-20")
        with self.assertRaises(ValueError), self.env.cr.savepoint():
            self.paid_issue(quantity=1, day="2018-06-20")
            raise ValueError()
        self.env.invalidate_all()
        self.paid_issue(quantity=1, day="2018-07-20")
        numbers = [int(number[2:]) for number in self.all_of().mapped("number")]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 4)))

    def test_one_valid(self):
        self.paid_issue()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.valid().sudo().copy({"number": "C-9", "token": "x"}).flush_recordset()

    def test_nobody_writes_or_deletes_one(self):
        self.paid_issue()
        with self.assertRaises(Exception) as caught:
            self.valid().write({"quantity": 1000})
        self.assertIn(type(caught.exception).__name__, ("UserError", "AccessError"))
        with self.assertRaisesRegex(UserError, "stays in the register"):
            self.valid().sudo().unlink()

    def test_the_document_is_kept_as_issued(self):
        self.paid_issue()
        attachment = self.valid()._document()
        self.assertTrue(attachment.raw.startswith(b"%PDF"))
        self.assertEqual(self.valid()._document(), attachment)
        with self.assertRaisesRegex(UserError, "stays as it was issued"):
            attachment.sudo().raw = b"%PDF autre"
        with self.assertRaisesRegex(UserError, "stays as it was issued"):
            attachment.sudo().unlink()

    def test_of_a_partner_on_a_date(self):
        self.paid_issue(day="2018-01-15")
        self.transfer(4, "2018-06-01")
        empty = self.env["ir.attachment"]
        of = self.certificates._certificate_of
        first, second = self.all_of()
        self.assertEqual(of(self.alize, "2018-01-14"), empty)
        self.assertEqual(of(self.alize, "2018-05-31"), first.attachment_id)
        self.assertEqual(of(self.alize, "2018-06-01"), second.attachment_id)

    def test_the_cron_draws(self):
        self.paid_issue()
        with self.enter_registry_test_mode():
            self.env.ref(
                "consortium_membership.ir_cron_share_certificates"
            ).sudo().method_direct_trigger()
        self.assertTrue(self.valid().attachment_id)

    def mails(self, certificates):
        return self.env["mail.mail"].search(
            [
                ("model", "=", "consortium.share.certificate"),
                ("res_id", "in", certificates.ids),
            ]
        )

    def draw(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "consortium_membership.ir_cron_share_certificates"
            ).sudo().method_direct_trigger()

    def test_the_first_one_is_sent_once_all_is_paid(self):
        self.alize.email = "info@alize.example"
        operation = self.issue()
        self.pay(operation, 50)
        self.draw()
        self.assertFalse(self.mails(self.all_of()))
        self.pay(operation)
        certificate = self.valid()
        self.draw()
        mail = self.mails(certificate)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.attachment_ids, certificate.attachment_id)
        self.assertIn("info@alize.example", mail.recipient_ids.mapped("email"))
        self.paid_issue(quantity=2, day="2018-03-01")
        self.draw()
        self.assertEqual(self.mails(self.all_of()), mail)

    def test_those_of_the_old_register_are_not_sent(self):
        self.alize.email = "info@alize.example"
        self.operations._import_entries(
            [
                {
                    "partner_id": self.alize.id,
                    "share_class_id": self.common.id,
                    "quantity": 10,
                    "date": "2010-01-15",
                    "kind": "issue",
                }
            ]
        )
        self.assertTrue(self.valid())
        self.draw()
        self.assertFalse(self.mails(self.all_of()))

    def page(self, token):
        return self.url_open(f"/parts/certificat/{token}")

    def test_the_public_page_says_one_thing(self):
        self.paid_issue()
        certificate = self.valid()
        answer = self.page(certificate.token)
        self.assertEqual(answer.status_code, 200)
        self.assertIn('id="o_certificate_state"', answer.text)
        self.assertIn("text-success", answer.text)
        for secret in ("Alizé", "Aliz&eacute;", certificate.number, "Parts sociales"):
            self.assertNotIn(secret, answer.text)
        self.redeem(10)
        answer = self.page(certificate.token)
        self.assertIn("text-danger", answer.text)
        self.assertNotIn("text-success", answer.text)
        self.assertEqual(answer.headers["X-Robots-Tag"], "noindex")

    def test_a_forged_token_is_not_found(self):
        self.paid_issue()
        token = self.valid().token
        for forged in ("x", token[:-1], token + "a", token.swapcase(), "%25"):
            self.assertEqual(self.page(forged).status_code, 404, forged)

    def test_the_address_of_the_qr_code(self):
        self.paid_issue()
        certificate = self.valid()
        self.assertTrue(certificate._public_url().endswith(certificate.token))
        self.assertGreater(len(certificate._qr_base64()), 100)

    # Yearly statements

    def make(self):
        statements = self.env["consortium.share.statement"]
        return statements._make("2018-01-01", "2018-12-31", self.company)

    def test_statements_in_bulk(self):
        self.issue(self.boreale, 3)
        self.paid_issue()
        self.redeem(4)
        found = {s.partner_id: s.figures for s in self.make()}
        self.assertEqual(found.keys(), {self.alize, self.boreale})
        (line,) = found[self.alize]["classes"]
        self.assertEqual(
            (line["opening"], line["closing"], line["paid"], line["owing"]),
            (0, 6, 60.0, 0.0),
        )
        (line,) = found[self.boreale]["classes"]
        self.assertEqual((line["closing"], line["owing"]), (3, 30.0))
        kinds = [move["kind"] for move in found[self.alize]["moves"]]
        self.assertEqual(sorted(kinds), ["issue", "paid", "redemption"])

    def test_statements_once(self):
        self.paid_issue()
        statement = self.make()
        self.assertFalse(self.make())
        self.redeem(4)
        self.assertFalse(self.make())
        self.assertEqual(statement.figures["classes"][0]["closing"], 10)
        with self.assertRaisesRegex(UserError, "stays as it was issued|access"):
            statement.write({"figures": {}})

    def test_a_statement_as_a_document(self):
        self.paid_issue()
        statement = self.make()
        attachment = statement._document()
        self.assertTrue(attachment.raw.startswith(b"%PDF"))
        self.assertEqual(statement._document(), attachment)

    def test_no_statement_of_a_year_that_is_not_over(self):
        with self.assertRaisesRegex(UserError, "not over"):
            self.env["consortium.share.statement"]._make("2999-01-01", "2999-12-31")

    def test_the_number_of_queries_does_not_grow(self):
        self.paid_issue()
        self.make()
        self.issue(self.boreale, 3)
        self.env.flush_all()
        statements = self.env["consortium.share.statement"]
        with self.assertQueryCount(3):
            statements._figures(
                self.day("2018-01-01"), self.day("2018-12-31"), self.company
            )
