"""The form in which most would write it: FastAPI, an SQLModel session, fhir.resources models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
from fastapi import Depends, FastAPI, HTTPException, Request
from fhir.resources.R4B.observation import Observation
from sqlmodel import Field, Session, SQLModel, create_engine
from starlette.responses import Response


class Document(SQLModel, table=True):
    """One resource as JSON text."""

    __tablename__ = "document"
    type: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    body: str


def plain(folder: Path) -> FastAPI:
    """Reads and writes of Observations over a fresh database."""
    engine = create_engine(f"sqlite:///{folder / 'plain.sqlite'}")
    SQLModel.metadata.tables["document"].create(engine)
    app = FastAPI()

    def session() -> Iterator[Session]:
        with Session(engine) as opened:
            yield opened

    of_request = Depends(session)

    @app.get("/fhir/Observation/{id}")
    def read(id: str, session: Session = of_request) -> Response:
        found = session.get(Document, ("Observation", id))
        if found is None:
            raise HTTPException(404)
        resource = Observation.model_validate(orjson.loads(found.body))
        return Response(resource.model_dump_json(), media_type="application/fhir+json")

    @app.put("/fhir/Observation/{id}", status_code=201)
    async def update(id: str, request: Request, session: Session = of_request) -> Response:
        resource = Observation.model_validate(orjson.loads(await request.body()))
        body = resource.model_dump_json()
        session.merge(Document(type="Observation", id=id, body=body))
        session.commit()
        return Response(body, 201, media_type="application/fhir+json")

    return app
