"""Fixtures every test of the workspace may use; see fangxing.testing.plugin."""

pytest_plugins = ["fangxing.testing.plugin"]
