/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that runs out: of what our own code asks for in a sequence of calls the first allocation
 * fails, then the second, and so on. Each call says so (5.1: CKR_HOST_MEMORY) or does its work;
 * then, with memory again, the module ends, starts and works, and no try was spent.
 *
 * The linker's --wrap has the calls of the objects linked here come by; libraries have theirs.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "life.h"
#include "runner.h"

#define NEVER 0
#define ENOUGH 2000 /* allocations of one sequence, by far */

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);

static unsigned counted, fails_at; /* NEVER: none */
static bool in_the_key;            /* it runs in this process, with a memory of its own */

static bool fails(void)
{
    return fails_at != NEVER && !in_the_key && ++counted == fails_at;
}

static enum bk_err pass_on(struct bk_transport *inner, const uint8_t *command, size_t len,
                           bool sensitive, struct bk_buf *answer)
{
    in_the_key = true;
    enum bk_err err = inner->ops->transmit(inner, command, len, sensitive, answer);
    in_the_key = false;
    return err;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

/* --- sequences
 * ----------------------------------------------------------------------------------*/

static CK_SESSION_HANDLE s;
static CK_BYTE bytes[8192];
static CK_BYTE text[] = "a text of some length";
#define TEXT_LEN (sizeof text - 1)

#define DO(call)                                                                                   \
    do {                                                                                           \
        CK_RV rv_ = (call);                                                                        \
        if (rv_ != CKR_OK)                                                                         \
            return rv_;                                                                            \
    } while (0)

static CK_RV find(CK_OBJECT_CLASS class, CK_ATTRIBUTE_TYPE right, CK_OBJECT_HANDLE *o)
{
    CK_BBOOL yes = 1;
    CK_ULONG n = 0;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class}, {right, &yes, 1}};
    DO(h.f->C_FindObjectsInit(s, t, right ? 2 : 1));
    CK_RV rv = h.f->C_FindObjects(s, o, 1, &n);
    DO(h.f->C_FindObjectsFinal(s));
    return rv != CKR_OK ? rv : n ? CKR_OK : CKR_GENERAL_ERROR;
}

static CK_RV start(CK_SLOT_ID slot)
{
    CK_SLOT_ID slots[8];
    CK_ULONG n = 8;
    CK_TOKEN_INFO info;
    DO(h.f->C_Initialize(NULL));
    DO(h.f->C_GetSlotList(1, slots, &n));
    if (n < 2) /* the key wasn't opened */
        return CKR_HOST_MEMORY;
    DO(h.f->C_GetTokenInfo(slot, &info));
    DO(h.f->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s));
    return h.f->C_Login(s, CKU_USER, (CK_BYTE *)(uintptr_t)MH_PIN, 8);
}

static CK_RV do_start(void)
{
    DO(h.f->C_Finalize(NULL));
    return start(0);
}

static CK_RV do_list(void)
{
    CK_OBJECT_HANDLE o[32];
    CK_ULONG n = 0;
    DO(h.f->C_FindObjectsInit(s, NULL, 0));
    CK_RV rv = h.f->C_FindObjects(s, o, 32, &n);
    DO(h.f->C_FindObjectsFinal(s));
    DO(rv);
    for (CK_ULONG i = 0; i < n; i++) {
        CK_ATTRIBUTE a[] = {{CKA_TOKEN, bytes, 1024}, {CKA_CLASS, bytes + 1024, 64}};
        DO(h.f->C_GetAttributeValue(s, o[i], a, 2));
    }
    return CKR_OK;
}

static CK_RV do_sign(void)
{
    CK_MECHANISM m[] = {{CKM_SHA256_RSA_PKCS, NULL, 0}, {CKM_RSA_PKCS, NULL, 0}};
    CK_OBJECT_HANDLE own = 0, pub = 0;
    DO(find(CKO_PRIVATE_KEY, CKA_SIGN, &own));
    DO(find(CKO_PUBLIC_KEY, CKA_VERIFY, &pub));
    for (int i = 0; i < 2; i++) {
        CK_ULONG len = sizeof bytes;
        DO(h.f->C_SignInit(s, &m[i], own));
        DO(h.f->C_Sign(s, text, TEXT_LEN, bytes, &len));
        DO(h.f->C_VerifyInit(s, &m[i], pub));
        DO(h.f->C_Verify(s, text, TEXT_LEN, bytes, len));
    }
    return CKR_OK;
}

