/* SPDX-License-Identifier: Apache-2.0 */
/* The doors of the module: function lists and interfaces. They may be asked for before
 * C_Initialize. */
#include <string.h>

#include "pkcs11/call.h"
#include "pkcs11/vendor.h"

/* Every entry point once, in the order of the standard. */
/* clang-format off */
#define FUNCTIONS_2_40(F) \
    F(C_Initialize) F(C_Finalize) F(C_GetInfo) F(C_GetFunctionList) F(C_GetSlotList) \
    F(C_GetSlotInfo) F(C_GetTokenInfo) F(C_GetMechanismList) F(C_GetMechanismInfo) \
    F(C_InitToken) F(C_InitPIN) F(C_SetPIN) F(C_OpenSession) F(C_CloseSession) \
    F(C_CloseAllSessions) F(C_GetSessionInfo) F(C_GetOperationState) F(C_SetOperationState) \
    F(C_Login) F(C_Logout) F(C_CreateObject) F(C_CopyObject) F(C_DestroyObject) \
    F(C_GetObjectSize) F(C_GetAttributeValue) F(C_SetAttributeValue) F(C_FindObjectsInit) \
    F(C_FindObjects) F(C_FindObjectsFinal) F(C_EncryptInit) F(C_Encrypt) F(C_EncryptUpdate) \
    F(C_EncryptFinal) F(C_DecryptInit) F(C_Decrypt) F(C_DecryptUpdate) F(C_DecryptFinal) \
    F(C_DigestInit) F(C_Digest) F(C_DigestUpdate) F(C_DigestKey) F(C_DigestFinal) F(C_SignInit) \
    F(C_Sign) F(C_SignUpdate) F(C_SignFinal) F(C_SignRecoverInit) F(C_SignRecover) \
    F(C_VerifyInit) F(C_Verify) F(C_VerifyUpdate) F(C_VerifyFinal) F(C_VerifyRecoverInit) \
    F(C_VerifyRecover) F(C_DigestEncryptUpdate) F(C_DecryptDigestUpdate) F(C_SignEncryptUpdate) \
    F(C_DecryptVerifyUpdate) F(C_GenerateKey) F(C_GenerateKeyPair) F(C_WrapKey) F(C_UnwrapKey) \
    F(C_DeriveKey) F(C_SeedRandom) F(C_GenerateRandom) F(C_GetFunctionStatus) \
    F(C_CancelFunction) F(C_WaitForSlotEvent)
#define FUNCTIONS_3_0(F) \
    F(C_GetInterfaceList) F(C_GetInterface) F(C_LoginUser) F(C_SessionCancel) \
    F(C_MessageEncryptInit) F(C_EncryptMessage) F(C_EncryptMessageBegin) F(C_EncryptMessageNext) \
    F(C_MessageEncryptFinal) F(C_MessageDecryptInit) F(C_DecryptMessage) \
    F(C_DecryptMessageBegin) F(C_DecryptMessageNext) F(C_MessageDecryptFinal) \
    F(C_MessageSignInit) F(C_SignMessage) F(C_SignMessageBegin) F(C_SignMessageNext) \
    F(C_MessageSignFinal) F(C_MessageVerifyInit) F(C_VerifyMessage) F(C_VerifyMessageBegin) \
    F(C_VerifyMessageNext) F(C_MessageVerifyFinal)
/* clang-format on */
/* lint bugprone-macro-parentheses: a designator takes none */
#define FUNCTION(name) .name = name,

static CK_FUNCTION_LIST list_2_40 = {.version = {2, 40}, FUNCTIONS_2_40(FUNCTION)};
static CK_FUNCTION_LIST_3_0 list_3_0 = {.version = {3, 0},
                                        FUNCTIONS_2_40(FUNCTION) FUNCTIONS_3_0(FUNCTION)};

static char standard_name[] = "PKCS 11";
static char vendor_name[] = CK_BJCA_INTERFACE_NAME;
/* In the order of preference. */
static CK_INTERFACE interfaces[] = {
    {standard_name, &list_3_0, 0},
    {standard_name, &list_2_40, 0},
    {vendor_name, &bk_vendor_list, 0},
};

#define COUNT (sizeof interfaces / sizeof *interfaces)

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list)
{
    if (!list)
        return bk_call_refuse(CKR_ARGUMENTS_BAD);
    *list = &list_2_40;
    return CKR_OK;
}

CK_RV C_GetInterfaceList(CK_INTERFACE *list, unsigned long *count)
{
    if (!count)
        return bk_call_refuse(CKR_ARGUMENTS_BAD);
    unsigned long room = *count;
    *count = COUNT;
    if (!list)
        return CKR_OK;
    if (room < COUNT)
        return bk_call_refuse(CKR_BUFFER_TOO_SMALL);
    memcpy(list, interfaces, sizeof interfaces);
    return CKR_OK;
}

/* A list that grows at its end serves who asks for an earlier version of it. */
static bool version_fits(const CK_INTERFACE *i, const CK_VERSION *asked)
{
    const CK_VERSION *has = i->pFunctionList;
    return !asked || (asked->major == has->major &&
                      (i->pInterfaceName == vendor_name ? asked->minor <= has->minor
                                                        : asked->minor == has->minor));
}

/* Never a default for a name, version or flag that isn't known: NSS asks for an interface of its
 * own and calls into whatever comes back. */
CK_RV C_GetInterface(unsigned char *name, CK_VERSION *version, CK_INTERFACE **interface,
                     CK_FLAGS flags)
{
    if (!interface)
        return bk_call_refuse(CKR_ARGUMENTS_BAD);
    for (size_t i = 0; i < COUNT; i++) {
        if (name && strcmp((const char *)name, interfaces[i].pInterfaceName) != 0)
            continue;
        if (!version_fits(&interfaces[i], version))
            continue;
        if ((interfaces[i].flags & flags) != flags)
            continue;
        *interface = &interfaces[i];
        return CKR_OK;
    }
    return bk_call_refuse(CKR_ARGUMENTS_BAD);
}

CK_RV C_GetFunctionStatus(CK_SESSION_HANDLE session)
{
    (void)session;
    return bk_call_refuse(CKR_FUNCTION_NOT_PARALLEL);
}

CK_RV C_CancelFunction(CK_SESSION_HANDLE session)
{
    (void)session;
    return bk_call_refuse(CKR_FUNCTION_NOT_PARALLEL);
}
