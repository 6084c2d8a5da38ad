"""Builds the package as setup.cfg says, with the law compiled beside its YAML (docs/adr/0008)."""

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithLaw(build_py):
    """Copies the package, then compiles the law of the copy."""

    def run(self) -> None:
        """Build; a checkout that is linked (``pip install -e``) keeps reading its YAML."""
        super().run()
        if not self.editable_mode:
            self._artifact().write_bytes(self._compiled())

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """The files of the package, the compiled law among them."""
        made = [] if self.editable_mode else [str(self._artifact())]
        return [*super().get_outputs(include_bytecode), *made]

    def _artifact(self) -> Path:
        return Path(self.build_lib) / "supervise" / "compiled.jsonl"

    def _compiled(self) -> bytes:
        sys.path.insert(0, str(Path(__file__).parent))
        from supervise.read.compiling import compile_law

        return compile_law(Path(self.build_lib).resolve() / "supervise")


setup(cmdclass={"build_py": BuildWithLaw})
