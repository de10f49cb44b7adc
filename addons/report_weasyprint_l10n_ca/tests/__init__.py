from . import test_letterhead
