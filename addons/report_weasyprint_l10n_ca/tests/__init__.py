from . import test_letterhead, test_tax_label
