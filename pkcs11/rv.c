/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs11/rv.h"

#include <stddef.h>

#include "base/text.h"

static const CK_RV table[BK_ERR_COUNT] = {
    [BK_OK] = CKR_OK,
    [BK_ENOMEM] = CKR_HOST_MEMORY,
    [BK_EINVAL] = CKR_ARGUMENTS_BAD,
    [BK_EFORMAT] = CKR_DEVICE_ERROR,
    [BK_ELIMIT] = CKR_DATA_LEN_RANGE,
    [BK_ENOTFOUND] = CKR_DEVICE_ERROR,
    [BK_EEXISTS] = CKR_FUNCTION_FAILED,
    [BK_EIO] = CKR_DEVICE_ERROR,
    [BK_ETIMEOUT] = CKR_DEVICE_ERROR,
    [BK_EREMOVED] = CKR_DEVICE_REMOVED,
    [BK_ERESET] = CKR_DEVICE_ERROR,
    [BK_ENOKEY] = CKR_TOKEN_NOT_PRESENT,
    [BK_EUNKNOWN_KEY] = CKR_TOKEN_NOT_RECOGNIZED,
    [BK_EBUSY] = CKR_DEVICE_ERROR,
    [BK_EUNSUPPORTED] = CKR_FUNCTION_NOT_SUPPORTED,
    [BK_EPIN_WRONG] = CKR_PIN_INCORRECT,
    [BK_EPIN_LOCKED] = CKR_PIN_LOCKED,
    [BK_EPIN_RULE] = CKR_PIN_INVALID,
    [BK_ELOGIN] = CKR_USER_NOT_LOGGED_IN,
    [BK_EDENIED] = CKR_ACTION_PROHIBITED,
    [BK_EREFUSED] = CKR_BJCA_REFUSED,
    [BK_EFULL] = CKR_DEVICE_MEMORY,
    [BK_ECRYPTO] = CKR_FUNCTION_FAILED,
    [BK_EVERIFY] = CKR_DEVICE_ERROR,
    [BK_ESTATE] = CKR_FUNCTION_FAILED,
    [BK_ECORRUPT] = CKR_DEVICE_ERROR,
    [BK_ECANCELLED] = CKR_FUNCTION_CANCELED,
    [BK_ENET] = CKR_GENERAL_ERROR,
    [BK_ETLS] = CKR_GENERAL_ERROR,
};

CK_RV bk_rv(enum bk_err err)
{
    return (unsigned)err < BK_ERR_COUNT ? table[err] : CKR_GENERAL_ERROR;
}

