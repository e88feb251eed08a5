"""The commands by subject; tongsheng.cli puts them together."""
