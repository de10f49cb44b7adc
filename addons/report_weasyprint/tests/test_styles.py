import threading
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tests.common import BaseCase

from ..tools import styles
from ..tools.styles import StyleCache

BASE = "http://coop.example/"


class NoFetcher:
    """Fails when anything is asked of it."""

    _fail_on_errors = False

    def __call__(self, url):
        raise AssertionError(f"{url} was fetched")


@tagged("post_install", "-at_install")
class TestStyles(BaseCase):
    def setUp(self):
        super().setUp()
        self.cache = StyleCache(size=3)

    def get(self, *texts, width=1000, scope="db"):
        return self.cache.get(scope, texts, width, BASE, NoFetcher())

    def test_the_same_text_is_parsed_once(self):
        with patch.object(styles, "CSS", wraps=styles.CSS) as parse:
            self.assertIs(self.get("p{color:red}"), self.get("p{color:red}"))
            self.assertEqual(parse.call_count, 1)

    def test_a_changed_text_is_parsed_anew(self):
        self.assertIsNot(self.get("p{color:red}"), self.get("p{color:blue}"))

    def test_databases_share_nothing(self):
        self.assertIsNot(self.get("p{}", scope="a"), self.get("p{}", scope="b"))

    def test_a_width_counts_only_when_a_condition_turns(self):
        css = "@media (min-width: 992px) {p{color:red}}"
        self.assertIs(self.get(css, width=1000), self.get(css, width=1016))
        self.assertIsNot(self.get(css, width=1000), self.get(css, width=900))

    def test_the_least_recently_used_is_forgotten(self):
        first = self.get("a{}")
        self.get("b{}")
        self.get("c{}")
        self.get("a{}")
        self.get("d{}")
        self.assertEqual(len(self.cache), 3)
        self.assertIs(self.get("a{}"), first)

    def test_threads_parse_once(self):
        found = []
        with patch.object(styles, "CSS", wraps=styles.CSS) as parse:
            threads = [
                threading.Thread(target=lambda: found.append(self.get("q{color:red}")))
                for _each in range(8)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(parse.call_count, 1)
        self.assertEqual(len(found), 8)
        self.assertEqual(len(set(map(id, found))), 1)

    def test_fonts_of_other_servers_are_left_out(self):
        remote = "@font-face{font-family:N;src:url('https://x.example/n.woff')}"
        mixed = "@font-face{font-family:M;src:url(//x.example/m),url(/web/static/m)}"
        kept = styles.without_remote_fonts(f"{remote}p{{color:red}}{mixed}")
        self.assertEqual(kept, f"p{{color:red}}{mixed}")
        self.get(remote)
