"""fangxing 放行: the machinery every service stands on. It names no service."""
