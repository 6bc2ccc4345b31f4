/* SPDX-License-Identifier: Apache-2.0 */
#include "calls.h"

#include <string.h>

#include "codes.h"

/* --- by what they take
 * --------------------------------------------------------------------------*/

#define INIT(name)                                                                                 \
    static CK_RV do_##name(void)                                                                   \
    {                                                                                              \
        CK_SESSION_HANDLE s = fz_session();                                                        \
        CK_MECHANISM *m = fz_mechanism();                                                          \
        return name(s, m, fz_object());                                                            \
    }
#define SESSION(name)                                                                              \
    static CK_RV do_##name(void)                                                                   \
    {                                                                                              \
        return name(fz_session());                                                                 \
    }
#define FEED(name)                                                                                 \
    static CK_RV do_##name(void)                                                                   \
    {                                                                                              \
        CK_SESSION_HANDLE s = fz_session();                                                        \
        struct fz_data d = fz_data();                                                              \
        return name(s, d.data, d.len);                                                             \
    }
#define FINAL(name)                                                                                \
    static CK_RV do_##name(void)                                                                   \
    {                                                                                              \
        CK_SESSION_HANDLE s = fz_session();                                                        \
        struct fz_out out;                                                                         \
        fz_out(&out);                                                                              \
        CK_RV rv = name(s, out.data, out.len_at);                                                  \
        fz_out_check(&out, rv);                                                                    \
        return rv;                                                                                 \
    }
#define DATA(name)                                                                                 \
    static CK_RV do_##name(void)                                                                   \
    {                                                                                              \
        CK_SESSION_HANDLE s = fz_session();                                                        \
        struct fz_data d = fz_data();                                                              \
        struct fz_out out;                                                                         \
        fz_out(&out);                                                                              \
        CK_RV rv = name(s, d.data, d.len, out.data, out.len_at);                                   \
        fz_out_check(&out, rv);                                                                    \
        return rv;                                                                                 \
    }

/* --- the library, slots, sessions
 * ---------------------------------------------------------------*/

static CK_RV do_C_Initialize(void)
{
    CK_C_INITIALIZE_ARGS args = {.flags = fz_u8()};
    return C_Initialize(fz_u8() & 1 ? &args : NULL);
}

static CK_RV do_C_Finalize(void)
{
    return C_Finalize(fz_u8() < 250 ? NULL : &h);
}

static CK_RV do_C_GetInfo(void)
{
    return C_GetInfo(fz_u8() < 250 ? fz_alloc(sizeof(CK_INFO)) : NULL);
}

static CK_RV do_C_GetFunctionList(void)
{
    CK_FUNCTION_LIST *list = NULL;
    return C_GetFunctionList(fz_u8() < 250 ? &list : NULL);
}

static CK_RV do_C_GetInterfaceList(void)
{
    CK_ULONG n = fz_u8() % 5u;
    CK_INTERFACE *list = fz_u8() & 1 ? fz_alloc(n * sizeof *list) : NULL;
    return C_GetInterfaceList(list, &n);
}

static CK_RV do_C_GetInterface(void)
{
    CK_VERSION v = {0};
    CK_INTERFACE *i = NULL;
    v.major = fz_u8() % 5;
    v.minor = fz_u8() % 42;
    CK_UTF8CHAR *name = fz_name();
    return C_GetInterface(name, fz_u8() & 1 ? &v : NULL, &i, fz_u8() & 1);
}

static CK_RV do_C_GetSlotList(void)
{
    CK_ULONG n = fz_u8() % 8u;
    CK_SLOT_ID *list = fz_u8() & 1 ? fz_alloc(n * sizeof *list) : NULL;
    return C_GetSlotList(fz_u8() & 1, list, &n);
}

static CK_RV do_C_GetSlotInfo(void)
{
    return C_GetSlotInfo(fz_slot(), fz_alloc(sizeof(CK_SLOT_INFO)));
}

static CK_RV do_C_GetTokenInfo(void)
{
    return C_GetTokenInfo(fz_slot(), fz_alloc(sizeof(CK_TOKEN_INFO)));
}

static CK_RV do_C_WaitForSlotEvent(void)
{
    CK_SLOT_ID slot = 0;
    return C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL);
}

static CK_RV do_C_GetMechanismList(void)
{
    CK_SLOT_ID slot = fz_slot();
    CK_ULONG n = fz_u8();
    CK_MECHANISM_TYPE *list = fz_u8() & 1 ? fz_alloc(n * sizeof *list) : NULL;
    return C_GetMechanismList(slot, list, &n);
}