static const struct {
    CK_RV rv;
    const char *text;
} texts[] = {
    {CKR_OK, ""},
    {CKR_HOST_MEMORY, N_("Out of memory.")},
    {CKR_SLOT_ID_INVALID, N_("There is no such slot.")},
    {CKR_ARGUMENTS_BAD, N_("An argument is wrong.")},
    {CKR_ATTRIBUTE_SENSITIVE, N_("The key doesn't give this away.")},
    {CKR_ATTRIBUTE_TYPE_INVALID, N_("The object has no such attribute.")},
    {CKR_BUFFER_TOO_SMALL, N_("The buffer is too small.")},
    {CKR_CRYPTOKI_NOT_INITIALIZED, N_("The module isn't initialised.")},
    {CKR_DATA_LEN_RANGE, N_("The data is too long or too short.")},
    {CKR_DEVICE_ERROR, N_("The key answered with an error.")},
    {CKR_DEVICE_MEMORY, N_("The key is full.")},
    {CKR_DEVICE_REMOVED, N_("The key was unplugged.")},
    {CKR_ENCRYPTED_DATA_INVALID, N_("The data isn't encrypted for this key.")},
    {CKR_FUNCTION_CANCELED, N_("Stopped.")},
    {CKR_FUNCTION_FAILED, N_("That isn't possible now.")},
    {CKR_FUNCTION_NOT_SUPPORTED, N_("This key or module can't do that.")},
    {CKR_KEY_FUNCTION_NOT_PERMITTED, N_("This key pair isn't meant for that.")},
    {CKR_KEY_HANDLE_INVALID, N_("There is no such key.")},
    {CKR_MECHANISM_INVALID, N_("The key doesn't know this mechanism.")},
    {CKR_PIN_INCORRECT, N_("The PIN is wrong.")},
    {CKR_PIN_INVALID, N_("The PIN has characters that aren't allowed.")},
    {CKR_PIN_LEN_RANGE, N_("The PIN is too short or too long.")},
    {CKR_PIN_LOCKED, N_("The PIN is locked: `bjca unlock` unlocks it with a code from the CA.")},
    {CKR_SESSION_HANDLE_INVALID, N_("There is no such session.")},
    {CKR_TOKEN_NOT_PRESENT, N_("There is no key in the reader.")},
    {CKR_TOKEN_NOT_RECOGNIZED, N_("The card in the reader isn't one of these keys.")},
    {CKR_SESSION_EXISTS, N_("A program has a session with the key: end it first.")},
    {CKR_TEMPLATE_INCONSISTENT, N_("The attributes contradict each other, or what is on the key.")},
    {CKR_TOKEN_WRITE_PROTECTED, N_("An object can't be put on this key, or changed there.")},
    {CKR_USER_TYPE_INVALID, N_("There is no such user here.")},
    {CKR_USER_NOT_LOGGED_IN, N_("Log in first.")},
    {CKR_ACTION_PROHIBITED, N_("That isn't allowed.")},
    {CKR_ATTRIBUTE_READ_ONLY, N_("This attribute can't be changed.")},
    {CKR_ATTRIBUTE_VALUE_INVALID, N_("An attribute's value isn't possible.")},
    {CKR_CRYPTOKI_ALREADY_INITIALIZED, N_("The module is initialised already.")},
    {CKR_FUNCTION_NOT_PARALLEL, N_("No function runs in parallel.")},
    {CKR_KEY_SIZE_RANGE, N_("Keys of this length can't be made or used here.")},
    {CKR_KEY_TYPE_INCONSISTENT, N_("The mechanism isn't for keys of this type.")},
    {CKR_MECHANISM_PARAM_INVALID, N_("The mechanism's parameters are wrong.")},
    {CKR_OBJECT_HANDLE_INVALID, N_("There is no such object.")},
    {CKR_OPERATION_ACTIVE, N_("Another operation of this kind is under way.")},
    {CKR_OPERATION_NOT_INITIALIZED, N_("No such operation was begun.")},
    {CKR_RANDOM_SEED_NOT_SUPPORTED, N_("The generator of random numbers takes no seed.")},
    {CKR_SESSION_COUNT, N_("There are too many sessions.")},
    {CKR_SESSION_PARALLEL_NOT_SUPPORTED, N_("A session must be asked for as a serial one.")},
    {CKR_SESSION_READ_ONLY, N_("This session may only read.")},
    {CKR_SIGNATURE_INVALID, N_("The signature is wrong.")},
    {CKR_TEMPLATE_INCOMPLETE, N_("An attribute is missing.")},
    {CKR_USER_ALREADY_LOGGED_IN, N_("The user is logged in already.")},
    {CKR_CANT_LOCK, N_("The program's own locks alone can't be used.")},
    {CKR_DATA_INVALID, N_("The data isn't right for this key.")},
    {CKR_ENCRYPTED_DATA_LEN_RANGE, N_("The encrypted data is too long or too short.")},
    {CKR_GENERAL_ERROR, N_("Something other than the key failed.")},
    {CKR_KEY_CHANGED, N_("The saved state belongs to another key.")},
    {CKR_KEY_INDIGESTIBLE, N_("This key can't be hashed.")},
    {CKR_KEY_NEEDED, N_("The saved state wants the key of its operation.")},
    {CKR_KEY_NOT_NEEDED, N_("The saved state takes no such key.")},
    {CKR_KEY_NOT_WRAPPABLE, N_("This key can't be wrapped.")},
    {CKR_KEY_UNEXTRACTABLE, N_("This key isn't given out.")},
    {CKR_NO_EVENT, N_("Nothing has changed in the slots.")},
    {CKR_SAVED_STATE_INVALID, N_("This is no saved state of such an operation.")},
    {CKR_SESSION_READ_ONLY_EXISTS, N_("A session that may only read is open: end it first.")},
    {CKR_SESSION_READ_WRITE_SO_EXISTS,
     N_("The administrator is logged in: a session must be one that may write.")},
    {CKR_SIGNATURE_LEN_RANGE, N_("The signature is too long or too short.")},
    {CKR_STATE_UNSAVEABLE, N_("The state of what is under way can't be saved.")},
    {CKR_UNWRAPPING_KEY_HANDLE_INVALID, N_("There is no such unwrapping key.")},
    {CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT,
     N_("The mechanism doesn't unwrap with keys of this type.")},
    {CKR_USER_ANOTHER_ALREADY_LOGGED_IN, N_("Another user is logged in.")},
    {CKR_WRAPPED_KEY_INVALID, N_("The wrapped key is wrong.")},
    {CKR_WRAPPED_KEY_LEN_RANGE, N_("The wrapped key is too long or too short.")},
    {CKR_WRAPPING_KEY_HANDLE_INVALID, N_("There is no such wrapping key.")},
    {CKR_WRAPPING_KEY_TYPE_INCONSISTENT, N_("The mechanism doesn't wrap with keys of this type.")},
    {CKR_BJCA_REFUSED, N_("The platform's message says no, or isn't for this key.")},
    {CKR_BJCA_KEY_CHANGED,
     N_("The key was unplugged or reset, or the answer came too late: begin again.")},
    {CKR_BJCA_NO_ROOM, N_("The key has no room for this renewal.")},
    {CKR_BJCA_ADMIN_LOW, N_("Too few administrator tries are left to risk one.")},
    {CKR_BJCA_PROOF, N_("The certificates or keys are wrong: they don't belong together, aren't "
                        "valid, or don't work.")},
    {CKR_BJCA_UNKNOWN_NAME, N_("The key has no container or file of this name.")},
};

const char *bk_rv_text(CK_RV rv)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].rv == rv)
            return texts[i].text;
    return "The call failed.";
}
