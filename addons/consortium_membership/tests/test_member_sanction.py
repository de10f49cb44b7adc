from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common_members import MemberCommon


@tagged("post_install", "-at_install")
class TestSanction(MemberCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2019-04-15 16:00:00"))
        cls.member = cls.admit(cls.alize, "2016-03-01")
        cls.ground = cls.env.ref("consortium_membership.member_ground_by_laws")

    def file(self, **values):
        return self.env["consortium.member.sanction"].create(
            {
                "membership_id": self.member.id,
                "kind": "expulsion",
                "ground_ids": self.ground.ids,
                "facts": "N'a pas respecté le règlement 3.",
                "notice_date": "2019-03-01",
                "meeting_date": "2019-03-10",
                "meeting_time": "18:30",
                "meeting_place": "Siège",
                **values,
            }
        )

    def decided(self, votes=(6, 2), **values):
        file = self.heard(self.file(**values), self.vote(*votes))
        file.action_decide()
        return file

    def heard(self, file, resolution, **values):
        """Notice was given, the member spoke, nine directors were there and voted."""
        file.action_notify()
        file.write(
            {
                "was_heard": True,
                "directors_present": 9,
                "resolution_id": resolution.id,
                **values,
            }
        )
        return file

    def vote(self, votes_for, against, **values):
        return self.resolution(
            "expulsion",
            "2019-03-10",
            votes_for=votes_for,
            votes_against=against,
            **values,
        )

    def effect(self, file, **values):
        file.write(
            {
                "reasons": "Le règlement 3 oblige…",
                "decision_notice_date": "2019-03-20",
                "effective_date": "2019-03-31",
                **values,
            }
        )
        file.action_apply()

    def test_expulsion(self):
        file = self.decided()
        self.effect(file)
        self.assertEqual(file.state, "effective")
        self.assertEqual(self.member.date_end, date(2019, 3, 31))
        self.assertEqual(self.member.end_reason, "expulsion")
        self.assertEqual(self.member.end_resolution_id, file.resolution_id)

    def test_suspension(self):
        file = self.decided(kind="suspension")
        self.effect(file, suspension_end="2019-09-29")
        suspension = file.suspension_id
        self.assertEqual(suspension.date_start, date(2019, 3, 31))
        self.assertTrue(suspension.loses_vote)
        self.assertIn(suspension, suspension._on("2019-04-30"))
        self.assertFalse(suspension._on("2019-09-30"))
        self.assertEqual(self.alize.member_status, "suspended")

    def test_suspension_of_at_most_the_legal_months(self):
        file = self.decided(kind="suspension")
        with self.assertRaisesRegex(UserError, "ends by 2019-09-29 at the latest"):
            self.effect(file, suspension_end="2019-09-30")

    def test_grounds_and_facts(self):
        with self.assertRaisesRegex(UserError, "list of the law"):
            self.file(ground_ids=False).action_notify()

    def test_facts(self):
        with self.assertRaisesRegex(UserError, "list of the law"):
            self.file(facts=" ").action_notify()

    def test_the_closed_list(self):
        self.assertEqual(len(self.env["consortium.member.ground"].search([])), 8)
        officer = self.employee("membership_officer")
        grounds = self.ground.with_user(officer)
        self.assertFalse(grounds.has_access("create"))

    def test_notice_gives_the_meeting(self):
        with self.assertRaisesRegex(UserError, "place, date and time"):
            self.file(meeting_place=False).action_notify()

    def test_notice_within_its_delay(self):
        file = self.file(notice_date="2019-03-06")
        self.assertEqual(file.notice_limit, date(2019, 3, 5))
        with self.assertRaisesRegex(UserError, "by 2019-03-05 at the latest"):
            file.action_notify()
        file.notice_date = "2019-03-05"
        file.action_notify()

    def test_two_thirds_exactly(self):
        self.decided(votes=(6, 3))

    def test_less_than_two_thirds(self):
        """Adopted by the usual majority, but not as the law asks: it is dismissed, and
        another file may be opened."""
        file = self.decided(votes=(5, 3))
        self.assertEqual(file.state, "dismissed")
        self.assertFalse(self.member.date_end)
        self.assertTrue(self.file())

    def test_given_up(self):
        for step in ("draft", "notified", "decided"):
            file = self.decided() if step == "decided" else self.file()
            if step == "notified":
                file.action_notify()
            self.assertEqual(file.state, step)
            file.action_give_up()
            self.assertEqual(file.state, "dropped")
            with self.assertRaisesRegex(UserError, "stays as it was"):
                file.facts = "Autre chose"
        with self.assertRaisesRegex(UserError, "stays as it was"):
            file.action_give_up()
        file = self.decided()
        self.effect(file)
        with self.assertRaisesRegex(UserError, "stays as it was"):
            file.action_give_up()

    def test_in_conflict_one_does_not_read_the_file(self):
        """Who represents the accused member, or sits for it, is no judge of it."""
        file = self.file()
        officer = self.employee("membership_officer")
        found = self.env["consortium.member.sanction"].with_user(officer)
        self.assertEqual(found.search([]) & file, file)
        office = self.env["consortium.office"].create(
            {
                "person_id": officer.partner_id.id,
                "organization_id": self.alize.id,
                "role": "director",
                "date_start": "2018-01-01",
            }
        )
        self.assertFalse(found.search([]) & file)
        with self.assertRaises(AccessError):
            file.with_user(officer).read(["facts"])
        office.date_end = "2019-04-01"
        self.assertTrue(found.search([]) & file)
        self.env["consortium.representation"].create(
            {
                "person_id": officer.partner_id.id,
                "organization_id": self.alize.id,
                "date_start": "2019-04-02",
                "scope_vote": True,
            }
        )
        self.assertFalse(found.search([]) & file)
        self.assertTrue(found.sudo().search([]) & file)

    def test_more_votes_than_directors(self):
        file = self.heard(self.file(), self.vote(6, 2), directors_present=7)
        with self.assertRaisesRegex(UserError, "7 directors present"):
            file.action_decide()

    def test_who_was_there_is_said(self):
        """The votes are those of the directors present: unanimous or counted."""
        for resolution in (
            self.vote(6, 2),
            self.vote(2, 6),
            self.resolution("expulsion", "2019-03-10"),
        ):
            file = self.heard(self.file(), resolution, directors_present=0)
            with self.assertRaisesRegex(UserError, "say how many they were"):
                file.action_decide()
            self.assertEqual(file.state, "notified")
            file.action_give_up()
        file = self.heard(self.file(), resolution)
        file.action_decide()
        self.assertEqual((file.state, file.directors_present), ("decided", 9))

    def test_the_member_could_be_heard(self):
        """It spoke, sent a statement, or did neither: the file says which."""
        spoke, wrote, silent = "was_heard", "statement_received", "was_silent"
        for said in ((), (spoke, silent), (wrote, silent)):
            values = {name: name in said for name in (spoke, wrote, silent)}
            file = self.heard(self.file(), self.vote(6, 2), **values)
            with self.assertRaisesRegex(UserError, "Say whether Coopérative Alizé"):
                file.action_decide()
            file.action_give_up()
        for said in ((spoke,), (wrote,), (spoke, wrote), (silent,)):
            values = {name: name in said for name in (spoke, wrote, silent)}
            file = self.heard(self.file(), self.vote(6, 2), **values)
            file.action_decide()
            self.assertEqual(file.state, "decided")
            with self.assertRaisesRegex(UserError, "stays as it was"):
                file.was_silent = not file.was_silent
            file.action_give_up()

    def test_no_notice_of_a_day_to_come(self):
        file = self.file(notice_date="2019-04-16", meeting_date="2019-05-10")
        with self.assertRaisesRegex(UserError, "of 2019-04-16, and that day"):
            file.action_notify()
        self.assertEqual(file.state, "draft")
        file.notice_date = "2019-04-15"
        file.action_notify()

    def test_no_decision_notice_of_a_day_to_come(self):
        """Within its delay, but not given yet."""
        file = self.heard(
            self.file(meeting_date="2019-04-10"),
            self.resolution("expulsion", "2019-04-10", votes_for=6, votes_against=2),
        )
        file.action_decide()
        with self.assertRaisesRegex(UserError, "of 2019-04-16, and that day"):
            self.effect(
                file, decision_notice_date="2019-04-16", effective_date="2019-04-30"
            )
        self.assertFalse(self.member.date_end)
        self.effect(
            file, decision_notice_date="2019-04-15", effective_date="2019-04-30"
        )
        self.assertEqual(self.member.date_end, date(2019, 4, 30))

    def test_rejected(self):
        file = self.heard(self.file(), self.vote(2, 6))
        file.action_decide()
        self.assertEqual(file.state, "dismissed")
        self.assertFalse(self.member.date_end)

    def test_rejected_at_the_meeting(self):
        """A vote of another day closes nothing."""
        file = self.file(meeting_date="2019-03-11")
        self.heard(file, self.vote(2, 6))
        with self.assertRaisesRegex(UserError, "at the meeting"):
            file.action_decide()

    def test_the_board_decides_at_the_meeting(self):
        file = self.heard(self.file(), self.resolution("expulsion", "2019-03-09"))
        with self.assertRaisesRegex(UserError, "at the meeting"):
            file.action_decide()

    def test_a_director_leaves_the_board_first(self):
        person = self.env["res.partner"].create({"name": "Aline"})
        office = self.env["consortium.office"].create(
            {
                "person_id": person.id,
                "organization_id": self.alize.id,
                "date_start": "2018-06-01",
            }
        )
        with self.assertRaisesRegex(UserError, "Aline sits on the board"):
            self.decided()
        office.write({"date_end": "2019-03-09", "end_reason": "removed"})
        file = self.env["consortium.member.sanction"].search(
            [("membership_id", "=", self.member.id)]
        )
        file.action_decide()
        self.assertEqual(file.state, "decided")

    def test_decision_notice_within_its_delay(self):
        file = self.decided()
        self.assertEqual(file.decision_notice_limit, date(2019, 3, 25))
        with self.assertRaisesRegex(UserError, "by 2019-03-25 at the latest"):
            self.effect(file, decision_notice_date="2019-03-26")

    def test_decision_is_reasoned(self):
        with self.assertRaisesRegex(UserError, "gives its reasons"):
            self.effect(self.decided(), reasons=False)

    def test_no_effect_before_the_decision(self):
        with self.assertRaisesRegex(UserError, "on its own day, or later"):
            self.effect(self.decided(), effective_date="2019-03-09")

    def test_each_step_is_frozen(self):
        file = self.file()
        file.action_notify()
        with self.assertRaisesRegex(UserError, "stays as it was"):
            file.facts = "Autres"
        with self.assertRaisesRegex(UserError, "stays as it was"):
            file.action_notify()
        with self.assertRaises(UserError):
            file.state = "effective"
        with self.assertRaises(UserError):
            file.unlink()
        file.write({"statement_received": True, "statement": "Nous contestons."})

    def test_one_file_at_a_time(self):
        self.file()
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            with self.env.cr.savepoint():
                self.file()

    def test_of_a_member_only(self):
        applied = self.membership_model.create(
            {"partner_id": self.boreale.id, "category_id": self.support.id}
        )
        with self.assertRaisesRegex(ValidationError, "is not a member"):
            self.file(membership_id=applied.id)

    def test_letters(self):
        file = self.decided(kind="suspension")
        file.write({"reasons": "Motifs précis", "effective_date": "2019-03-31"})
        for report, words in (
            ("report_sanction_notice", "règlement 3"),
            ("report_sanction_decision", "Motifs précis"),
        ):
            html, _kind = self.env["ir.actions.report"]._render_qweb_html(
                f"consortium_membership.{report}", file.ids
            )
            self.assertIn(words, html.decode())
            self.assertIn("Coopérative Alizé", html.decode())
