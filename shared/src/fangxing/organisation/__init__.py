"""The organisation as every service knows it: its own copy of what customer-svc keeps and publishes."""
