"""From a frame's bytes to its acknowledgement: journal, parse, map, one transaction, answer.

Commit before ACK: the raw bytes are durable before anything else happens, the resources before AA.
A document is read before its ACK, to tell what can't be, and extracted from after it; the journal
remembers until that is done.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from fhir_server.context import Context
from fhir_server.errors import FhirError, Invalid, reply_of
from fhir_server.findings.extraction import extract, unread
from fhir_server.hl7v2.ack import PROCESSING, Code, Problem, acknowledge
from fhir_server.hl7v2.datatypes import system
from fhir_server.hl7v2.locate import left_out, locate, refusal
from fhir_server.hl7v2.mapping import Defaults
from fhir_server.hl7v2.messages import MESSAGES
from fhir_server.hl7v2.parse import BadMessage, Message, header, parse
from fhir_server.hl7v2.place import Handler, Place, Refused
from fhir_server.repository import Update
from fhir_server.store.journal import Entry, Journal
from fhir_server.store.types import Fault, store_fault
from nlp.types import EngineError

log = logging.getLogger(__name__)
READ_SECONDS = 10.0  # that an answer waits at most for what can be told of its documents
FAULT = Problem("207", "", "an internal error, see the server's log: send it again later")


class Receiver:
    """Answers messages, one at a time, so that two of one patient never race."""

    def __init__(self, ctx: Context, journal: Journal) -> None:
        self._ctx, self._journal = ctx, journal
        self._turn = asyncio.Lock()
        self._extractions: set[asyncio.Task[None]] = set()

    async def resume(self) -> None:
        """Takes up what an earlier run left: unanswered messages, documents not extracted from."""
        for entry in await self._journal.unfinished():
            if entry.state == "received":
                await self._process(entry)
            else:
                self._extract_soon(entry, await self._documents(entry))

    async def close(self, patience: float = 10) -> None:
        """Waits for the extractions at hand, so many seconds at most; what is left over resumes at
        the next start."""
        if self._extractions:
            await asyncio.wait(self._extractions, timeout=patience)
        for task in self._extractions:
            task.cancel()

    def refuse(self, text: str, raw: bytes) -> bytes:
        """The AR for bytes that are no frame: nothing is kept, an MSH among them is answered to."""
        return self._ack(header(raw), "AR", Problem("207", "", f"MLLP: {text}"))

    async def answer(self, raw: bytes, peer: str) -> bytes:
        """The acknowledgement of one message; the same message again gets the same answer, but is
        tried again where that was a fault of ours."""
        control_id, sender = _identity(raw)
        try:
            entry = await self._journal.append(raw, peer, control_id, sender)
        except Fault as error:
            log.error("a message was not kept: %s", type(store_fault(error) or error).__name__)
            return self._ack(header(raw), "AR", FAULT)
        return entry.ack or await self._process(entry)

    async def _process(self, entry: Entry) -> bytes:
        try:
            return await self._processed(entry)
        except Exception as error:  # noqa: BLE001 - the MLLP door: no message goes unanswered
            kind = type(store_fault(error) or error).__name__
            log.error("message %d failed: %s", entry.seq, kind)
            with suppress(Fault):  # then it is taken up at the next start
                await self._journal.settle(entry.seq, "failed", None, FAULT.text)
            return self._ack(header(entry.raw), "AR", FAULT)

    async def _processed(self, entry: Entry) -> bytes:
        async with self._turn:
            message = header(entry.raw)
            try:
                message = parse(entry.raw)
                place = await self._take(message)
            except BadMessage as error:
                return await self._fail(
                    entry, message, "AR", Problem(error.code, error.location, str(error))
                )
            except Unsupported as error:
                return await self._fail(entry, message, "AR", error.problem)
            except Refused as error:
                return await self._fail(entry, message, "AE", error.problem)
            except FhirError as error:
                problem = Problem(reply_of(error).v2, "", str(error))
                return await self._fail(entry, message, "AE", problem)
        missing = left_out(message, _defaults(message), place.resources)
        reply = self._ack(message, "AA", *missing, *await self._warnings(message, place))
        state = "stored" if place.documents else "done"
        await self._journal.settle(entry.seq, state, reply)
        if place.documents:
            self._extract_soon(entry, place.documents)
        return reply

    async def _take(self, message: Message) -> Place:
        handler, defaults = _handler(message), _defaults(message)
        place = Place(self._ctx.repository, message.sender)
        await handler(message, defaults, place)
        updates = [Update(r["resourceType"], r["id"], r) for r in place.resources]
        try:
            await self._ctx.repository.transact(updates)
        except Invalid as error:
            raise Refused(refusal(error, message, defaults, place.resources)) from None
        return place

    async def _warnings(self, message: Message, place: Place) -> list[Problem]:
        """What comes with the AA of documents that are stored: it holds whatever happens here."""
        if not place.documents:
            return []
        reading = asyncio.create_task(self._unread(message, place))
        done, _ = await asyncio.wait({reading}, timeout=READ_SECONDS)
        if not done:
            reading.cancel()
            return []
        if error := reading.exception():
            log.error("a document's reading failed: %s", type(error).__name__)
            return [Problem("207", "", "stored; not read, see the server's log", "W")]
        return reading.result()

    async def _unread(self, message: Message, place: Place) -> list[Problem]:
        """What $extract can't read of the documents: only the sender can mend that."""
        found, defaults = [], _defaults(message)
        for resource in place.resources:
            if resource["id"] in place.documents:
                for issue in await unread(self._ctx, resource):
                    where = locate(message, defaults, resource, issue.get("expression", [""])[0])
                    text = f"stored; $extract: {issue['diagnostics']}"
                    found.append(Problem("102", where, text, "W"))
        return found

    async def _fail(
        self, entry: Entry, message: Message | None, code: Code, problem: Problem
    ) -> bytes:
        reply = self._ack(message, code, problem)
        await self._journal.settle(entry.seq, "failed", reply, problem.text)
        return reply

    def _ack(self, message: Message | None, code: Code, *problems: Problem) -> bytes:
        return acknowledge(message, code, self._ctx.now(), self._ctx.new_id()[:20], problems)

    async def _documents(self, entry: Entry) -> list[str]:
        """The ids of a message's documents: mapped again, nothing written."""
        message = parse(entry.raw)
        place = Place(self._ctx.repository, message.sender)
        await _handler(message)(message, _defaults(message), place)
        return place.documents

    def _extract_soon(self, entry: Entry, documents: list[str]) -> None:
        task = asyncio.create_task(self._extract(entry, documents))
        self._extractions.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._extractions.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error(
                "an extraction failed: %s; it is tried at the next start", type(error).__name__
            )

    async def _extract(self, entry: Entry, documents: list[str]) -> None:
        """$extract of the message's documents, through the same door as over HTTP."""
        settings = self._ctx.settings
        state, error = "done", ""
        for document in documents:
            try:
                stored = await self._ctx.repository.read("DocumentReference", document)
                await extract(self._ctx, stored, settings.engine, settings.min_score, persist=True)
            except (FhirError, EngineError) as failed:
                state, error = "unextracted", f"$extract: {failed}"
                log.warning("message %d: %s", entry.seq, error)
        await self._journal.settle(entry.seq, state, None, error)


