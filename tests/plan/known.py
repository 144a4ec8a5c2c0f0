"""What is recorded of edits by hand and of upgrades, with the histories of the edits, once for all tests that ask them."""

from conformance import by_hand, upgrades

EDITS = {case.id: case.as_json() for case in by_hand.cases()}
EDITED = by_hand.read()
UPGRADED = upgrades.read()
