"""Named arrays in one file, in the safetensors format (its header is JSON, then raw arrays)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]

_TYPES = {"F16": np.float16, "F32": np.float32, "U8": np.uint8, "U32": np.uint32}
_NAMES = {np.dtype(kind): name for name, kind in _TYPES.items()}


def read(path: Path) -> tuple[dict[str, Array], dict[str, str]]:
    """The arrays and the metadata; raises OSError, and ValueError for a file of another form."""
    raw = path.read_bytes()
    size = int.from_bytes(raw[:8], "little")
    try:
        header = json.loads(raw[8 : 8 + size])
        metadata = header.pop("__metadata__", {})
        arrays = {}
        for name, told in header.items():
            first, last = told["data_offsets"]
            piece = raw[8 + size + first : 8 + size + last]
            arrays[name] = np.frombuffer(piece, _TYPES[told["dtype"]]).reshape(told["shape"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path.name} is no safetensors file that the tagger reads") from error
    return arrays, metadata


def write(path: Path, arrays: Mapping[str, Array], metadata: Mapping[str, str]) -> None:
    """Writes the arrays, ordered by name: equal content gives an equal file."""
    header: dict[str, object] = {"__metadata__": dict(sorted(metadata.items()))}
    pieces, at = [], 0
    for name, array in sorted(arrays.items()):
        piece = np.ascontiguousarray(array).tobytes()
        header[name] = {
            "dtype": _NAMES[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [at, at + len(piece)],
        }
        pieces.append(piece)
        at += len(piece)
    top = json.dumps(header, separators=(",", ":")).encode()
    top += b" " * (-len(top) % 8)
    path.write_bytes(len(top).to_bytes(8, "little") + top + b"".join(pieces))
