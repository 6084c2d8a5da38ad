"""Where a law file comes from: the shipped tree, or an office's overlay that mirrors it.

In: the two directories and a path relative to either. Out: the YAML that counts. A file of the
overlay stands for the whole shipped file, except that ``parameters.yaml``, ``provinces.yaml``
and ``provinces/*.yaml`` are merged, dated entry by dated entry.
"""

from __future__ import annotations

import os
import time
from functools import lru_cache
from pathlib import Path

from supervise.errors import RulebookError
from supervise.read.yaml import YamlMap, nearest, read_yaml
from supervise.record import field, record

SHIPPED = Path(__file__).resolve().parent.parent / "rulebook"
State = tuple[tuple[str, int, int], ...]
_SETTLING = 2_000_000_000
"""Nanoseconds in which two changes of a folder may bear the same time."""

MERGED = ("parameters.yaml", "provinces.yaml", "provinces/")


@record
class LawTree:
    """The law files that count; each is read once.

    Attributes:
        base: The shipped tree, or one that stands for it.
        overlay: The office's tree, None for the shipped law alone.
    """

    base: Path
    overlay: Path | None = None
    _read: dict[Path, YamlMap] = field(default_factory=dict)

    @classmethod
    def open(cls, directory: Path | None, overlay: Path | None) -> LawTree:
        """A tree over the shipped law.

        Raises:
            RulebookError: A directory does not exist, or the overlay holds a file that nothing
                would ever read.
        """
        tree = cls(directory or SHIPPED, overlay)
        for root in (tree.base, overlay):
            if root is not None and not root.is_dir():
                raise RulebookError(
                    f"规则目录 {root.name!r} 不存在",
                    where=str(root),
                    expected="一个目录，结构与随附规则目录相同",
                    fix="更正 --rulebook 或 SUPERVISE_RULEBOOK 的路径。",
                    code="rulebook_unreadable",
                )
        return tree

    def shipped(self) -> LawTree:
        """The same tree without the overlay; files already read are not read again."""
        return LawTree(self.base, None, self._read)

    def has(self, relative: str) -> bool:
        """Whether either tree holds the file."""
        return any((root / relative).is_file() for root in self._roots())

    def paths(self, folder: str) -> tuple[str, ...]:
        """Relative paths of every YAML file below a folder, sorted, each once."""
        found = {
            path.relative_to(root).as_posix()
            for root in self._roots()
            for path in (root / folder).rglob("*.yaml")
        }
        return tuple(sorted(found))

    def forms(self) -> Path | None:
        """Forms that stand beside the base tree; None: the shipped ones."""
        beside = self.base.parent / "forms"
        return beside if self.base != SHIPPED and beside.is_dir() else None

    def state(self) -> State:
        """What tells one state of all law and form files from another.

        The shipped ones have one state as long as a process lives: another version of the program
        comes with them, and no bank is to be judged by a law that its neighbours were not.
        """
        roots = [root for root in (*self._roots(), self.forms()) if root not in (None, SHIPPED)]
        return tuple(
            [
                (path, stat.st_mtime_ns, stat.st_size)
                for root in roots
                for path in _listing(str(root)).paths()
                for stat in (_stat(path),)
            ]
        )

    def overlaid(self) -> tuple[str, ...]:
        """Relative paths of every file of the overlay."""
        if self.overlay is None:
            return ()
        return LawTree(self.overlay).paths(".")

    def read(self, relative: str) -> YamlMap:
        """The YAML that counts for a relative path.

        Raises:
            RulebookError: No such file, or not strict YAML.
        """
        roots = [root for root in self._roots() if (root / relative).is_file()]
        if not roots:
            return self._once(self.base / relative)
        if len(roots) == 1 or not relative.startswith(MERGED):
            return self._once(roots[-1] / relative)
        return merge(self._once(roots[0] / relative), self._once(roots[1] / relative))

    def _roots(self) -> tuple[Path, ...]:
        return (self.base,) if self.overlay is None else (self.base, self.overlay)

    def _once(self, path: Path) -> YamlMap:
        if path not in self._read:
            self._read[path] = read_yaml(path)
        return self._read[path]


