from . import (
    test_exception,
    test_network_portal,
    test_satisfaction_category,
    test_served,
)
