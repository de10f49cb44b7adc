from . import (
    test_addresses,
    test_barcodes,
    test_client,
    test_document,
    test_engine_choice,
    test_errors,
    test_fetcher,
    test_media,
    test_paper,
    test_render,
    test_streams,
    test_styles,
)
