"""The machine that this program is installed on: what is looked at for ``doctor install``. Nothing is changed."""