class Unsupported(Refused):
    """MSH names what this server does not take: AR, not AE (2.9.3.1)."""


def _handler(message: Message) -> Handler:
    """The handler of the message's type; raises Unsupported where the header rules it out."""
    code, event = message.type
    if not message.control_id:
        raise Unsupported(Problem("101", "MSH^1^10", "MSH-10 holds no control id"))
    if (code, event) not in MESSAGES:
        known = code in {c for c, _ in MESSAGES}
        place = f"MSH^1^9^1^{2 if known else 1}"
        text = f"this server takes {', '.join(f'{c}^{e}' for c, e in MESSAGES)}"
        raise Unsupported(Problem("201" if known else "200", place, text))
    if message.msh.value(11) not in PROCESSING:
        raise Unsupported(Problem("202", "MSH^1^11", "MSH-11 is P, T or D"))
    if not message.msh.value(12).startswith("2."):
        raise Unsupported(Problem("203", "MSH^1^12", "MSH-12 is a version 2.x"))
    return MESSAGES[code, event]


def _defaults(message: Message) -> Defaults:
    stamp = message.msh.value(7)
    sign = max(stamp.rfind("+"), stamp.rfind("-"))
    given = stamp[sign:] if sign > 0 else ""
    zoned = len(given) == 5 and given[1:].isdigit()
    facility = message.msh.repetitions(4) or message.msh.repetitions(3)
    named = [facility[0].component(n) for n in (1, 2, 3)] if facility else ["", "", ""]
    return Defaults(f"{given[:3]}:{given[3:]}" if zoned else "Z", system(*named))


def _identity(raw: bytes) -> tuple[str, str]:
    """Control id and sender for the journal, read before anything is known to be well-formed."""
    message = header(raw)
    return (message.control_id, message.sender) if message else ("", "")
