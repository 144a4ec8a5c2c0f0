"""What is wrong with the way this program is installed: pure checks of what was seen on the machine."""
