from . import (
    test_affiliation,
    test_affiliation_concurrency,
    test_company,
    test_legal_parameter,
    test_organization,
    test_organization_import,
    test_organization_import_restart,
    test_text,
)