static CK_RV do_parts(void)
{
    CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0}, d = {CKM_SHA256, NULL, 0};
    CK_OBJECT_HANDLE own = 0;
    CK_ULONG len = sizeof bytes;
    DO(find(CKO_PRIVATE_KEY, CKA_SIGN, &own));
    DO(h.f->C_DigestInit(s, &d));
    DO(h.f->C_DigestUpdate(s, text, TEXT_LEN));
    DO(h.f->C_DigestFinal(s, bytes, &len));
    DO(h.f->C_SignInit(s, &m, own));
    DO(h.f->C_SignUpdate(s, text, TEXT_LEN));
    len = sizeof bytes;
    return h.f->C_SignFinal(s, bytes, &len);
}

static CK_RV do_decrypt(void)
{
    CK_MECHANISM m = {CKM_RSA_PKCS, NULL, 0};
    CK_OBJECT_HANDLE own = 0, pub = 0;
    CK_ULONG len = 1024, out = 1024;
    DO(find(CKO_PUBLIC_KEY, CKA_ENCRYPT, &pub));
    DO(find(CKO_PRIVATE_KEY, CKA_DECRYPT, &own));
    DO(h.f->C_EncryptInit(s, &m, pub));
    DO(h.f->C_Encrypt(s, text, TEXT_LEN, bytes, &len));
    DO(h.f->C_DecryptInit(s, &m, own));
    DO(h.f->C_Decrypt(s, bytes, len, bytes + 1024, &out));
    return out == TEXT_LEN ? CKR_OK : CKR_GENERAL_ERROR;
}

static CK_RV do_objects(void)
{
    CK_OBJECT_CLASS data = CKO_DATA;
    CK_BBOOL no = 0;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &data, sizeof data},
                        {CKA_TOKEN, &no, 1},
                        {CKA_LABEL, text, 4},
                        {CKA_VALUE, text, TEXT_LEN}};
    CK_ATTRIBUTE label = {CKA_LABEL, text + 2, 6};
    CK_OBJECT_HANDLE o = 0, copy = 0;
    DO(h.f->C_CreateObject(s, t, 4, &o));
    DO(h.f->C_SetAttributeValue(s, o, &label, 1));
    DO(h.f->C_CopyObject(s, o, &label, 1, &copy));
    DO(h.f->C_DestroyObject(s, o));
    return h.f->C_DestroyObject(s, copy);
}

static CK_RV do_stored(void)
{
    CK_OBJECT_CLASS data = CKO_DATA;
    CK_BBOOL yes = 1;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &data, sizeof data},
                        {CKA_TOKEN, &yes, 1},
                        {CKA_LABEL, text, 4},
                        {CKA_VALUE, text, TEXT_LEN}};
    CK_OBJECT_HANDLE o = 0;
    DO(h.f->C_CreateObject(s, t, 4, &o));
    return h.f->C_DestroyObject(s, o);
}

static CK_RV do_secret(void)
{
    CK_MECHANISM gen = {CKM_SM4_KEY_GEN, NULL, 0}, m = {CKM_SM4_CBC, bytes, 16};
    CK_OBJECT_HANDLE own = 0;
    CK_ULONG len = 256;
    DO(h.f->C_GenerateKey(s, &gen, NULL, 0, &own));
    DO(h.f->C_EncryptInit(s, &m, own));
    DO(h.f->C_Encrypt(s, text, 16, bytes + 64, &len));
    return h.f->C_DestroyObject(s, own);
}

