"""Servers this product brings along: PostgreSQL from a wheel, Kafka for tests and `make run-kafka`."""
