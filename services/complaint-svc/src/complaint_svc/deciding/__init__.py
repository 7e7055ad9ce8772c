"""Deciding complaints: cause and handling are signed and approved, and the case is closed (6-5.2, 6-5.3)."""
