"""From a guest's path to a place in the host's file system, which lies inside the sandbox whatever happens.

The path is walked one component at a time. Every directory on the way is opened relative to the one before
and never through a symbolic link; a link is read and its text walked like a part of the path; `..` goes back
to the directory that the walk came from, whose descriptor is still open. So the host never interprets more
than one plain name, and a directory or link that someone exchanges between two steps leads to an error or to
what was opened before, not outside.
"""

from __future__ import annotations

import errno as host
import os

from linocut.wasi import errno
from linocut.wasi.errno import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

# As many links as Linux follows (path_resolution(7)).
MAX_LINKS = 40
# Every step down holds a descriptor of the host, whose process may usually have 1024.
MAX_DEPTH = 256

_STEP = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Place:
    """A name in an open directory: `name`, to be used with `dir_fd=` and without following links.

    A context manager, which keeps the directories open.
    """

    def __init__(self, base: int, path: bytes, *, follow: bool) -> None:
        """Finds what `path` leads to from the directory `base`, through a link at its end if `follow`.

        A path that ends in a slash means a directory, and is looked up as if it ended in `/.`.
        """
        self._base = base
        self._open: list[int] = []  # the directories below base on the way, innermost last
        self._todo = _components(path)  # in reverse
        self._links = 0
        try:
            self.name = self._walk(follow)
        except BaseException:
            self.close()
            raise

    @property
    def dir_fd(self) -> int:
        """The directory that holds `name`."""
        return self._open[-1] if self._open else self._base

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def stat(self) -> os.stat_result:
        """What is there; of a link, the link itself."""
        return os.stat(self.name, dir_fd=self.dir_fd, follow_symlinks=False)

    def close(self) -> None:
        """Closes the directories on the way; `base` is not ours."""
        while self._open:
            os.close(self._open.pop())

    def _walk(self, follow: bool) -> bytes:
        while True:
            name = self._todo.pop()
            last = not self._todo
            if name == b"..":
                self._leave()
                name = b"."
            if name == b".":
                if last:
                    return name
            elif not last:
                self._enter(name)
            elif not (follow and self._splice(name)):
                return name

    def _leave(self) -> None:
        if not self._open:
            raise Failure(errno.PERM)
        os.close(self._open.pop())

    def _enter(self, name: bytes) -> None:
        if len(self._open) == MAX_DEPTH:
            raise Failure(errno.NAMETOOLONG)
        try:
            self._open.append(os.open(name, _STEP, dir_fd=self.dir_fd))
        except NotADirectoryError:
            if not self._splice(name):
                raise

    def _splice(self, name: bytes) -> bool:
        """If `name` is a link, puts its text in front of what is still to be walked."""
        try:
            text = os.readlink(name, dir_fd=self.dir_fd)
        except OSError as error:
            if error.errno in (host.EINVAL, host.ENOENT):  # not a link, or nothing at all
                return False
            raise
        self._links += 1
        if self._links > MAX_LINKS:
            raise Failure(errno.LOOP)
        self._todo += _components(text)
        return True


class DirectoryEntry(Place):
    """A name to be created, removed or replaced, including a slash behind it.

    The host follows no link when it does that, and it reports itself what is wrong with a slash.
    """

    def __init__(self, base: int, path: bytes) -> None:
        name = path.rstrip(b"/") or path
        super().__init__(base, name, follow=False)
        self.is_parent = name.rpartition(b"/")[2] == b".."  # the lookup calls it `.` in the directory above
        if len(name) < len(path):
            self.name += b"/"


def _components(path: bytes) -> list[bytes]:
    """The names of a relative path, last one first."""
    if path.startswith(b"/"):
        raise Failure(errno.PERM)
    if not path:
        raise Failure(errno.NOENT)
    names = [name for name in path.split(b"/") if name]
    if path.endswith(b"/"):
        names.append(b".")
    names.reverse()
    return names
