"""The whole loop: one organisation from prospect to annual report, through the web, as
each person in turn; the member on a phone, the others at a desk.

The year ends on the day of the walk; its report is adopted on the next day, on which
the server is started again.

Two needs, 6 h at 120.00 $ and 2 h at 90.00 $: 900.00 $ billed. The year cost 885.00 $:
15.00 $ are given back, and at cost there is neither surplus nor deficit.
"""

import os
import re
import signal
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from browser import office
from command import consortium, read_until, start
from helpers import addons, database, places, templates
from letterbox import Mailbox

DATABASE = "consortium_loop_test"
TOMORROW = places.ROOT / "tests/tomorrow"
GROUND = places.ROOT / "tests/in_odoo/whole_loop_ground.py"
LOG = places.LOGS / f"serve-{DATABASE}.log"

MEMBER = "Coopérative de la Boucle"
PERSON, ADDRESS, PASSWORD = "Maude Beaulieu", "maude@boucle.example", "boucle 2 mai"
LAW, ACCOUNTS = "Services juridiques", "Comptabilité et finance"
RULES, CLOSING = "Revoir nos règlements", "Préparer la clôture"
TITLE = "Règlements et clôture"
APPROVAL = "action-consortium_timesheet.account_analytic_line_action_approval"
BILLING = "action-consortium_timesheet.consortium_billing_run_action"
REPORTS = "action-consortium_reporting.consortium_annual_report_action"


class Loop:
    """What the steps share: the office, the mailbox, the day."""

    def __init__(self, office, mailbox, port, today, first):
        self.office, self.mailbox, self.port = office, mailbox, port
        self.today, self.first = today, first

    def desk(self, role):
        return self.office.person(role)

    @property
    def member(self):
        """The representative, on a phone, logged in."""
        return self.office.person(ADDRESS, True, PASSWORD)

    def night(self, job):
        """What the server does by itself while nobody is there, done now."""
        run = f"env.ref('{job}').method_direct_trigger(); env.cr.commit()"
        code, said = consortium("shell", DATABASE, stdin=run)
        assert code == 0, said


@contextmanager
def served(port, **environment):
    """The application, until it is left."""
    arguments = ("run", "--database", DATABASE, "--port", str(port))
    process = start(*arguments, env={**os.environ, **environment})
    try:
        read_until(process, r"^  login admin")
        yield
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)


@pytest.fixture(scope="module")
def loop(server, free_port):
    """A database of its own with every addon, served; the log has no error."""
    template = templates.tested(server, addons.manifests())
    database.create(server, DATABASE, template)
    templates.install(server, DATABASE, ["payment_demo"], f"install-{DATABASE}")
    database.mark(server, DATABASE, addons.fingerprint(addons.manifests()))
    LOG.unlink(missing_ok=True)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with Mailbox() as mailbox:
        where = {"LOOP_ADDRESS": address, "LOOP_MAIL": str(mailbox.port)}
        code, said = consortium(
            "shell", DATABASE, stdin=GROUND.read_text(), env={**os.environ, **where}
        )
        assert code == 0, said
        days = re.search(r"READY (\S+) (\S+)", said).groups()
        with office(address) as opened:
            yield Loop(opened, mailbox, port, *map(date.fromisoformat, days))
    database.drop(server, DATABASE)


def test_from_prospect_to_adopted_report(loop):
    with served(loop.port):
        apply_for_membership(loop)
        admit(loop)
        open_account_and_pay_shares(loop)
        ask_for_services(loop)
        propose_agreement(loop)
        sign(loop)
        countersign(loop)
        work(loop)
        approve_hours(loop)
        bill(loop)
        pay_invoice(loop)
        close(loop)
        answer(loop)
        settle_year(loop)
        receive_credit(loop)
        report(loop)
    with served(loop.port, PYTHONPATH=str(TOMORROW)):
        adopt(loop)
        read_adopted(loop)
    assert loop.office.wrong == []
    assert not templates.complaints_in(LOG.read_text())


