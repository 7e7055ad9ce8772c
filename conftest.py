"""Fixtures every test of the workspace may use; see fangxing_testing.plugin."""

pytest_plugins = ["fangxing_testing.plugin"]
