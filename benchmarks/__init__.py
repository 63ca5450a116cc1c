"""What is measured against whom, each in one run."""