# ------------------------------------------------------------------
# A member
# ------------------------------------------------------------------


def apply_for_membership(loop):
    """A prospect fills in the public form."""
    with loop.office.person(phone=True) as visitor:
        visitor.go("/membership/apply").fits()
        for field, text in {
            "organization_name": MEMBER,
            "street": "12, rue de la Boucle",
            "city": "Québec",
            "zip": "G1R 2J7",
            "email": "info@boucle.example",
            "contact_name": PERSON,
            "contact_email": ADDRESS,
            "need": "Droit et comptabilité",
        }.items():
            visitor.page.fill(f"#{field}", text)
        for field, label in {
            "organization_kind_id": "Coopérative",
            "category_id": "Membre utilisateur",
        }.items():
            visitor.page.select_option(f"#{field}", label=label)
        visitor.page.check("#has_undertaken")
        visitor.submit("#o_apply_form")
        visitor.see("#o_apply_thanks")


def admit(loop):
    """The secretary enters the decision of the board, then admits the first member."""
    with loop.desk("membership_officer") as secretary:
        secretary.open("/odoo/consortium.resolution/new")
        secretary.fill("subject", "Admission de la Boucle")
        secretary.select("kind", "Admission").check("unanimous").save()
        secretary.press("action_decide").confirm().reaches("Adoptée")
        secretary.open("/odoo/applications").open_row(MEMBER)
        secretary.choose("state_id", "Québec").save()
        secretary.press("action_submit").press("action_decide").see(".modal")
        secretary.choose("resolution_id", "Boucle", ".modal")
        secretary.press("action_decide", ".modal")
        secretary.see(".o_form_view .o_field_widget[name=number]", "1")
        secretary.see(".o_form_view .o_field_widget[name=partner_id]", MEMBER)


def open_account_and_pay_shares(loop):
    """The representative is invited, signs up, pays, and has the certificate."""
    loop.night("mail.ir_cron_mail_scheduler_action")
    [invitation] = set(loop.mailbox.links(ADDRESS, "/web/signup"))
    with loop.office.person(phone=True) as member:
        member.go(invitation).fits()
        for field in ("password", "confirm_password"):
            member.page.fill(f"#{field}", PASSWORD)
        member.submit(".oe_signup_form")
        member.see(".o_portal")
        member.go("/my/shares").fits()
        member.see(".o_share_invoice", "100,00 $", "À payer")
        member.click(".o_share_invoice")
        pay(member)
        member.go("/my/shares").see(".o_share_invoice", "Payé")
        member.see(".o_share_certificate", "10 ×", "Valide")
        member.go("/my/membership").see("#o_membership_current", "Membre utilisateur")


def pay(member):
    """Pay the invoice that is on the screen, with the provider that pretends."""
    member.click("a:has-text('Payer maintenant')")
    with member.page.expect_navigation(url="**/payment/status*"):
        member.click("button[name=o_payment_submit_button]")
    member.page.wait_for_url("**/my/invoices/**")
    member.see_no("a:has-text('Payer maintenant')")


# ------------------------------------------------------------------
# An agreement
# ------------------------------------------------------------------


def ask_for_services(loop):
    """From the catalogue, two needs."""
    with loop.member as member:
        member.go("/my/services").fits()
        member.click(f".o_expertise_card a:has-text('{LAW}')")
        member.click("a.o_ask")
        member.see(".o_need textarea")
        member.find(".o_need textarea").first.fill(RULES)
        member.click("#o_add_need")
        member.find(".o_need select").nth(1).select_option(label=ACCOUNTS)
        member.find(".o_need textarea").nth(1).fill(CLOSING)
        member.fits().submit("#o_service_request_form")
        member.see(".o_received", "DS-")


