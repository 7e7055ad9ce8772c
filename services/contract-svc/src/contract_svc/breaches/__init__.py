"""Breaches 违规 of chapter 4: contracts on the wrong route, and beyond authority (4-5)."""
