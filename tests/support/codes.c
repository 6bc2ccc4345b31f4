/* SPDX-License-Identifier: Apache-2.0 */
#include "codes.h"

#include <string.h>

/* Lists end with 0, which is CKR_OK and allowed everywhere. */
#define MAX 20
#define ATTRIBUTES CKR_ATTRIBUTE_READ_ONLY, CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID
#define TEMPLATES CKR_TEMPLATE_INCOMPLETE, CKR_TEMPLATE_INCONSISTENT
#define MECHANISMS CKR_MECHANISM_INVALID, CKR_MECHANISM_PARAM_INVALID
#define WRITES CKR_SESSION_READ_ONLY, CKR_TOKEN_WRITE_PROTECTED, CKR_USER_NOT_LOGGED_IN
#define OUT CKR_BUFFER_TOO_SMALL
#define STARTS                                                                                     \
    MECHANISMS, CKR_OPERATION_ACTIVE, CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_KEY_HANDLE_INVALID,      \
        CKR_KEY_SIZE_RANGE, CKR_KEY_TYPE_INCONSISTENT, CKR_USER_NOT_LOGGED_IN
/* The key of an operation can go while it is active; clause 5.1.6 has its words for that. */
#define RUNS                                                                                       \
    CKR_OPERATION_NOT_INITIALIZED, CKR_DATA_INVALID, CKR_DATA_LEN_RANGE, CKR_USER_NOT_LOGGED_IN,   \
        CKR_KEY_HANDLE_INVALID
/* 5.8.2 and its like forbid the one call after an Update and have no code for it. */
#define WHOLE CKR_OPERATION_ACTIVE
#define OPENS RUNS, OUT, CKR_ENCRYPTED_DATA_INVALID, CKR_ENCRYPTED_DATA_LEN_RANGE
#define PROVES RUNS, CKR_SIGNATURE_INVALID, CKR_SIGNATURE_LEN_RANGE
#define PINS CKR_PIN_INCORRECT, CKR_PIN_INVALID, CKR_PIN_LEN_RANGE, CKR_PIN_LOCKED
#define LOGS_IN                                                                                    \
    CKR_PIN_INCORRECT, CKR_PIN_LOCKED, CKR_SESSION_READ_ONLY_EXISTS, CKR_USER_ALREADY_LOGGED_IN,   \
        CKR_USER_ANOTHER_ALREADY_LOGGED_IN, CKR_USER_PIN_NOT_INITIALIZED, CKR_USER_TYPE_INVALID,   \
        CKR_OPERATION_NOT_INITIALIZED
/* No room and no proof are the key's to say, at any step. */
#define RENEWS CKR_USER_NOT_LOGGED_IN, CKR_BJCA_UNKNOWN_NAME, CKR_BJCA_NO_ROOM, CKR_BJCA_PROOF

enum needs { NONE, SLOT, SESSION };

