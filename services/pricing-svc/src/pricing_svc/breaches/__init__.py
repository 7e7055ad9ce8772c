"""Breaches 违规 of chapter 3: prices beyond authority (3-10), and papers of a word by phone (3-8.2-B)."""
