"""What every approval of chapter 3 has in common: the GM has the last word, nothing is in force before it (3-7.2)."""