static const struct {
    const char *name;
    enum needs needs;
    CK_RV own[MAX];
} rows[] = {
    {"C_Initialize", NONE, {CKR_CANT_LOCK, CKR_CRYPTOKI_ALREADY_INITIALIZED}},
    {"C_Finalize", NONE, {0}},
    {"C_GetInfo", NONE, {0}},
    {"C_GetFunctionList", NONE, {0}},
    {"C_GetInterfaceList", NONE, {OUT}},
    {"C_GetInterface", NONE, {0}},
    {"C_GetSlotList", NONE, {OUT}},
    {"C_GetSlotInfo", SLOT, {0}},
    {"C_GetTokenInfo", SLOT, {0}},
    {"C_WaitForSlotEvent", NONE, {CKR_NO_EVENT}},
    {"C_GetMechanismList", SLOT, {OUT}},
    {"C_GetMechanismInfo", SLOT, {CKR_MECHANISM_INVALID}},
    {"C_InitToken",
     SLOT,
     {CKR_PIN_INCORRECT, CKR_PIN_LOCKED, CKR_SESSION_EXISTS, CKR_TOKEN_WRITE_PROTECTED}},
    {"C_InitPIN", SESSION, {CKR_PIN_INVALID, CKR_PIN_LEN_RANGE, WRITES}},
    {"C_SetPIN", SESSION, {PINS, CKR_SESSION_READ_ONLY, CKR_TOKEN_WRITE_PROTECTED}},
    {"C_OpenSession",
     SLOT,
     {CKR_SESSION_COUNT, CKR_SESSION_PARALLEL_NOT_SUPPORTED, CKR_SESSION_READ_WRITE_SO_EXISTS,
      CKR_TOKEN_WRITE_PROTECTED}},
    {"C_CloseSession", SESSION, {0}},
    {"C_CloseAllSessions", SLOT, {0}},
    {"C_GetSessionInfo", SESSION, {0}},
    {"C_SessionCancel", SESSION, {0}},
    {"C_GetOperationState", SESSION, {OUT, CKR_OPERATION_NOT_INITIALIZED, CKR_STATE_UNSAVEABLE}},
    {"C_SetOperationState",
     SESSION,
     {CKR_KEY_CHANGED, CKR_KEY_NEEDED, CKR_KEY_NOT_NEEDED, CKR_SAVED_STATE_INVALID}},
    {"C_Login", SESSION, {LOGS_IN}},
    {"C_LoginUser", SESSION, {LOGS_IN}},
    {"C_Logout", SESSION, {CKR_USER_NOT_LOGGED_IN}},
    {"C_CreateObject", SESSION, {ATTRIBUTES, TEMPLATES, WRITES}},
    {"C_CopyObject",
     SESSION,
     {ATTRIBUTES, CKR_TEMPLATE_INCONSISTENT, WRITES, CKR_ACTION_PROHIBITED,
      CKR_OBJECT_HANDLE_INVALID}},
    /* the key takes nothing from somebody it doesn't know */
    {"C_DestroyObject", SESSION, {WRITES, CKR_ACTION_PROHIBITED, CKR_OBJECT_HANDLE_INVALID}},
    {"C_GetObjectSize", SESSION, {CKR_INFORMATION_SENSITIVE, CKR_OBJECT_HANDLE_INVALID}},
    {"C_GetAttributeValue",
     SESSION,
     {OUT, CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID, CKR_OBJECT_HANDLE_INVALID}},
    {"C_SetAttributeValue",
     SESSION,
     {ATTRIBUTES, CKR_TEMPLATE_INCONSISTENT, WRITES, CKR_ACTION_PROHIBITED,
      CKR_OBJECT_HANDLE_INVALID}},
    /* the last when the key wants a log-in to be read, or has lost the one there was */
    {"C_FindObjectsInit",
     SESSION,
     {CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID, CKR_OPERATION_ACTIVE,
      CKR_USER_NOT_LOGGED_IN}},
    {"C_FindObjects", SESSION, {CKR_OPERATION_NOT_INITIALIZED}},
    {"C_FindObjectsFinal", SESSION, {CKR_OPERATION_NOT_INITIALIZED}},
    {"C_EncryptInit", SESSION, {STARTS}},
    {"C_Encrypt", SESSION, {RUNS, OUT, WHOLE}},
    {"C_EncryptUpdate", SESSION, {RUNS, OUT}},
    {"C_EncryptFinal", SESSION, {RUNS, OUT}},
    {"C_DecryptInit", SESSION, {STARTS}},
    {"C_Decrypt", SESSION, {OPENS, WHOLE}},
    {"C_DecryptUpdate", SESSION, {OPENS}},
    {"C_DecryptFinal", SESSION, {OPENS}},
    {"C_DigestInit", SESSION, {MECHANISMS, CKR_OPERATION_ACTIVE, CKR_USER_NOT_LOGGED_IN}},
    {"C_Digest", SESSION, {CKR_OPERATION_NOT_INITIALIZED, OUT, WHOLE}},
    {"C_DigestUpdate", SESSION, {CKR_OPERATION_NOT_INITIALIZED}},
    {"C_DigestKey",
     SESSION,
     {CKR_OPERATION_NOT_INITIALIZED, CKR_KEY_HANDLE_INVALID, CKR_KEY_INDIGESTIBLE,
      CKR_KEY_SIZE_RANGE}},
    {"C_DigestFinal", SESSION, {CKR_OPERATION_NOT_INITIALIZED, OUT}},
    {"C_SignInit", SESSION, {STARTS}},
    {"C_Sign", SESSION, {RUNS, OUT, WHOLE}},
    {"C_SignUpdate", SESSION, {RUNS}},
    {"C_SignFinal", SESSION, {RUNS, OUT}},
    {"C_SignRecoverInit", SESSION, {STARTS}},
    {"C_SignRecover", SESSION, {RUNS, OUT}},
    {"C_VerifyInit", SESSION, {STARTS}},
    {"C_Verify", SESSION, {PROVES, WHOLE}},
    {"C_VerifyUpdate", SESSION, {RUNS}},
    {"C_VerifyFinal", SESSION, {PROVES}},
    {"C_VerifyRecoverInit", SESSION, {STARTS}},
    {"C_VerifyRecover", SESSION, {PROVES, OUT}},
    {"C_DigestEncryptUpdate", SESSION, {RUNS, OUT}},
    {"C_DecryptDigestUpdate", SESSION, {OPENS}},
    {"C_SignEncryptUpdate", SESSION, {RUNS, OUT}},
    {"C_DecryptVerifyUpdate", SESSION, {OPENS}},
    {"C_GenerateKey",
     SESSION,
     {ATTRIBUTES, TEMPLATES, MECHANISMS, WRITES, CKR_OPERATION_ACTIVE, CKR_KEY_SIZE_RANGE}},
    {"C_GenerateKeyPair",
     SESSION,
     {ATTRIBUTES, TEMPLATES, MECHANISMS, WRITES, CKR_OPERATION_ACTIVE, CKR_KEY_SIZE_RANGE}},
    {"C_WrapKey",
     SESSION,
     {MECHANISMS, OUT, CKR_OPERATION_ACTIVE, CKR_KEY_HANDLE_INVALID, CKR_KEY_NOT_WRAPPABLE,
      CKR_KEY_SIZE_RANGE, CKR_KEY_UNEXTRACTABLE, CKR_USER_NOT_LOGGED_IN,
      CKR_WRAPPING_KEY_HANDLE_INVALID, CKR_WRAPPING_KEY_SIZE_RANGE,
      CKR_WRAPPING_KEY_TYPE_INCONSISTENT, CKR_KEY_FUNCTION_NOT_PERMITTED}},
    {"C_UnwrapKey",
     SESSION,
     {ATTRIBUTES, TEMPLATES, MECHANISMS, WRITES, CKR_OPERATION_ACTIVE,
      CKR_UNWRAPPING_KEY_HANDLE_INVALID, CKR_UNWRAPPING_KEY_SIZE_RANGE,
      CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT, CKR_WRAPPED_KEY_INVALID, CKR_WRAPPED_KEY_LEN_RANGE,
      CKR_KEY_FUNCTION_NOT_PERMITTED}},
    {"C_DeriveKey",
     SESSION,
     {ATTRIBUTES, TEMPLATES, MECHANISMS, WRITES, CKR_KEY_FUNCTION_NOT_PERMITTED,
      CKR_KEY_HANDLE_INVALID, CKR_KEY_SIZE_RANGE, CKR_KEY_TYPE_INCONSISTENT}},
    {"C_SeedRandom", SESSION, {CKR_RANDOM_SEED_NOT_SUPPORTED, CKR_RANDOM_NO_RNG}},
    {"C_GenerateRandom", SESSION, {CKR_RANDOM_NO_RNG}},
    {"C_GetFunctionStatus", SESSION, {CKR_FUNCTION_NOT_PARALLEL}},
    {"C_CancelFunction", SESSION, {CKR_FUNCTION_NOT_PARALLEL}},
    {"BJCA_GetError", NONE, {0}},
    {"BJCA_GetStatus", SLOT, {0}},
    {"BJCA_GetContainers", SLOT, {OUT}},
    {"BJCA_GetCertificate", SLOT, {OUT, CKR_BJCA_UNKNOWN_NAME}},
    {"BJCA_CheckPIN", SLOT, {CKR_PIN_LEN_RANGE, CKR_PIN_INVALID}},
    {"BJCA_UnlockBegin", SLOT, {OUT, CKR_BJCA_ADMIN_LOW, CKR_BJCA_KEY_CHANGED}},
    {"BJCA_UnlockStep",
     SLOT,
     {OUT, PINS, CKR_BJCA_REFUSED, CKR_BJCA_KEY_CHANGED, CKR_BJCA_ADMIN_LOW}},
    {"BJCA_UnlockCancel", NONE, {CKR_BJCA_KEY_CHANGED}},
    {"BJCA_RenewRoom", SESSION, {RENEWS}},
    {"BJCA_RenewState", SESSION, {RENEWS}},
    {"BJCA_RenewBegin", SESSION, {RENEWS, WRITES}},
    {"BJCA_RenewRequest", SESSION, {RENEWS, OUT}},
    {"BJCA_RenewLoad", SESSION, {RENEWS, WRITES, CKR_BJCA_REFUSED}},
    {"BJCA_RenewProve", SESSION, {RENEWS}},
    {"BJCA_RenewCommit", SESSION, {RENEWS, WRITES}},
    {"BJCA_RenewAbort", SESSION, {RENEWS, WRITES, CKR_ACTION_PROHIBITED}},
    {"BJCA_DeleteHistory", SESSION, {RENEWS, WRITES, CKR_ACTION_PROHIBITED}},
    {"BJCA_Personalise", SLOT, {PINS, CKR_SESSION_EXISTS, CKR_ACTION_PROHIBITED}},
    {"BJCA_ListFiles", SESSION, {OUT, CKR_USER_NOT_LOGGED_IN}},
    {"BJCA_ReadFile",
     SESSION,
     {CKR_USER_NOT_LOGGED_IN, CKR_ACTION_PROHIBITED, CKR_BJCA_UNKNOWN_NAME, CKR_DATA_LEN_RANGE}},
    {"BJCA_WriteFile",
     SESSION,
     {WRITES, CKR_ACTION_PROHIBITED, CKR_BJCA_UNKNOWN_NAME, CKR_DATA_LEN_RANGE}},
    {"BJCA_CreateFile", SESSION, {WRITES, CKR_ACTION_PROHIBITED}},
    {"BJCA_DeleteFile", SESSION, {WRITES, CKR_ACTION_PROHIBITED, CKR_BJCA_UNKNOWN_NAME}},
    {"BJCA_CreateContainer", SESSION, {WRITES, CKR_ACTION_PROHIBITED}},
    {"BJCA_DeleteContainer", SESSION, {WRITES, CKR_ACTION_PROHIBITED, CKR_BJCA_UNKNOWN_NAME}},
};