static CK_RV do_C_GetMechanismInfo(void)
{
    CK_SLOT_ID slot = fz_slot();
    CK_MECHANISM *m = fz_mechanism();
    return C_GetMechanismInfo(slot, m ? m->mechanism : 0, fz_alloc(sizeof(CK_MECHANISM_INFO)));
}

static CK_RV do_C_InitToken(void)
{
    CK_SLOT_ID slot = fz_slot();
    struct fz_data pin = fz_pin();
    CK_UTF8CHAR *label = fz_alloc(32);
    memset(label, ' ', 32);
    label[0] = fz_u8();
    return C_InitToken(slot, pin.data, pin.len, label);
}

static CK_RV do_C_InitPIN(void)
{
    CK_SESSION_HANDLE s = fz_session();
    struct fz_data pin = fz_pin();
    return C_InitPIN(s, pin.data, pin.len);
}

static CK_RV do_C_SetPIN(void)
{
    CK_SESSION_HANDLE s = fz_session();
    struct fz_data old = fz_pin(), new = fz_pin();
    return C_SetPIN(s, old.data, old.len, new.data, new.len);
}

static CK_RV do_C_OpenSession(void)
{
    CK_SESSION_HANDLE s = 0;
    CK_SLOT_ID slot = fz_slot();
    CK_RV rv = C_OpenSession(slot, fz_u8() ^ (CKF_SERIAL_SESSION | CKF_RW_SESSION), NULL, NULL, &s);
    if (rv == CKR_OK)
        fz_add_session(s);
    return rv;
}

SESSION(C_CloseSession)

static CK_RV do_C_CloseAllSessions(void)
{
    return C_CloseAllSessions(fz_slot());
}

static CK_RV do_C_GetSessionInfo(void)
{
    return C_GetSessionInfo(fz_session(), fz_alloc(sizeof(CK_SESSION_INFO)));
}

static CK_RV do_C_SessionCancel(void)
{
    CK_SESSION_HANDLE s = fz_session();
    return C_SessionCancel(s, (CK_FLAGS)fz_u16() << 4);
}

FINAL(C_GetOperationState)

static CK_RV do_C_SetOperationState(void)
{
    CK_SESSION_HANDLE s = fz_session();
    struct fz_data d = fz_data();
    CK_OBJECT_HANDLE o = fz_object();
    return C_SetOperationState(s, d.data, d.len, o, fz_object());
}

static CK_RV do_C_Login(void)
{
    CK_SESSION_HANDLE s = fz_session();
    struct fz_data pin = fz_pin();
    return C_Login(s, fz_u8() % 4u, pin.data, pin.len);
}

static CK_RV do_C_LoginUser(void)
{
    CK_SESSION_HANDLE s = fz_session();
    struct fz_data pin = fz_pin(), name = fz_data();
    return C_LoginUser(s, fz_u8() % 4u, pin.data, pin.len, name.data, name.len);
}

SESSION(C_Logout)

/* --- objects
 * ------------------------------------------------------------------------------------*/

static CK_RV do_C_CreateObject(void)
{
    CK_OBJECT_HANDLE o = 0;
    CK_SESSION_HANDLE s = fz_session();
    struct fz_template t = fz_template();
    CK_RV rv = C_CreateObject(s, t.list, t.count, &o);
    if (rv == CKR_OK)
        fz_add_object(o);
    return rv;
}

static CK_RV do_C_CopyObject(void)
{
    CK_OBJECT_HANDLE o = 0;
    CK_SESSION_HANDLE s = fz_session();
    CK_OBJECT_HANDLE from = fz_object();
    struct fz_template t = fz_template();
    CK_RV rv = C_CopyObject(s, from, t.list, t.count, &o);
    if (rv == CKR_OK)
        fz_add_object(o);
    return rv;
}

static CK_RV do_C_DestroyObject(void)
{
    CK_SESSION_HANDLE s = fz_session();
    return C_DestroyObject(s, fz_object());
}

static CK_RV do_C_GetObjectSize(void)
{
    CK_SESSION_HANDLE s = fz_session();
    return C_GetObjectSize(s, fz_object(), fz_alloc(sizeof(CK_ULONG)));
}

static CK_RV do_C_GetAttributeValue(void)
{
    CK_SESSION_HANDLE s = fz_session();
    CK_OBJECT_HANDLE o = fz_object();
    struct fz_template t = fz_template_out();
    CK_RV rv = C_GetAttributeValue(s, o, t.list, t.count);
    fz_template_out_check(&t, rv);
    return rv;
}

static CK_RV do_C_SetAttributeValue(void)
{
    CK_SESSION_HANDLE s = fz_session();
    CK_OBJECT_HANDLE o = fz_object();
    struct fz_template t = fz_template();
    return C_SetAttributeValue(s, o, t.list, t.count);
}

