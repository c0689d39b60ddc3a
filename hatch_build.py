"""Compiles the Mojo kernels into wheels; editable installs leave that to `python -m kernels.build`.

MEDPARSER_NO_MOJO=1 leaves them out, MEDPARSER_REQUIRE_MOJO=1 makes it an error if they can't be
compiled, MEDPARSER_TARGET_CPU names another CPU than this one (x86-64-v3 for a wheel to share).
"""

from __future__ import annotations

import os
import platform
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))

from kernels import build, native

COMPILER = "mojo-compiler==1.2.0"


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """What hatchling calls, by the name it looks for."""

    def dependencies(self) -> list[str]:
        """The compiler, where there is one for this platform."""
        return [COMPILER] if self._wanted() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compiles the kernels and marks the wheel for this platform; at worst it has none."""
        if self.target_name != "wheel" or version == "editable" or not self._wanted():
            return
        try:
            build.build(target_cpu=os.environ.get("MEDPARSER_TARGET_CPU", ""))
        except build.CannotBuild as reason:
            if native.required():
                raise
            self.app.display_warning(f"the slower Python kernels will serve: {reason}")
            return
        tag = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{tag}"

    def _wanted(self) -> bool:
        supported = (sys.platform, platform.machine()) in build.PLATFORMS
        return supported and os.environ.get("MEDPARSER_NO_MOJO") != "1"
