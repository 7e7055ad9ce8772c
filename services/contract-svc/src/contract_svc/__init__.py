"""contract-svc."""
