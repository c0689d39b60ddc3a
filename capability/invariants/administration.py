"""Invariants of people, places, appointments, consent and tasks."""

from __future__ import annotations

from typing import Any

from capability.facts import among, count, has
from capability.rule import AnyOf, InOrder, NotBoth, OneOf, Rule, Without
from capability.sure import absent, one_of, there

Json = dict[str, Any]


RULES: tuple[Rule, ...] = (
    Rule(
        "app-1",
        "Appointment.participant",
        "a type or an actor",
        AnyOf("type", "actor"),
    ),
    Rule(
        "app-2",
        "Appointment",
        "start and end, both or neither",
        lambda o: has(o, "start") == has(o, "end"),
        sure=(there("start", "end"), absent("start", "end")),
    ),
    Rule(
        "app-3",
        "Appointment",
        "start and end, unless proposed, cancelled or on a waitlist",
        lambda o: (
            count(o, "start", "end") == 2 or among(o, "status", "proposed", "cancelled", "waitlist")
        ),
        sure=(there("start", "end"),),
    ),
    Rule(
        "app-4",
        "Appointment",
        "a cancelationReason is for cancelled or no-show",
        lambda o: not has(o, "cancelationReason") or among(o, "status", "no-show", "cancelled"),
        when=("cancelationReason",),
    ),
    Rule(
        "apr-1",
        "AppointmentResponse",
        "a participantType or an actor",
        AnyOf("participantType", "actor"),
    ),
    Rule(
        "grp-1",
        "Group",
        "members only in an actual group",
        lambda o: not has(o, "member") or o.get("actual") is True,
        when=("member",),
        sure=(one_of("actual", True),),
    ),
    Rule(
        "ipn-1",
        "InsurancePlan",
        "an identifier or a name",
        AnyOf("identifier", "name"),
    ),
    Rule("org-1", "Organization", "an identifier or a name", AnyOf("identifier", "name")),
    Rule("org-2", "Organization", "no home address", Without("address", "use", "home")),
    Rule("org-3", "Organization", "no home telecom", Without("telecom", "use", "home")),
    Rule(
        "pat-1",
        "Patient.contact",
        "a name, telecom, address or organization",
        AnyOf("name", "telecom", "address", "organization"),
    ),
    Rule("ppc-1", "Consent", "a policy or a policyRule", AnyOf("policy", "policyRule")),
    Rule(
        "inv-1",
        "Task",
        "lastModified is not before authoredOn",
        InOrder("authoredOn", "lastModified"),
    ),
    Rule(
        "sev-1",
        "AuditEvent.entity",
        "a name or a query, not both",
        NotBoth("name", "query"),
    ),
    Rule(
        "ces-1",
        "CoverageEligibilityResponse.insurance.item",
        "either category or productOrService",
        OneOf("category", "productOrService"),
    ),
    Rule(
        "rqg-1",
        "RequestGroup.action",
        "either resource or action",
        OneOf("resource", "action"),
    ),
)
