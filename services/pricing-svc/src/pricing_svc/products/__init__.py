"""Products 产品 and their production history, from which the pricing flow follows (clause 3-5)."""
