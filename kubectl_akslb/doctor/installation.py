"""What is installed on a machine, as far as it concerns this program: plain values, gathered by collect/."""

from kubectl_akslb.named_tuple import NamedTuple

PROGRAM = "kubectl-akslb"
COMPLETION = "kubectl_complete-akslb"
PLUGIN = "akslb"
"""What Helm 4 and krew call it."""

SOURCE = "https://github.com/akslb/kubectl-akslb"

WINDOWS, MACOS = "windows", "darwin"


class Package(NamedTuple):
    """A package that this program needs: the version that is there, and the range that is wanted, as in ``>=1,<2``."""

    name: str
    version: str
    wanted: str


class Program(NamedTuple):
    """The program that is running: *file* is what was started, links resolved; *commands* are its subcommands.

    *interpreter* is the Python that runs it, and *python* its version. *packages* is empty for a build that carries its
    own.
    """

    version: str
    file: str
    python: str
    interpreter: str = ""
    wanted_python: str = ""
    packages: tuple[Package, ...] = ()
    commands: tuple[str, ...] = ()


class Executable(NamedTuple):
    """A file on the PATH: *target* is where links lead, *head* how a script begins, *version* what stands beside it."""

    path: str
    target: str
    runnable: bool = True
    head: str = ""
    version: str = ""


class Tool(NamedTuple):
    """A program of others, the first of its name on the PATH; *version* is "" where it did not tell."""

    name: str
    path: str
    version: str = ""

    @property
    def release(self) -> tuple[int, ...]:
        """Major and minor version, or () where the version is not known."""
        parts = self.version.lstrip("v").split(".")[:2]
        return tuple(int(part) for part in parts) if len(parts) == 2 and all(p.isdecimal() for p in parts) else ()


class HelmPlugin(NamedTuple):
    """A plugin for Helm in a folder of its own.

    *modern* says that its plugin.yaml is in the form that only Helm 4 reads. *command* is what it starts on this
    machine, and *found* the file which that is, or "" where there is none; *carried* says that the plugin brings it.
    """

    folder: str
    name: str
    version: str = ""
    modern: bool = True
    command: str = ""
    found: str = ""
    carried: bool = False
    carried_version: str = ""
    is_link: bool = False


class Krew(NamedTuple):
    """The plugin manager krew: its folder, and whether it has this program installed."""

    root: str
    installed: bool = False


class Installation(NamedTuple):
    """All that was seen. *path* holds the folders of the PATH, *plugin_folders* those in which Helm looks for plugins.

    *copies* are the files called kubectl-akslb on the PATH in its order, *completions* those that kubectl asks for
    completion, *extensions* those called kubectl-akslb-SOMETHING.
    """

    program: Program
    system: str = "linux"
    home: str = ""
    path: tuple[str, ...] = ()
    copies: tuple[Executable, ...] = ()
    completions: tuple[Executable, ...] = ()
    extensions: tuple[Executable, ...] = ()
    kubectl: Tool | None = None
    helms: tuple[Tool, ...] = ()
    plugin_folders: tuple[str, ...] = ()
    plugins: tuple[HelmPlugin, ...] = ()
    krew: Krew = Krew("")

    @property
    def first(self) -> Executable | None:
        """The copy that kubectl starts: the first that can be run."""
        return next((one for one in self.copies if one.runnable), None)

    @property
    def ours(self) -> tuple[HelmPlugin, ...]:
        """The Helm plugins that are this program's."""
        return tuple(one for one in self.plugins if one.name == PLUGIN)
