"""Every kind of issue that validation and expansion know: ids, codes and texts."""

from __future__ import annotations

from terminology.issue import Message

NOT_IN_VALUE_SET = Message(
    "None_of_the_provided_codes_are_in_the_value_set_one",
    "code-invalid",
    "not-in-vs",
    "The provided code '{}' was not found in the value set '{}'",
)
THIS_NOT_IN_VALUE_SET = Message(
    NOT_IN_VALUE_SET.id,
    "code-invalid",
    "this-code-not-in-vs",
    NOT_IN_VALUE_SET.text,
    "information",
)
NO_VALID_CODING = Message(
    "TX_GENERAL_CC_ERROR_MESSAGE",
    "code-invalid",
    "not-in-vs",
    "No valid coding was found for the value set '{}'",
)
UNKNOWN_CODE = Message(
    "Unknown_Code_in_Version",
    "code-invalid",
    "invalid-code",
    "Unknown code '{}' in the CodeSystem '{}' version '{}'",
)
UNKNOWN_CODE_NO_VERSION = Message(
    UNKNOWN_CODE.id, "code-invalid", "invalid-code", "Unknown code '{}' in the CodeSystem '{}'"
)
UNKNOWN_CODE_IN_FRAGMENT = Message(
    "UNKNOWN_CODE_IN_FRAGMENT",
    "code-invalid",
    "invalid-code",
    "Unknown Code '{}' in the CodeSystem '{}' version '{}' - note that the code system is labeled "
    "as a fragment, so the code may be valid in some other fragment",
    "warning",
    told=False,
)
UNKNOWN_CODE_IN_EXAMPLE = Message(
    "UNKNOWN_CODE_IN_EXAMPLE",
    "code-invalid",
    "invalid-code",
    "Unknown Code '{}' in the CodeSystem '{}' version '{}' - note that the code system is labeled "
    "as an example, so it lists but a few of its codes",
    "warning",
    told=False,
)
UNKNOWN_GRAMMAR = Message(
    "CODESYSTEM_COMPOSITIONAL",
    "informational",
    "processing-note",
    "The code system '{}' is compositional, and its grammar is not known here: the code '{}' was "
    "looked for among its concepts alone",
    "information",
    told=False,
)
UNKNOWN_SYSTEM = Message(
    "UNKNOWN_CODESYSTEM",
    "not-found",
    "not-found",
    "A definition for CodeSystem '{}' could not be found, so the code cannot be validated",
)
UNKNOWN_OTHER_SYSTEM = Message(
    UNKNOWN_SYSTEM.id,
    "not-found",
    "not-found",
    "A definition for CodeSystem {} could not be found, so the code cannot be validated",
)
UNKNOWN_VERSION = Message(
    "UNKNOWN_CODESYSTEM_VERSION",
    "not-found",
    "not-found",
    "A definition for CodeSystem '{}' version '{}' could not be found, so the code cannot be "
    "validated. Valid versions: {}",
)
UNKNOWN_VERSION_NONE = Message(
    "UNKNOWN_CODESYSTEM_VERSION_NONE",
    "not-found",
    "not-found",
    "A definition for CodeSystem '{}' version '{}' could not be found, so the code cannot be "
    "validated. No versions of this code system are known",
)
NOT_CHECKED = Message(
    "UNKNOWN_CODESYSTEM_CODING_NOT_CHECKED",
    "not-found",
    "not-found",
    "A definition for CodeSystem '{}' could not be found, so this coding was not checked: another "
    "one is in the value set",
    "warning",
)
UNKNOWN_SYSTEM_EXPANDED = Message(
    "UNKNOWN_CODESYSTEM_EXP",
    "not-found",
    "not-found",
    "A definition for CodeSystem '{}' could not be found, so the value set cannot be expanded",
)
UNKNOWN_VERSION_EXPANDED = Message(
    "UNKNOWN_CODESYSTEM_VERSION_EXP",
    "not-found",
    "not-found",
    "A definition for CodeSystem '{}' version '{}' could not be found, so the value set cannot be "
    "expanded. Valid versions: {}",
)
UNKNOWN_VERSION_NONE_EXPANDED = Message(
    "UNKNOWN_CODESYSTEM_VERSION_EXP_NONE",
    "not-found",
    "not-found",
    "A definition for CodeSystem '{}' version '{}' could not be found, so the value set cannot be "
    "expanded. No versions of this code system are known",
)
UNKNOWN_VALUE_SET = Message(
    "Unable_to_resolve_value_Set_",
    "not-found",
    "not-found",
    "A definition for the value Set '{}' could not be found",
)
UNKNOWN_PINNED_VALUE_SET = Message(
    "VS_EXP_IMPORT_UNK_PINNED",
    "not-found",
    "not-found",
    "The value set '{}' could not be found in the version {} that the {}-valueset-version "
    "parameter asks for",
)
SUPPLEMENT_MISSING = Message(
    "VALUESET_SUPPLEMENT_MISSING", "not-found", "not-found", "Required supplement not found: {}"
)
IS_SUPPLEMENT = Message(
    "CODESYSTEM_CS_NO_SUPPLEMENT",
    "invalid",
    "invalid-data",
    "CodeSystem {} is a supplement, so can't be used as a value in Coding.system",
)
IS_VALUE_SET = Message(
    "Terminology_TX_System_ValueSet2",
    "invalid",
    "invalid-data",
    "The Coding references a value set, not a code system ('{}')",
)
RELATIVE_SYSTEM = Message(
    "Terminology_TX_System_Relative",
    "invalid",
    "invalid-data",
    "Coding.system must be an absolute reference, not a local reference",
)
OTHER_SYSTEM = Message(
    "CODING_OF_OTHER_CODESYSTEM",
    "invalid",
    "invalid-data",
    "The Coding is of the system '{}', not of the code system '{}' that is asked about",
)
NO_SYSTEM = Message(
    "Coding_has_no_system__cannot_validate",
    "invalid",
    "invalid-data",
    "Coding has no system. A code with no system has no defined meaning, and it cannot be "
    "validated. A system should be provided",
    "warning",
)
NO_CODE = Message(
    "Coding_has_no_code__cannot_validate",
    "invalid",
    "invalid-data",
    "Coding has no code for system {} and cannot be validated: no code was provided",
    "warning",
)
NO_SYSTEM_OR_CODE = Message(
    "Coding_has_no_system_or_code__cannot_validate",
    "invalid",
    "invalid-data",
    "Coding has no code and no system, so there is nothing to validate",
    "warning",
)
CANNOT_INFER = Message(
    "UNABLE_TO_INFER_CODESYSTEM",
    "not-found",
    "cannot-infer",
    "The System URI could not be determined for the code '{}' in the ValueSet '{}'",
)
CANNOT_INFER_AMONG = Message(
    CANNOT_INFER.id,
    "not-found",
    "cannot-infer",
    CANNOT_INFER.text + ": none of its code systems has it: [{}]",
)
MANY_SYSTEMS = Message(
    "Unable_to_resolve_system__value_set_has_multiple_matches",
    "not-found",
    "cannot-infer",
    "The System URI could not be determined for the code '{}' in the ValueSet '{}': value set "
    "expansion has multiple matches: [{}]",
)
ABSTRACT_CODE = Message(
    "ABSTRACT_CODE_NOT_ALLOWED",
    "business-rule",
    "code-rule",
    "Code '{}#{}' is abstract, and not allowed in this context",
)
NOT_ACTIVE = Message(
    "STATUS_CODE_WARNING_CODE",
    "business-rule",
    "code-rule",
    "The concept '{}' is valid but is not active",
)
INACTIVE_CODE = Message(
    "INACTIVE_CONCEPT_FOUND",
    "business-rule",
    "code-comment",
    "The concept '{}' has a status of {} and its use should be reviewed",
    "warning",
)
DEPRECATED_CODE = Message(
    "DEPRECATED_CONCEPT_FOUND",
    "business-rule",
    "code-comment",
    "The concept '{}' is {} and its use should be reviewed",
    "warning",
)
DEPRECATED_IN_VALUE_SET = Message(
    "CONCEPT_DEPRECATED_IN_VALUESET",
    "business-rule",
    "code-comment",
    "The presence of the concept '{}' in the system '{}' in the value set {} is marked with a "
    "status of {} and its use should be reviewed",
    "warning",
    told=False,
)
OTHER_CASE = Message(
    "CODE_CASE_DIFFERENCE",
    "business-rule",
    "code-rule",
    "The code '{}' differs from the correct code '{}' by case. Although the code system '{}' is "
    "case insensitive, implementers are strongly encouraged to use the correct case anyway",
    "information",
    told=False,
)
WRONG_DISPLAY = Message(
    "Display_Name_for__should_be_one_of__instead_of",
    "invalid",
    "invalid-display",
    "Wrong Display Name '{}' for {}#{}. Valid display is {} (for the language(s) '{}')",
)
WRONG_WHITESPACE = Message(
    "Display_Name_WS_for__should_be_one_of__instead_of",
    "invalid",
    "invalid-display",
    "Wrong whitespace in Display Name '{}' for {}#{}. Valid display is {} (for the language(s) "
    "'{}')",
)
INACTIVE_DISPLAY = Message(
    "INACTIVE_DISPLAY_FOUND",
    "invalid",
    "display-comment",
    "'{}' is no longer considered a correct display for code '{}' (status = {}). The correct "
    "display is {}",
    "warning",
)
INVALID_LANGUAGE = Message(
    "INVALID_DISPLAY_NAME", "processing", "invalid-display", "Invalid displayLanguage: '{}'"
)
NO_DISPLAY_IN_LANGUAGE = Message(
    "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_OK",
    "invalid",
    "invalid-display",
    "There are no valid display names found for the code {}#{} for language(s) '{}'. The display "
    "is '{}' which is a valid display for the default language",
    "information",
)
WRONG_DISPLAY_IN_LANGUAGE = Message(
    "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_ERR",
    "invalid",
    "invalid-display",
    "Wrong Display Name '{}' for {}#{}. There are no valid display names found for language(s) "
    "'{}'. Default display is '{}'",
)
OTHER_VERSION = Message(
    "VALUESET_VALUE_MISMATCH",
    "invalid",
    "vs-invalid",
    "The code system '{}' version '{}' in the ValueSet include is different to the one in the "
    "value ('{}')",
)
OTHER_VERSION_CHANGED = Message(
    "VALUESET_VALUE_MISMATCH_CHANGED",
    "invalid",
    "vs-invalid",
    "The code system '{}' version '{}' resulting from the version '{}' in the ValueSet include is "
    "different to the one in the value ('{}')",
)
OTHER_VERSION_DEFAULT = Message(
    "VALUESET_VALUE_MISMATCH_DEFAULT",
    "invalid",
    "vs-invalid",
    "The code system '{}' version '{}' for the versionless include in the ValueSet include is "
    "different to the one in the value ('{}')",
    "warning",
    told=False,
)
VERSION_NEEDED = Message(
    "CODESYSTEM_VERSION_NEEDED",
    "required",
    "invalid-data",
    "The code system '{}' changes what its codes mean from version to version, so a code of it "
    "needs the version: none was given",
)
VERSION_NOT_ALLOWED = Message(
    "VALUESET_VERSION_CHECK",
    "exception",
    "version-error",
    "The version '{}' is not allowed for system '{}': required to be '{}' by a version-check "
    "parameter",
)
SET_VERSION_NOT_ALLOWED = Message(
    VERSION_NOT_ALLOWED.id,
    "exception",
    "version-error",
    "The version '{}' is not allowed for the value set '{}': required to be '{}' by a "
    "version-check parameter",
)
FILTER_WITHOUT_VALUE = Message(
    "UNABLE_TO_HANDLE_SYSTEM_FILTER_WITH_NO_VALUE",
    "invalid",
    "vs-invalid",
    "The system {} filter with property = {}, op = {} has no value",
)
FILTER_NOT_UNDERSTOOD = Message(
    "FILTER_NOT_UNDERSTOOD",
    "not-supported",
    "vs-invalid",
    'The filter "{} {} {}" from the value set {} was not understood in the context of {}',
)
TOO_COSTLY = Message(
    "VALUESET_TOO_COSTLY",
    "too-costly",
    "too-costly",
    "The value set '{}' expansion has too many codes to display (>{})",
)
TOO_COSTLY_TIME = Message(
    "VALUESET_TOO_COSTLY_TIME",
    "too-costly",
    "too-costly",
    "Working out '{}' takes too long (>{:g} s): ask for less, or simpler filters",
)
TOO_MANY_AT_ONCE = Message(
    "TOO_MANY_AT_ONCE",
    "too-costly",
    "too-costly",
    "One request may ask of at most {:,} {}, not of {:,}: split it",
)
TOO_MANY_IMPORTS = Message(
    "VALUESET_TOO_MANY_IMPORTS",
    "too-costly",
    "too-costly",
    "The value set '{}' imports too many others, or too deep",
)
CIRCULAR = Message(
    "VALUESET_CIRCULAR_REFERENCE",
    "processing",
    "vs-invalid",
    "The value set '{}' includes itself: {}",
)
CIRCULAR_MAP = Message(
    "CONCEPTMAP_CIRCULAR_REFERENCE",
    "processing",
    "invalid-data",
    "The concept map '{}' hands codes without a mapping on in a circle: {}",
)
STATUS = {
    name: Message(
        f"MSG_{name.upper()}",
        "business-rule",
        "status-check",
        f"Reference to {name} {{}} {{}}",
        "information",
        told=False,
    )
    for name in ("deprecated", "withdrawn", "retired", "experimental", "draft")
}
