"""complaint-svc."""
