from . import test_centers, test_clause, test_cost_portal, test_hours