static CK_RV do_generate(void)
{
    CK_MECHANISM m = {CKM_SM2_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE label = {CKA_LABEL, text, 6};
    CK_OBJECT_HANDLE pub = 0, own = 0;
    return h.f->C_GenerateKeyPair(s, &m, &label, 1, &label, 1, &pub, &own);
}

static CK_RV do_pin(void)
{
    CK_BYTE *pin = (CK_BYTE *)(uintptr_t)MH_PIN;
    return h.f->C_SetPIN(s, pin, 8, pin, 8);
}

static CK_RV do_vendor(void)
{
    CK_BJCA_STATUS status = {.ulSize = sizeof status};
    CK_BJCA_CONTAINER list[8];
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_RSA};
    CK_ULONG n = 8, len = sizeof bytes;
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)"personalCert01";
    memset(list, 0, sizeof list);
    for (int i = 0; i < 8; i++)
        list[i].ulSize = sizeof list[i];
    DO(h.v->BJCA_GetStatus(0, &status));
    DO(h.v->BJCA_GetContainers(0, list, &n));
    DO(h.v->BJCA_GetCertificate(0, name, 0, CK_BJCA_SIGNING, bytes, &len));
    p.keyType = CKK_SM2;
    DO(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL));
    len = sizeof bytes;
    DO(h.v->BJCA_RenewRequest(s, name, &p, bytes, &len));
    return h.v->BJCA_RenewAbort(s, name);
}

static CK_RV do_unlock(void)
{
    CK_BJCA_UNLOCK unlock = 0;
    CK_ULONG len = sizeof bytes;
    DO(h.v->BJCA_UnlockBegin(0, &unlock, bytes, &len));
    return h.v->BJCA_UnlockCancel(unlock);
}

/* --- the sweep
 * ----------------------------------------------------------------------------------*/

static const struct {
    const char *name;
    CK_RV (*run)(void);
    CK_SLOT_ID slot;
} sequences[] = {{"start", do_start, 0},   {"list", do_list, 0},       {"sign", do_sign, 0},
                 {"parts", do_parts, 0},   {"decrypt", do_decrypt, 0}, {"objects", do_objects, 0},
                 {"stored", do_stored, 0}, {"secret", do_secret, 0},   {"generate", do_generate, 1},
                 {"pin", do_pin, 0},       {"vendor", do_vendor, 0},   {"unlock", do_unlock, 0}};

/* With memory again: as if nothing had been. */
static void works(const char *name, unsigned at)
{
    CK_BJCA_STATUS status = {.ulSize = sizeof status};
    (void)h.f->C_Finalize(NULL);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &status), CKR_OK);
    ck_assert_msg(status.userTriesLeft == 10 && status.adminTriesLeft == 10, "%s, %u: tries", name,
                  at);
    for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
        ck_assert_msg(mh_identity_works(&h, mh_login(&h, slot)), "%s, %u: slot %lu", name, at,
                      slot);
        ck_assert_uint_eq(h.f->C_CloseAllSessions(slot), CKR_OK);
    }
}

START_TEST(whatever_fails_says_so)
{
    struct bk_buf state = BK_BUF_INIT;
    CK_RV rv = CKR_HOST_MEMORY;
    unsigned step = long_form() ? 1 : 7, at = 0;
    life_setup();
    life_issue_both();
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    life_transmit = pass_on;
    mh_save(&h, &state);
    while (rv != CKR_OK && at < ENOUGH) {
        mh_restore(&h, &state);
        ck_assert_uint_eq(start(sequences[_i].slot), CKR_OK);
        counted = 0;
        fails_at = at += step;
        rv = sequences[_i].run();
        bool failed = counted >= at;
        fails_at = NEVER;
        ck_assert_msg(rv == CKR_OK || rv == CKR_HOST_MEMORY, "%s, %u: %lx", sequences[_i].name, at,
                      rv);
        works(sequences[_i].name, at);
        ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
        /* one that it could do without: on to the next */
        if (rv == CKR_OK && failed)
            rv = CKR_HOST_MEMORY;
    }
    ck_assert_msg(rv == CKR_OK && at > 1, "%s: %u", sequences[_i].name, at);
    bk_buf_free(&state);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("memory");
    TCase *t = tcase_create("memory");
    tcase_add_loop_test(t, whatever_fails_says_so, 0, sizeof sequences / sizeof *sequences);
    tcase_set_timeout(t, 240);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
