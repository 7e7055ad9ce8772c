"""Credit 信用: the account row on which every release is decided, and the copy of the customer position beside it."""