def yaml_files(folder: Path | str) -> list[str]:
    """Every YAML file below a folder, sorted by path; links to folders are not followed."""
    return sorted(_below(str(folder), {}))


class _Listing:
    """The YAML files below a folder, listed again only after one came or went.

    Args:
        root: The folder.
    """

    def __init__(self, root: str) -> None:
        self._root = root
        self._folders: dict[str, int] = {}
        self._paths: tuple[str, ...] = ()

    def paths(self) -> tuple[str, ...]:
        """Sorted; links to folders are not followed."""
        known = self._folders
        if not known or any(_stat(path).st_mtime_ns != time for path, time in known.items()):
            self._list()
        return self._paths

    def _list(self) -> None:
        settled = time.time_ns() - _SETTLING
        folders: dict[str, int] = {}
        self._paths = tuple(sorted(_below(self._root, folders)))
        self._folders = folders if max(folders.values()) < settled else {}


def _stat(path: str) -> os.stat_result:
    return os.stat(path)  # noqa: PTH116  # of some hundred files at each check: a Path costs as much


def _below(folder: str, folders: dict[str, int]) -> list[str]:
    """YAML files below a folder; each folder is noted with the time of its last change."""
    folders[folder] = _stat(folder).st_mtime_ns
    found: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                found += _below(entry.path, folders)
            elif entry.name.endswith(".yaml"):
                found.append(entry.path)
    return found


@lru_cache(maxsize=8)
def _listing(root: str) -> _Listing:
    return _Listing(root)


class MergedMap(YamlMap):
    """A mapping whose keys come from two files."""

    __slots__ = ("paths",)

    def __init__(self, path: str, line: int) -> None:
        super().__init__(path, line)
        self.paths: dict[str, str] = {}

    def where(self, key: str | None = None) -> str:
        """``file:line`` of a key in the file that it comes from."""
        if key not in self.paths:
            return super().where(key)
        return f"{self.paths[key]}:{self.lines[key]}"


def merge(below: YamlMap, above: YamlMap) -> YamlMap:
    """Both mappings in one, the upper one winning key by key, at every depth.

    The result says the upper file's name and line wherever the upper file speaks; dates come
    out in order, so that an office may add an entry between two shipped ones.
    """
    merged = MergedMap(above.path, above.line)
    keys = [*below, *(key for key in above if key not in below)]
    if keys and all(key[:1].isdigit() for key in keys):
        keys.sort()
    for key in keys:
        source = above if key in above else below
        value = source[key]
        lower = below.get(key)
        if isinstance(value, YamlMap) and isinstance(lower, YamlMap) and source is above:
            value = value if _is_whole(value) else merge(lower, value)
        merged[key] = value
        merged.lines[key] = source.lines.get(key, source.line)
        merged.paths[key] = source.path
    return merged


def _is_whole(entry: YamlMap) -> bool:
    """A dated entry with its own value is replaced as a whole: half of one is no law."""
    return "value" in entry


def stray_files(tree: LawTree) -> list[RulebookError]:
    """Files of the overlay at a path that no reader looks at, most likely misspelt."""
    known = {path for path in LawTree(tree.base).paths(".") if "/" not in path}
    folders = {"indicators", "checks", "bank_types", "provinces", "forms"}
    problems = []
    for path in tree.overlaid():
        top, _, rest = path.partition("/")
        if top in folders if rest else path in known:
            continue
        problems.append(
            RulebookError(
                f"叠加目录中的文件 {path!r} 不会被读取",
                where=f"{tree.overlay}/{path}:1",
                expected=f"与随附规则相同的相对路径：{'、'.join(sorted(known | folders))}",
                fix=f"改为 {nearest(top, sorted(known | folders))!r}，或移出该目录。",
                code="rulebook_invalid",
            )
        )
    return problems
