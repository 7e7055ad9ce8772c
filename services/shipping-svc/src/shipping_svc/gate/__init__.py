"""Gate 门卫: exit passes and exits (clause 5-4.2.1-F)."""
