"""People at their browsers: each has a session, a screen, and ways of doing things."""

import re
import shutil
from contextlib import contextmanager, suppress

from playwright.sync_api import Error, expect, sync_playwright

CHROMIUM = (
    "--no-sandbox --disable-gpu --disable-background-networking --no-first-run "
    "--disable-component-update --disable-sync"
).split()
DESK = {"viewport": {"width": 1366, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
PATIENCE = 40_000  # milliseconds: the machine is slow the first time
AGAIN = 5_000
RECORD = ".o_form_view:not(:has(.modal))"


class Office:
    """A browser on the application at ``address``; what went wrong is kept."""

    def __init__(self, browser, address):
        self.browser, self.address = browser, address
        self.wrong = []

    @contextmanager
    def person(self, login=None, phone=False, password=None):
        """Somebody, logged in if they have a login, until they leave.

        What they see when something fails is told with it.
        """
        screen = PHONE if phone else DESK
        page = self.browser.new_context(locale="fr-CA", **screen).new_page()
        page.set_default_timeout(PATIENCE)
        who = login or "visitor"
        page.on("pageerror", lambda error: self.wrong.append(f"{who}: {error}"))
        page.on("console", lambda said: self._hear(who, said))
        person = Person(page, self.address, phone)
        try:
            if login:
                person.log_in(login, password)
            yield person
        except (AssertionError, Error) as failure:
            seen = page.inner_text("body")
            raise AssertionError(f"{who} at {page.url}: {failure}\n{seen}") from failure
        finally:
            page.context.close()

    def _hear(self, who, said):
        if said.type == "error":
            self.wrong.append(f"{who}: {said.text} ({said.location.get('url')})")


@contextmanager
def office(address):
    """Chromium, and the application at ``address`` in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM
        )
        yield Office(browser, address)
        browser.close()


class Person:
    """One page. Waits for what it looks for, never for a time."""

    def __init__(self, page, address, phone=False):
        self.page, self.address, self.phone = page, address, phone

    def log_in(self, login, password=None):
        self.go("/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password or login)
        self.page.click(".oe_login_form button[type=submit]")
        self.see(".o_main_navbar, .o_portal")

    def go(self, path):
        self.page.goto(path if "://" in path else self.address + path)
        return self

    def find(self, selector):
        return self.page.locator(selector)

    def see(self, selector, *texts):
        """Wait until it is there, with these texts in it."""
        first = self.find(selector).first
        expect(first).to_be_visible(timeout=PATIENCE)
        for text in texts:
            # Amounts have spaces that do not break, and are written thin.
            said = re.compile(r"[\s\u202f]+".join(map(re.escape, text.split())))
            expect(first).to_contain_text(said, timeout=PATIENCE)
        return first

    def see_no(self, selector):
        expect(self.find(selector)).to_have_count(0, timeout=PATIENCE)

    def click(self, selector):
        self.find(f"{selector} >> visible=true").first.click()
        return self

    def fits(self):
        """Nothing is out of reach of a thumb."""
        too_wide = "document.documentElement.scrollWidth - window.innerWidth"
        assert self.page.evaluate(too_wide) <= 0, f"{self.page.url} is too wide"
        return self

    # The portal

    def submit(self, form):
        self.click(f"{form} button[type=submit]")

    # The backend

    def open(self, path):
        self.go(path)
        self.see(".o_action_manager .o_control_panel")
        return self

    def field(self, name, scope=RECORD):
        return self.find(f"{scope} .o_field_widget[name={name}]").first

    def fill(self, name, text, scope=RECORD):
        entry = self.field(name, scope).locator(
            "input, textarea, .odoo-editor-editable"
        )
        entry.first.fill(text)
        return self

    def day(self, name, day, scope=RECORD):
        """Type a date: its field is a button until it is clicked."""
        self.field(name, scope).locator("input, button").first.click()
        self.field(name, scope).locator("input").first.fill(str(day))
        self.page.keyboard.press("Tab")
        return self

    def choose(self, name, text, scope=RECORD):
        self.fill(name, text, scope)
        self.click(f".o-autocomplete--dropdown-item:has-text('{text}')")
        self.see_no(".o-autocomplete--dropdown-item")
        return self

    def select(self, name, label, scope=RECORD):
        box = self.field(name, scope)
        if box.locator("select").count():
            box.locator("select").select_option(label=label)
        else:
            box.locator("input").first.click()
            whole = re.compile(rf"^\s*{re.escape(label)}\s*$")
            self.find(".o_select_menu_item").filter(has_text=whole).first.click()
        return self

    def check(self, name):
        self.field(name).locator("input").first.check()
        return self

    def attach(self, name, file):
        """Hand in a small document of that file name."""
        document = {"name": file, "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
        entry = self.field(name).locator("input[type=file]")
        entry.set_input_files(document)
        self.see(f"{RECORD} .o_field_widget[name={name}] .o_clear_file_button")
        return self

    def press(self, button, scope=".o_form_view .o_form_statusbar"):
        self.click(f"{scope} button[name={button}]")
        return self

    def confirm(self):
        """Say yes to what is asked."""
        self.click(".modal-footer .btn-primary")
        self.see_no(".modal")
        return self

    def save(self):
        self.click(".o_form_button_save")
        self.see(".o_form_saved")
        return self

    def reaches(self, state):
        """Wait until the bar of steps says ``state``."""
        self.see(f".o_arrow_button_current:has-text('{state}')")
        return self

    def row(self, text, scope=".o_list_view"):
        return f"{scope} .o_data_row:has-text('{text}')"

    def open_row(self, text):
        """Open a record; a click on a list just drawn may go nowhere: again, then."""
        cell = f"{self.row(text)} .o_data_cell"
        self.see(cell)
        for _attempt in range(5):
            with suppress(Error, AssertionError):
                self.find(cell).first.click(timeout=AGAIN)
                expect(self.find(".o_list_view")).to_have_count(0, timeout=AGAIN)
                break
        self.see(".o_form_view")
        return self
