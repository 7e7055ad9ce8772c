"""Gate 门卫: passes are looked up, and trucks let out (clause 5-4.2.1-F)."""
