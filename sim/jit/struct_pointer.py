"""Passing wide tuples to compiled functions by address.

Numba flattens a NamedTuple of arrays: each array is seven arguments of every function that it is
handed to, so a world, a policy and a state are hundreds, spelt out again in every call and in every
mangled name. That takes longer to compile than the stages themselves, and longer to run than small
ones. `by_address` stores the tuple once, in the frame of the caller, and hands on a pointer; stages
read its fields by name as before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import numba.core.cgutils
import numba.core.types
from numba.core.datamodel.models import PrimitiveModel
from numba.core.imputils import impl_ret_borrowed, lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import intrinsic, register_model

_cgutils: Any = numba.core.cgutils
_types: Any = numba.core.types
_borrowed: Any = impl_ret_borrowed
_intrinsic: Any = intrinsic


class Address(numba.core.types.Type):
    """Where a NamedTuple is kept. It is valid until the function that made it returns."""

    def __init__(self, target: Any) -> None:
        self.target = target
        whole = hashlib.sha256(str(target).encode()).hexdigest()[:12]
        super().__init__(f"{target.instance_class.__name__}_{whole}")


@register_model(Address)
class AddressModel(PrimitiveModel):
    """A pointer to the tuple's value."""

    def __init__(self, manager: Any, address: Address) -> None:
        pointer = manager.lookup(address.target).get_value_type().as_pointer()
        super().__init__(manager, address, pointer)  # type: ignore[no-untyped-call]


class AddressFields(AttributeTemplate):
    """The fields of what lies there."""

    key = Address

    def generic_resolve(self, value: Any, attr: Any) -> Any:  # type: ignore[override]
        """The type of a field, or None if there is none of that name; a tuple inside is an address too."""
        fields = value.target.fields
        if attr not in fields:
            return None
        type_ = value.target.types[fields.index(attr)]
        return Address(type_) if isinstance(type_, _types.BaseNamedTuple) else type_


def _read(context: Any, builder: Any, address: Address, pointer: Any, name: str) -> Any:
    """Read a field; the tuple stays the owner of what it holds."""
    at = address.target.fields.index(name)
    type_ = address.target.types[at]
    where = _cgutils.gep_inbounds(builder, pointer, 0, at)
    if isinstance(type_, _types.BaseNamedTuple):
        return where
    value = builder.load(where)
    if isinstance(type_, _types.Array):
        # The caller holds the arrays for as long as the address is valid, so reading one need not
        # count a reference, which is an atomic operation each time. No owner, nothing to count.
        array = _cgutils.create_struct_proxy(type_)(context, builder, value=value)
        array.meminfo = _cgutils.get_null_value(array.meminfo.type)
        return array._getvalue()  # noqa: SLF001  (as Numba itself does)
    return _borrowed(context, builder, type_, value)


def _by_address(_: Any, target: Any) -> Any:
    """Keep a NamedTuple in the frame of the function that calls this, and give its address."""
    if not isinstance(target, _types.BaseNamedTuple):
        return target(target), lambda _, __, ___, values: values[0]
    address = Address(target)

    def store(_: Any, builder: Any, __: Any, values: Any) -> Any:
        return _cgutils.alloca_once_value(builder, values[0])

    return address(target), store


infer_getattr(AddressFields)  # type: ignore[no-untyped-call]
lower_getattr_generic(Address)(_read)  # type: ignore[no-untyped-call]
by_address: Callable[[Any], Any] = _intrinsic(_by_address)
"""Called in compiled code: a NamedTuple is kept in the frame, and its address given; the rest stays."""