static CK_RV do_C_FindObjectsInit(void)
{
    CK_SESSION_HANDLE s = fz_session();
    struct fz_template t = fz_template();
    return C_FindObjectsInit(s, t.list, t.count);
}

static CK_RV do_C_FindObjects(void)
{
    CK_OBJECT_HANDLE *o = fz_alloc(FZ_OBJECTS * sizeof *o);
    CK_ULONG n = 0, max = 0;
    CK_SESSION_HANDLE s = fz_session();
    max = fz_u8() % (FZ_OBJECTS + 1u);
    CK_RV rv = C_FindObjects(s, o, max, &n);
    FZ_CHECK(rv != CKR_OK || n <= max);
    for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++)
        fz_add_object(o[i]);
    return rv;
}

SESSION(C_FindObjectsFinal)

/* --- operations
 * ---------------------------------------------------------------------------------*/

INIT(C_EncryptInit)
DATA(C_Encrypt)
DATA(C_EncryptUpdate)
FINAL(C_EncryptFinal)
INIT(C_DecryptInit)
DATA(C_Decrypt)
DATA(C_DecryptUpdate)
FINAL(C_DecryptFinal)

static CK_RV do_C_DigestInit(void)
{
    CK_SESSION_HANDLE s = fz_session();
    return C_DigestInit(s, fz_mechanism());
}

DATA(C_Digest)
FEED(C_DigestUpdate)

static CK_RV do_C_DigestKey(void)
{
    CK_SESSION_HANDLE s = fz_session();
    return C_DigestKey(s, fz_object());
}

FINAL(C_DigestFinal)
INIT(C_SignInit)
DATA(C_Sign)
FEED(C_SignUpdate)
FINAL(C_SignFinal)
INIT(C_SignRecoverInit)
DATA(C_SignRecover)
INIT(C_VerifyInit)

static CK_RV do_C_Verify(void)
{
    CK_SESSION_HANDLE s = fz_session();
    struct fz_data d = fz_data(), sig = fz_data();
    return C_Verify(s, d.data, d.len, sig.data, sig.len);
}

FEED(C_VerifyUpdate)
FEED(C_VerifyFinal)
INIT(C_VerifyRecoverInit)
DATA(C_VerifyRecover)
DATA(C_DigestEncryptUpdate)
DATA(C_DecryptDigestUpdate)
DATA(C_SignEncryptUpdate)
DATA(C_DecryptVerifyUpdate)

/* --- keys, random numbers
 * -----------------------------------------------------------------------*/

static CK_RV do_C_GenerateKey(void)
{
    CK_OBJECT_HANDLE o = 0;
    CK_SESSION_HANDLE s = fz_session();
    CK_MECHANISM *m = fz_mechanism();
    struct fz_template t = fz_template();
    CK_RV rv = C_GenerateKey(s, m, t.list, t.count, &o);
    if (rv == CKR_OK)
        fz_add_object(o);
    return rv;
}

static CK_RV do_C_GenerateKeyPair(void)
{
    CK_OBJECT_HANDLE pub = 0, own = 0;
    CK_SESSION_HANDLE s = fz_session();
    CK_MECHANISM *m = fz_mechanism();
    struct fz_template a = fz_template(), b = fz_template();
    CK_RV rv = C_GenerateKeyPair(s, m, a.list, a.count, b.list, b.count, &pub, &own);
    if (rv == CKR_TEMPLATE_INCONSISTENT && a.count < 10 && b.count < 10)
        rv = mh_generate(&h, s, m, a.list, a.count, b.list, b.count, &pub, &own);
    if (rv == CKR_OK) {
        fz_add_object(pub);
        fz_add_object(own);
    }
    return rv;
}

static CK_RV do_C_WrapKey(void)
{
    CK_SESSION_HANDLE s = fz_session();
    CK_MECHANISM *m = fz_mechanism();
    CK_OBJECT_HANDLE with = fz_object(), wrapped = fz_object();
    struct fz_out out;
    fz_out(&out);
    CK_RV rv = C_WrapKey(s, m, with, wrapped, out.data, out.len_at);
    fz_out_check(&out, rv);
    return rv;
}

static CK_RV do_C_UnwrapKey(void)
{
    CK_OBJECT_HANDLE o = 0;
    CK_SESSION_HANDLE s = fz_session();
    CK_MECHANISM *m = fz_mechanism();
    CK_OBJECT_HANDLE with = fz_object();
    struct fz_data d = fz_data();
    struct fz_template t = fz_template();
    CK_RV rv = C_UnwrapKey(s, m, with, d.data, d.len, t.list, t.count, &o);
    if (rv == CKR_OK)
        fz_add_object(o);
    return rv;
}

