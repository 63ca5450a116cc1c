"""One short script a stage, started by DVC or by hand: `python -m stages.evaluate isic-recall`."""

import sys

if sys.argv[:1] == ["-m"]:  # what Python puts there while it imports the script it was asked to run
    from glassbox.stage import importing

    importing()
