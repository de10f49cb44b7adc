from . import (
    test_access_matrix,
    test_company,
    test_concurrency,
    test_office,
    test_portal_access,
    test_portal_pages,
    test_representation,
    test_resolution,
    test_tour,
)
