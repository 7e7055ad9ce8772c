"""What contract-svc knows of customers, credit, products and prices, built from the other services' events."""
