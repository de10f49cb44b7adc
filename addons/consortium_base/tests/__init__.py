from . import (
    test_affiliation,
    test_company,
    test_organization,
)
