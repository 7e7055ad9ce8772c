"""Breaches 违规 of chapter 5: papers of an emergency shipment that did not come in time (5-4.2.5)."""
