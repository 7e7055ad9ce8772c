"""Word by phone 电话授权: a price agreed on site, on a superior's word, its papers to follow (3-8.2-B)."""
