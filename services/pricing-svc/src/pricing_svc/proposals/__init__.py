"""Price proposals 定价申请: the two flows that decide a base price, adjustment and new product pricing (3-5 to 3-7)."""