def propose_agreement(loop):
    """The coordinator takes both needs, chooses who, and writes the agreement."""
    with loop.desk("coordinator") as coordinator:
        coordinator.open("/odoo/requests").open_row(MEMBER)
        for need in (RULES, CLOSING):
            line = coordinator.row(need, ".o_field_one2many")
            coordinator.click(f"{line} button[name=action_take]")
            coordinator.click(f"{line} button[name=action_propose_expert]")
            expert = coordinator.row("Élise Experte", ".modal")
            coordinator.click(f"{expert} button[name=action_choose]")
            coordinator.see_no(".modal")
        coordinator.press("action_propose_agreement")
        coordinator.fill("agreement_title", TITLE)
        coordinator.day("agreement_start", loop.today)
        coordinator.day("agreement_end", loop.today + timedelta(days=90))
        coordinator.press("action_propose").reaches("Proposée")


def sign(loop):
    with loop.member as member:
        member.go("/my/agreements").fits().click(f".o_agreement:has-text('{TITLE}')")
        member.see(".o_agreement_state[data-state=proposed]")
        member.fits().page.check(".o_agreement_sign input[name=agreed]")
        member.submit(".o_agreement_sign")
        member.see(".o_agreement_state[data-state=signed]")


def countersign(loop):
    with loop.desk("manager") as manager:
        manager.open("/odoo/service-agreements").open_row(MEMBER)
        manager.press("action_countersign").confirm().reaches("En cours")


# ------------------------------------------------------------------
# Hours and money
# ------------------------------------------------------------------


def work(loop):
    """The expert types today's hours, and confirms the week."""
    with loop.desk("expert") as expert:
        expert.go("/odoo/my-week").see(".o_time_week")
        total = ".o_time_week tfoot tr:first-child > :last-child"
        for task, time, so_far in ((LAW, "6:00", "6:00"), (ACCOUNTS, "2h", "8:00")):
            expert.page.fill(".o_time_week_search", "Boucle")
            expert.click(f".o_time_week_add .list-group-item:has-text('{task}')")
            row = f".o_time_week tr:has-text('{task}')"
            cell = expert.see(f"{row} td.o_time_week_now input[data-index]")
            cell.fill(time)
            cell.press("Enter")
            # Once it is entered, its details are shown above the search, which moves.
            expert.see(total, so_far)
        expert.click(".o_time_week_confirm")
        expert.see(".o_time_week_recall")
        expert.see(total, "8:00")
        expert.see_no(".o_time_week_confirm")


def approve_hours(loop):
    with loop.desk("coordinator") as coordinator:
        coordinator.open(f"/odoo/{APPROVAL}")
        coordinator.see(coordinator.row("Experte"))
        coordinator.click("thead .o_list_record_selector input")
        coordinator.click("button[name=action_approve]")
        coordinator.see_no(coordinator.row("Experte"))


def bill(loop):
    """The accountant proposes, creates and posts the invoice of the hours."""
    with loop.desk("accountant") as accountant:
        accountant.open(f"/odoo/{BILLING}")
        accountant.click(".o_list_button_add")
        accountant.day("date_to", loop.today).press("action_propose")
        accountant.see(accountant.row(MEMBER, ".o_field_one2many"), "900,00")
        accountant.press("action_create").confirm()
        accountant.press("action_open_invoices", ".o-form-buttonbox")
        accountant.open_row(MEMBER)
        accountant.press("action_post").reaches("Comptabilisé")


def pay_invoice(loop):
    """Two lines at cost, both taxes of Québec, paid."""
    with loop.member as member:
        member.go("/my/invoices").fits()
        member.see(".o_portal_my_doc_table, table", "1 034,78 $")
        member.click("table a:has-text('FAC/')")
        pay(member)


def close(loop):
    with loop.desk("coordinator") as coordinator:
        coordinator.open("/odoo/service-agreements").open_row(MEMBER)
        coordinator.press("action_close_agreement")
        coordinator.fill("note", "Les règlements sont adoptés.", ".modal")
        coordinator.press("action_close", ".modal").reaches("Fermée")


