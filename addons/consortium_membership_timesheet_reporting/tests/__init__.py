from . import test_member_hours, test_tools
