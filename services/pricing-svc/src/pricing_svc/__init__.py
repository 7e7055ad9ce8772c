"""pricing-svc."""
