"""pricing-svc: base prices and the authority to float around them (chapter 3)."""