/* Clause 5.1: what any function may say, and what those say that use a slot, a token, a session. */
static bool is_general(enum needs needs, CK_RV rv)
{
    switch (rv) {
    case CKR_OK:
    case CKR_GENERAL_ERROR:
    case CKR_HOST_MEMORY:
    case CKR_FUNCTION_FAILED:
    case CKR_FUNCTION_NOT_SUPPORTED:
    case CKR_ARGUMENTS_BAD:
    case CKR_CRYPTOKI_NOT_INITIALIZED:
        return true;
    case CKR_DEVICE_ERROR:
    case CKR_DEVICE_MEMORY:
    case CKR_DEVICE_REMOVED:
    case CKR_TOKEN_NOT_PRESENT:
    case CKR_TOKEN_NOT_RECOGNIZED:
    case CKR_FUNCTION_CANCELED:
        return needs != NONE;
    case CKR_SLOT_ID_INVALID:
        return needs == SLOT;
    case CKR_SESSION_HANDLE_INVALID:
    case CKR_SESSION_CLOSED:
        return needs == SESSION;
    default:
        return false;
    }
}

bool codes_allow(const char *function, CK_RV rv)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].name, function) != 0)
            continue;
        for (size_t j = 0; j < MAX && rows[i].own[j]; j++)
            if (rows[i].own[j] == rv)
                return true;
        return is_general(rows[i].needs, rv);
    }
    return false;
}

const char *codes_function(size_t i)
{
    return i < sizeof rows / sizeof *rows ? rows[i].name : NULL;
}
