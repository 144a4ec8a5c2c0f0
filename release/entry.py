"""Where the frozen build begins."""

from kubectl_akslb.__main__ import main

main()
