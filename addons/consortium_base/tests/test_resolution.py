from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation, UniqueViolation

from .common import GovernanceCommon


@tagged("post_install", "-at_install")
class TestResolution(GovernanceCommon):
    def votes(self, votes_for, against, majority="simple", abstaining=0):
        """Whether these votes carry a resolution."""
        resolution = self.resolution(
            decide=False,
            unanimous=False,
            majority=majority,
            votes_for=votes_for,
            votes_against=against,
            votes_abstaining=abstaining,
        )
        resolution.action_decide()
        self.assertEqual(resolution.is_carried, resolution.state == "adopted")
        return resolution.is_carried

    def test_simple_majority(self):
        self.assertTrue(self.votes(5, 4))
        self.assertFalse(self.votes(4, 4))
        self.assertTrue(self.votes(1, 0, abstaining=8))

    def test_two_thirds_are_exact(self):
        self.assertTrue(self.votes(6, 3, "two_thirds"))
        self.assertFalse(self.votes(5, 3, "two_thirds"))
        large = 10**8
        self.assertTrue(self.votes(2 * large, large, "two_thirds"))
        self.assertFalse(self.votes(2 * large - 1, large, "two_thirds"))

    def test_three_quarters_are_exact(self):
        self.assertTrue(self.votes(3, 1, "three_quarters"))
        self.assertFalse(self.votes(74, 25, "three_quarters"))

    def test_without_votes_nothing_is_decided(self):
        resolution = self.resolution(decide=False, unanimous=False)
        with self.assertRaises(UserError):
            resolution.action_decide()

    def test_numbers_follow_each_other_by_body_and_year(self):
        first = self.resolution(date="2031-02-01")
        self.assertEqual(first.number, "CA-2031-001")
        self.assertEqual(self.resolution(date="2031-12-31").number, "CA-2031-002")
        self.assertEqual(self.resolution(date="2032-01-01").number, "CA-2032-001")
        meeting = self.resolution(date="2031-02-01", body="general_meeting")
        self.assertEqual(meeting.number, "AG-2031-001")

    def test_a_typed_number_is_passed_over(self):
        self.resolution(date="2031-02-01", number="CA-2031-001")
        self.assertEqual(self.resolution(date="2031-02-01").number, "CA-2031-002")

    def test_number_is_unique_in_its_body(self):
        self.resolution(number="7")
        self.resolution(number="7", body="committee")
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.resolution(number="7")

    def test_votes_are_not_negative(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.resolution(votes_for=-1)

    def test_unanimous_has_no_vote_against(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.resolution(votes_against=1)

    def test_frozen_once_decided(self):
        resolution = self.resolution(text="<p>Texte</p>")
        for values in (
            {"subject": "Autre"},
            {"votes_for": 3},
            {"state": "draft"},
            {"date": self.day(-3)},
            {"text": "<p>Autre</p>"},
        ):
            with self.assertRaises(UserError):
                resolution.write(values)
        with self.assertRaises(UserError):
            resolution.action_decide()
        with self.assertRaises(UserError):
            resolution.unlink()
        self.resolution(decide=False).unlink()

    def test_state_is_never_created(self):
        resolution = self.resolution(decide=False, state="adopted")
        self.assertEqual(resolution.state, "draft")

    def test_the_document_is_filed_once(self):
        resolution = self.resolution()
        resolution.write({"document": b"JVBERi0=", "document_name": "r.pdf"})
        with self.assertRaises(UserError):
            resolution.document = b"JVBERi1B"

    def test_the_result_is_not_written(self):
        resolution = self.resolution(
            decide=False, unanimous=False, votes_for=1, votes_against=9
        )
        with self.assertRaisesRegex(UserError, "by its button"):
            resolution.write({"state": "adopted"})
        resolution.action_decide()
        self.assertEqual(resolution.state, "rejected")

    def test_without_a_number_nothing_is_decided(self):
        resolution = self.resolution(decide=False)
        for number in (False, " "):
            resolution.number = number
            with self.assertRaisesRegex(UserError, "its number first"):
                resolution.action_decide()

    def test_the_filed_document_stays(self):
        resolution = self.resolution()
        resolution.write({"document": b"JVBERi0=", "document_name": "r.pdf"})
        with self.assertRaises(UserError):
            resolution.document_name = "autre.pdf"
        key = {
            "res_model": "consortium.resolution",
            "res_field": "document",
            "res_id": resolution.id,
        }
        attachment = self.env["ir.attachment"].search(
            [(name, "=", value) for name, value in key.items()]
        )
        for values in ({"raw": b"%PDF-!"}, {"datas": b"JVBERi1B"}, {"res_id": False}):
            with self.assertRaisesRegex(UserError, "neither replaced nor"):
                attachment.write(values)
        with self.assertRaisesRegex(UserError, "neither replaced nor"):
            attachment.unlink()
        with self.assertRaisesRegex(UserError, "neither replaced nor"):
            attachment.create({"name": "document", "raw": b"%PDF-!", **key})
        other = attachment.create({"name": "document", "raw": b"%PDF-!"})
        with self.assertRaisesRegex(UserError, "neither replaced nor"):
            other.write(key)
        attachment.write({"raw": attachment.raw})
        self.assertEqual(resolution.document, b"JVBERi0=")

    def test_the_document_of_a_proposal_changes(self):
        resolution = self.resolution(decide=False)
        resolution.document = b"JVBERi0="
        resolution.document = b"JVBERi1B"
        resolution.document = False
        self.assertFalse(resolution.document)

    def test_correction_is_another_resolution(self):
        resolution = self.resolution(kind="rates")
        context = resolution.action_amend()["context"]
        with Form(self.env["consortium.resolution"].with_context(**context)) as form:
            form.unanimous = True
        amending = resolution.amended_by_ids
        self.assertEqual(amending.kind, "rates")
        amending.action_decide()
        with self.assertRaises(ValidationError):
            self.resolution(body="general_meeting", amends_id=resolution.id)

    def test_require(self):
        resolution = self.resolution(kind="admission")
        resolution._require("admission", self.today)
        resolution._require("admission", self.day(10))

    def test_require_says_what_is_wrong(self):
        adopted = self.resolution(kind="admission")
        rejected = self.resolution(
            kind="admission", unanimous=False, votes_for=1, votes_against=1
        )
        proposed = self.resolution(kind="admission", decide=False)
        for resolution, kind, date in (
            (adopted.browse(), "admission", self.today),
            (adopted, "rates", self.today),
            (adopted, "admission", self.day(-1)),
            (rejected, "admission", self.today),
            (proposed, "admission", self.today),
        ):
            with self.assertRaises(UserError) as caught:
                resolution._require(kind, date)
            self.assertEqual(str(caught.exception).count("\n"), 0)

    def test_require_without_reading_the_minutes(self):
        resolution = self.resolution(kind="admission")
        expert = self.employee("expert")
        resolution.with_user(expert)._require("admission", self.today)
        with self.assertRaises(AccessError):
            resolution.with_user(expert).read(["subject"])


@tagged("post_install", "-at_install")
class TestWhoReadsMinutes(GovernanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meeting = cls.resolution(body="general_meeting")
        cls.proposed = cls.resolution(body="general_meeting", decide=False)
        cls.board = cls.resolution()
        cls.rates = cls.resolution(kind="rates")
        cls.committee = cls.resolution(body="committee")
        cls.everything = (
            cls.meeting + cls.proposed + cls.board + cls.rates + cls.committee
        )

    def read_by(self, user):
        return self.everything.with_user(user)._filtered_access("read").sudo(False)

    def assertReads(self, user, resolutions):
        self.assertEqual(self.read_by(user).ids, resolutions.ids)
        found = self.everything.with_user(user).search(
            [("id", "in", self.everything.ids)]
        )
        self.assertEqual(sorted(found.ids), sorted(resolutions.ids))

    def test_who_keeps_and_audits_reads_all(self):
        for group in ("membership_officer", "manager", "auditor"):
            self.assertReads(self.employee(group), self.everything)

    def test_employees_read_the_general_meeting(self):
        for group in ("expert", "coordinator"):
            self.assertReads(self.employee(group), self.meeting)

    def test_accountant_reads_financial_decisions(self):
        self.assertReads(self.employee("accountant"), self.meeting + self.rates)

    def test_an_employee_on_the_board_reads_all(self):
        expert = self.employee("expert")
        self.env["consortium.office"].create(
            {"person_id": expert.partner_id.id, "date_start": self.day(-1)}
        )
        self.assertReads(expert, self.everything)

    def test_representative_reads_the_general_meeting(self):
        self.mandate()
        self.assertReads(self.user_of(self.person), self.meeting)

    def test_without_a_mandate_nothing(self):
        mandate = self.mandate()
        user = self.user_of(self.person)
        mandate.revoke("Départ")
        self.assertReads(user, self.everything.browse())

    def test_a_director_in_the_portal_does_not_read_the_board(self):
        self.mandate()
        self.env["consortium.office"].create(
            {"person_id": self.person.id, "date_start": self.day(-1)}
        )
        self.assertReads(self.user_of(self.person), self.meeting)

    def test_its_name_says_no_more_than_its_number(self):
        board = self.resolution(subject="Secret", kind="appointment")
        meeting = self.resolution(body="general_meeting", kind="appointment")
        other = self.env["res.partner"].create({"name": "Carole"})
        offices = self.env["consortium.office"].create(
            [
                {"person_id": person.id, "resolution_id": resolution.id}
                for person, resolution in ((self.person, board), (other, meeting))
            ]
        )
        for group in ("expert", "coordinator", "accountant"):
            user = self.employee(group)
            found = offices.with_user(user).read(["resolution_id"])
            self.assertEqual(
                {office["resolution_id"][1] for office in found},
                {board.number, f"{meeting.number} – {meeting.subject}"},
            )
        officer = self.employee("membership_officer")
        self.assertIn("Secret", board.with_user(officer).display_name)

    def test_officer_writes_what_it_proposes(self):
        officer = self.employee("membership_officer")
        resolution = self.env["consortium.resolution"].with_user(officer)
        created = resolution.create({"subject": "Objet", "unanimous": True})
        created.action_decide()
        self.assertEqual(created.state, "adopted")
