"""What keeps an answer from doing harm while it is judged, and what of it this system has.

Everywhere: time and memory are watched, the environment holds a few fixed variables, the hand-ins were read before any
answer is run. Where the system has resource limits: processor time, the size of files. On Linux: what an answer started is found, even
if it has cut its ties. On Linux with Landlock: an answer reads the Python installation and its own folder, writes
its own folder, opens no TCP connection and sends no signal to others. It is no prison: see containers/grade.Dockerfile.
"""

import contextlib
import ctypes
import os
import site
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

# Variables that Python itself may need to start; nothing else of the grader's environment is handed on.
_NEEDED = (
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "WINDIR", "COMSPEC"),
    *("PATHEXT", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"),
)
_PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 4, 36, 38
_CREATE, _ADD, _RESTRICT = 444, 445, 446  # Landlock's system calls, the same on all processors
_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
_ON_FILES = _EXECUTE | 1 << 1 | _READ_FILE | 1 << 14 | 1 << 15
_FILES_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many rights there are
_CONNECT = 0b11  # bind and connect
_SCOPES = 0b11  # abstract sockets and signals


def variables(home: str = "") -> dict[str, str]:
    """The whole environment of an answer."""
    fixed = {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    own = ("HOME", "TMPDIR", "TEMP", "TMP", "GATES_HOME", "MPLCONFIGDIR", "IPYTHONDIR")
    kept = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    return fixed | kept | (dict.fromkeys(own, home) if home else {})


@contextlib.contextmanager
def few_variables() -> Iterator[None]:
    """Start processes without the grader's environment, which a process could read from its parent's."""
    before = dict(os.environ)
    fixed = variables()
    os.environ.clear()
    os.environ.update(fixed)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _linux() -> ctypes.CDLL | None:
    return ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def adopt() -> None:
    """On Linux: make this process the parent of all that its children leave behind, so that it is found."""
    if library := _linux():
        library.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def hide() -> None:
    """On Linux: keep other processes of this user, unless they are root's, from reading this one's environment."""
    if library := _linux():
        library.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def limit(seconds: float, megabytes: int) -> None:
    """Limits of the operating system, where it has them; the parent watches time and memory in any case."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, most in (
        (resource.RLIMIT_CPU, int(seconds) + 5),
        (resource.RLIMIT_FSIZE, 10**6),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_DATA, 4 * megabytes * 2**20),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def version() -> int:
    """Landlock's version on this system; 0 if it has none."""
    library = _linux()
    return max(0, library.syscall(_CREATE, None, 0, 1)) if library else 0


def shut_in(folder: str) -> bool:
    """Let this process write only its own folder, and read only that and what Python needs; whether it worked."""
    has = version()
    if not has:
        return False
    library = _linux()
    every = (1 << _FILES_BY_VERSION.get(has, 16)) - 1
    rules = struct.pack("QQQ", every, _CONNECT, _SCOPES)[
        : 24 if has >= 6 else 16 if has >= 4 else 8
    ]
    handle = library.syscall(_CREATE, rules, len(rules), 0)
    if handle < 0:
        return False
    try:
        read = _EXECUTE | _READ_FILE | _READ_DIR
        for path in readable():
            _allow(library, handle, path, read & every)
        _allow(library, handle, "/dev/null", every)
        _allow(library, handle, folder, every)
        library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return library.syscall(_RESTRICT, handle, 0) == 0
    finally:
        os.close(handle)


def readable() -> list[str]:
    """The folders that Python and the library are read from."""
    system = ("/usr", "/lib", "/lib64", "/bin", "/etc", "/sys", "/dev/urandom", "/dev/random")
    installed = {sys.prefix, sys.base_prefix, *site.getsitepackages()}
    installed |= {path for path in sys.path if path.endswith(("-packages", "lib-dynload"))}
    return [*system, "/proc/self", "/proc/meminfo", "/proc/cpuinfo", *installed, str(_library())]


def _library() -> Path:
    return Path(__file__).resolve().parents[2]


def _allow(library: ctypes.CDLL, handle: int, path: str, rights: int) -> None:
    """Add a rule for what is below a path. A path that this system lacks needs none."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not os.path.isdir(path):
            rights &= _ON_FILES
        library.syscall(_ADD, handle, 1, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)


def told() -> str:
    """What holds on this system, in a sentence for whoever grades."""
    if version():
        return (
            "Answers can write to no folder but their own, and read only Python's and the library's "
            "(Landlock). Work of strangers still belongs in a container."
        )
    return (
        "This system cannot keep answers from your files and your network: grade the work of "
        "strangers in a container."
    )
