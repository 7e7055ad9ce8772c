"""contract-svc: contracts and the orders called off on them (chapter 4)."""
