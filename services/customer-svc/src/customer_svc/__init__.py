"""customer-svc."""
