from . import (
    agreement_content,
    agreement_file,
    catalogue_search,
    estimate,
    upload,
    weeks,
)
