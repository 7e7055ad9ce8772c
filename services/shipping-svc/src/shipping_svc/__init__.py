"""shipping-svc."""
