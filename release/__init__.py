"""What a release is made of: the frozen build, the zipapp, the wheel, Helm's plugin, krew's manifest."""
