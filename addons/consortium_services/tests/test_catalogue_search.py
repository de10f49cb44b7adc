from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import catalogue_search as search

DOCUMENTS = {
    1: "comptabilite et finance\nfin\ntps paie\nremplacer le comptable qui part",
    2: "services juridiques\njur\navocat contrat\nmodifier les statuts fusionner",
    3: "organisation d evenements\neve\ncongres\ntenir une assemblee annuelle",
    4: "captation video\ncap\nwebdiffusion\ndiffuser une assemblee",
}
TEXTS = st.text(alphabet="abcdeéè 'çœ\n", max_size=40)


@tagged("post_install", "-at_install")
class TestCatalogueSearch(BaseCase):
    def test_without_accents_nor_case(self):
        self.assertEqual(search.rank("COMPTABILITÉ", DOCUMENTS)[0], 1)
        self.assertEqual(search.rank("comptabilite", DOCUMENTS)[0], 1)

    def test_a_family_of_words(self):
        for query in ("comptables", "comptable", "Comptabilité"):
            self.assertEqual(search.rank(query, DOCUMENTS)[0], 1, query)

    def test_a_need_told_in_a_sentence(self):
        query = "Bonjour, notre comptable nous quitte dans deux semaines!"
        self.assertEqual(search.rank(query, DOCUMENTS)[0], 1)

    def test_the_name_weighs_more_than_the_rest(self):
        self.assertEqual(search.rank("assemblée captation", DOCUMENTS)[0], 4)
        self.assertEqual(search.rank("événement", DOCUMENTS), [3])

    def test_more_of_the_words_come_first(self):
        self.assertEqual(search.rank("diffuser une assemblée", DOCUMENTS), [4, 3])

    def test_what_nobody_offers(self):
        self.assertEqual(search.rank("plomberie", DOCUMENTS), [])

    def test_words_that_say_nothing_keep_the_whole(self):
        self.assertEqual(search.rank("nous avons besoin de", DOCUMENTS), [1, 2, 3, 4])
        self.assertEqual(search.rank("", DOCUMENTS), [1, 2, 3, 4])

    def test_short_words_are_whole(self):
        self.assertEqual(search.rank("tps", DOCUMENTS), [1])
        self.assertEqual(search.rank("tp", DOCUMENTS), [])

    @given(TEXTS, st.dictionaries(st.integers(), TEXTS, max_size=6))
    def test_each_document_at_most_once(self, query, documents):
        ranked = search.rank(query, documents)
        self.assertEqual(len(ranked), len(set(ranked)))
        self.assertLessEqual(set(ranked), set(documents))

    @given(st.sampled_from(sorted(DOCUMENTS)), st.data())
    def test_a_word_of_a_document_finds_it(self, key, data):
        words = [word for word in search.words(DOCUMENTS[key]) if len(word) > 3]
        word = data.draw(st.sampled_from(words))
        self.assertIn(key, search.rank(word, DOCUMENTS))