def answer(loop):
    """The member says yes three times of each field."""
    with loop.member as member:
        for _field in (LAW, ACCOUNTS):
            member.go("/my/agreements").click(f".o_agreement:has-text('{TITLE}')")
            member.see(".o_agreement_hours", "8 h")
            member.click(".o_agreement_question")
            for statement in ("recommend", "results", "continue"):
                member.click(f"#{statement}_yes")
            member.fits().click(".o_satisfaction_send")
            member.see(".o_satisfaction_thanks")


def settle_year(loop):
    """The actual cost of the year, its true-up, and the credit note."""
    with loop.desk("accountant") as accountant:
        accountant.open("/odoo/consortium.rate.run/new")
        accountant.select("kind", "Final : coût réel").day("date_from", loop.first)
        accountant.choose("resolution_id", "Coût réel").press("action_compute")
        accountant.see(".o_field_widget[name=total]", "885,00")
        accountant.press("action_approve").confirm().reaches("Approuvé")
        accountant.click(".o_notebook .nav-link[name=true_up]")
        accountant.choose("settlement_resolution_id", "Régularisation").save()
        accountant.press("action_true_up")
        accountant.see(".o_field_widget[name=true_up_total]", "-15,00")
        accountant.press("action_approve_true_up").confirm().press("action_settle")
        accountant.open_row(MEMBER)
        accountant.press("action_post").reaches("Comptabilisé")


def receive_credit(loop):
    """15.00 $ and its taxes."""
    with loop.member as member:
        member.go("/my/invoices").fits()
        member.see(".o_portal_my_doc_table, table", "17,25 $")


def report(loop):
    """The direction completes and computes the annual report; the auditor reads it."""
    with loop.desk("manager") as manager:
        manager.open(f"/odoo/{REPORTS}").click(".o_list_button_add")
        manager.day("date_from", loop.first).day("date_to", loop.today)
        manager.day("meeting_date", loop.today + timedelta(days=60))
        manager.click(".o_notebook .nav-link[name=facts]")
        manager.attach("statements", "etats.pdf").attach("auditor_report", "avis.pdf")
        manager.fill("auditor_name", "Comptables du Cercle inc.")
        manager.save().press("action_compute").reaches("En révision")
        manager.click(".o_notebook .nav-link[name=preview]")
        read_report(manager)
    with loop.desk("auditor") as auditor:
        auditor.open(f"/odoo/{REPORTS}").click(".o_data_row .o_data_cell")
        auditor.see(".o_form_view .o_form_statusbar")
        auditor.see_no("button[name=action_compute]")
        auditor.click(".o_notebook .nav-link[name=preview]")
        read_report(auditor)


def read_report(person):
    """This member, these hours, this revenue."""
    person.see(".o_field_widget[name=preview]", MEMBER, "8 h", "885,00 $")


def adopt(loop):
    """The board decides; the secretary adopts, and two directors attest."""
    day = loop.today + timedelta(days=1)
    with loop.desk("membership_officer") as secretary:
        secretary.open("/odoo/consortium.resolution/new")
        secretary.fill("subject", "Adoption du rapport annuel")
        secretary.select("kind", "Adoption d’un rapport").day("date", day)
        secretary.check("unanimous").save()
        secretary.press("action_decide").confirm().reaches("Adoptée")
        secretary.open(f"/odoo/{REPORTS}").click(".o_data_row .o_data_cell")
        secretary.choose("resolution_id", "Adoption du rapport")
        for director in ("Pauline", "Albert"):
            secretary.choose("attesting_office_ids", director)
        secretary.save().press("action_adopt").confirm().reaches("Adopté")
        secretary.see(".o_field_widget[name=adopted_on]", str(day))


def read_adopted(loop):
    """The member reads it on a phone, and has its document."""
    with loop.member as member:
        member.go("/my/annual_reports").fits().click(".o_annual_report_list a")
        member.see("#wrap, main", MEMBER, "8 h", "885,00 $", "Pauline Présidente")
        member.fits()
        with member.page.expect_download() as download:
            member.click("a[href$='/pdf']")
        assert download.value.suggested_filename.endswith(".pdf")