/* A key that allows it, which a drawn template seldom makes. */
static CK_OBJECT_HANDLE derivable(CK_SESSION_HANDLE s)
{
    CK_MECHANISM m = {CKM_GENERIC_SECRET_KEY_GEN, NULL, 0};
    CK_ULONG len = 32;
    CK_BBOOL yes = 1;
    CK_ATTRIBUTE t[] = {{CKA_VALUE_LEN, &len, sizeof len}, {CKA_DERIVE, &yes, 1}};
    CK_OBJECT_HANDLE o = 0;
    if (C_GenerateKey(s, &m, t, 2, &o) == CKR_OK)
        fz_add_object(o);
    return o;
}

static CK_RV do_C_DeriveKey(void)
{
    CK_OBJECT_HANDLE o = 0;
    CK_SESSION_HANDLE s = fz_session();
    uint8_t form = fz_u8();
    CK_MECHANISM *m = form & 1 ? fz_mechanism() : fz_derivation();
    CK_OBJECT_HANDLE from = form & 2 ? fz_object() : derivable(s);
    struct fz_template t = fz_template();
    CK_RV rv = C_DeriveKey(s, m, from, t.list, t.count, &o);
    if (rv == CKR_OK)
        fz_add_object(o);
    return rv;
}

FEED(C_SeedRandom)

static CK_RV do_C_GenerateRandom(void)
{
    CK_SESSION_HANDLE s = fz_session();
    CK_ULONG n = fz_u8();
    return C_GenerateRandom(s, fz_alloc(n), n);
}

SESSION(C_GetFunctionStatus)
SESSION(C_CancelFunction)

#define C(name) {#name, do_##name},
/* clang-format off */
const struct fz_call fz_calls[] = {
    C(C_Initialize) C(C_Finalize) C(C_GetInfo) C(C_GetFunctionList) C(C_GetInterfaceList)
    C(C_GetInterface) C(C_GetSlotList) C(C_GetSlotInfo) C(C_GetTokenInfo) C(C_WaitForSlotEvent)
    C(C_GetMechanismList) C(C_GetMechanismInfo) C(C_InitToken) C(C_InitPIN) C(C_SetPIN)
    C(C_OpenSession) C(C_CloseSession) C(C_CloseAllSessions) C(C_GetSessionInfo)
    C(C_SessionCancel) C(C_GetOperationState) C(C_SetOperationState) C(C_Login) C(C_LoginUser)
    C(C_Logout) C(C_CreateObject) C(C_CopyObject) C(C_DestroyObject) C(C_GetObjectSize)
    C(C_GetAttributeValue) C(C_SetAttributeValue) C(C_FindObjectsInit) C(C_FindObjects)
    C(C_FindObjectsFinal) C(C_EncryptInit) C(C_Encrypt) C(C_EncryptUpdate) C(C_EncryptFinal)
    C(C_DecryptInit) C(C_Decrypt) C(C_DecryptUpdate) C(C_DecryptFinal) C(C_DigestInit)
    C(C_Digest) C(C_DigestUpdate) C(C_DigestKey) C(C_DigestFinal) C(C_SignInit) C(C_Sign)
    C(C_SignUpdate) C(C_SignFinal) C(C_SignRecoverInit) C(C_SignRecover) C(C_VerifyInit)
    C(C_Verify) C(C_VerifyUpdate) C(C_VerifyFinal) C(C_VerifyRecoverInit) C(C_VerifyRecover)
    C(C_DigestEncryptUpdate) C(C_DecryptDigestUpdate) C(C_SignEncryptUpdate)
    C(C_DecryptVerifyUpdate) C(C_GenerateKey) C(C_GenerateKeyPair) C(C_WrapKey) C(C_UnwrapKey)
    C(C_DeriveKey) C(C_SeedRandom) C(C_GenerateRandom) C(C_GetFunctionStatus)
    C(C_CancelFunction)
};
/* clang-format on */
const size_t fz_call_count = sizeof fz_calls / sizeof *fz_calls;

void fz_call_one(size_t which)
{
    which %= fz_call_count + fz_vendor_call_count;
    const struct fz_call *call = which < fz_call_count
                                     ? &fz_calls[which]
                                     : &fz_vendor_calls[which - fz_call_count];
    CK_RV rv = call->run();
    if (!codes_allow(call->name, rv)) {
        fprintf(stderr, "%s: %lx\n", call->name, rv);
        abort();
    }
}
