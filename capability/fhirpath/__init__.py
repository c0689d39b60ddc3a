"""FHIRPath (N1) over R4 resources as parsed JSON: constraints, invariants and the paths of patches.

compiled("name.given.exists()").holds(Env.of(resource))
"""

from capability.fhirpath.env import Budget, Env
from capability.fhirpath.errors import PathError
from capability.fhirpath.node import Node, children
from capability.fhirpath.path import Path, compiled

__all__ = ["Budget", "Env", "Node", "Path", "PathError", "children", "compiled"]
