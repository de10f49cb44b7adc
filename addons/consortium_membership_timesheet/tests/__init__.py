from . import test_members_who_left
