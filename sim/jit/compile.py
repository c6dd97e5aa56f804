"""Functions for both engines: plain Python under SimPy, compiled by Numba.

A stage is only ever called from other compiled code. Numba would still optimise and emit each of them
by itself, with all that it calls, before the loop that contains them all is optimised and emitted
once more. Here only the loop is: that halves the time of a first compilation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba.core.codegen
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.extending import register_jitable

F = TypeVar("F", bound=Callable[..., object])
_Library: Any = numba.core.codegen.JITCodeLibrary
_Compiler: Any = CompilerBase
_usual: Any = DefaultPassBuilder.define_nopython_pipeline


class _Codegen:
    """The code generator of a part, which nobody runs by itself and so has no environment to set."""

    def __init__(self, whole: Any) -> None:
        self._whole = whole

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)

    def set_env(self, _: str, __: object) -> None:
        """Nothing to set."""


class _Part(_Library):  # type: ignore[misc]
    """The code of one function, kept as it was lowered until whoever calls it is optimised as a whole."""

    _shared_module: Any

    @property
    def codegen(self) -> Any:
        """What Numba asks for when it makes a function ready to be called from Python."""
        return _Codegen(self._codegen)

    def finalize(self) -> None:
        """Nothing more can be added; nothing is optimised, and nothing emitted."""
        self._raise_if_finalized()
        self._finalized = True

    def get_pointer_to_function(self, _: str) -> int:
        """There is none: what is not emitted has no address."""
        self._ensure_finalized()
        return 0

    def _get_module_for_linking(self) -> Any:
        """This function and all that it calls, each once."""
        self._ensure_finalized()
        if self._shared_module is None:
            whole = self._final_module.clone()
            for part in self.callees({self}):
                whole.link_in(part._final_module, preserve=True)  # noqa: SLF001  (its own kind)
            for function in whole.functions:
                if not function.is_declaration and function.linkage.name == "external":
                    function.linkage = "linkonce_odr"  # may stand in many modules, and be dropped
            self._shared_module = whole
        return self._shared_module

    def callees(self, seen: set[Any]) -> list[Any]:
        """The libraries of all that it calls, itself or through others, that have not been seen yet."""
        found = []
        for library in self._linking_libraries:
            if library not in seen:
                seen.add(library)
                if inherited := getattr(library, "_reload_init", ()):  # older versions of Numba have none
                    self._reload_init.update(inherited)
                found.append(library)
                if isinstance(library, _Part):
                    found += library.callees(seen)
        return found


class _Pipeline(_Compiler):  # type: ignore[misc]
    """Numba's own way of compiling, into a part."""

    def define_pipelines(self) -> list[Any]:
        """The usual passes."""
        generator = self.state.targetctx.codegen()
        self.state.library = _Part(generator, self.state.func_id.func_qualname)
        return [_usual(self.state)]


def jit(function: F) -> F:
    """Mark a function that is plain Python under SimPy and compiled by Numba; it has no C entry point."""
    kept: F = register_jitable(no_cfunc_wrapper=True, pipeline_class=_Pipeline)(function)
    return kept


def inline(function: F) -> F:
    """Force-inline; call overhead would dominate."""
    kept: F = register_jitable(forceinline=True, no_cfunc_wrapper=True, pipeline_class=_Pipeline)(function)
    return kept


@jit
def long(number: int) -> int:
    """Widen an int32 field to int64, so that the callee is compiled for one type only."""
    return number + 0
