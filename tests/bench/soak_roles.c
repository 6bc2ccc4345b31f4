/* SPDX-License-Identifier: Apache-2.0 */
/* The clients of the soak: what each does over and over. */
#include "soak_client.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/sm2.h"

#define RSA_SLOT 0
#define SM2_SLOT 1

static bool running(void)
{
    return atomic_load(&soak->phase) == SOAK_RUN;
}

/* --- signing
 * ------------------------------------------------------------------------------------*/

/* Signs until something is in the way, now and then with a new log-in, and closes the session. */
static void sign_for_a_while(struct soak_client *c, CK_SESSION_HANDLE s, bool sm2)
{
    const char *pin = getenv("KEY_PIN");
    CK_RV rv = CKR_OK;
    CK_OBJECT_HANDLE key = soak_find_key(c, s, CKA_SIGN, &rv);
    if (!key && rv == CKR_OK)
        soak_wrong(c, SOAK_BROKEN, "no key to sign with");
    for (unsigned n = soak_random(&c->seed, 60) + 1; key && rv == CKR_OK && n && running(); n--) {
        rv = soak_sign_once(c, s, key, sm2);
        if (rv == CKR_OK)
            atomic_fetch_add(&c->done, 1);
        if (rv != CKR_OK || c->shared_login || soak_random(&c->seed, 20) != 0)
            continue;
        rv = CALL(c, C_Logout, s);
        if (rv == CKR_OK)
            rv = CALL(c, C_Login, s, CKU_USER, (CK_BYTE *)(uintptr_t)pin, strlen(pin));
        if (rv == CKR_OK) /* a log-out takes the handles of private keys along */
            key = soak_find_key(c, s, CKA_SIGN, &rv);
    }
    if (soak_random(&c->seed, 2) || c->shared_login)
        (void)CALL(c, C_CloseSession, s);
    else
        (void)CALL(c, C_CloseAllSessions, sm2 ? SM2_SLOT : RSA_SLOT);
}

static void sign(struct soak_client *c, bool sm2)
{
    while (running()) {
        CK_SESSION_HANDLE s = soak_session(c, sm2 ? SM2_SLOT : RSA_SLOT, true);
        if (s)
            sign_for_a_while(c, s, sm2);
    }
}

void soak_sign_rsa(struct soak_client *c)
{
    soak_load(c);
    sign(c, false);
    (void)CALL(c, C_Finalize, NULL);
}

void soak_sign_sm2(struct soak_client *c)
{
    soak_load(c);
    sign(c, true);
    (void)CALL(c, C_Finalize, NULL);
}

static void *second_thread(void *client)
{
    sign(client, true);
    return NULL;
}

void soak_two_threads(struct soak_client *c)
{
    pthread_t t;
    soak_load(c);
    if (pthread_create(&t, NULL, second_thread, c + 1) != 0)
        abort();
    sign(c, false);
    (void)pthread_join(t, NULL);
    (void)CALL(c, C_Finalize, NULL);
}

/* --- decrypting
 * ---------------------------------------------------------------------------------*/

static enum bk_err seal(const struct bk_pubkey *pub, const CK_BYTE *text, size_t len,
                        struct bk_buf *out)
{
    struct bk_sm2_cipher cipher;
    if (pub->alg == BK_ALG_RSA)
        return bk_rsa_encrypt(pub, text, len, out);
    memset(&cipher, 0, sizeof cipher);
    enum bk_err err = bk_sm2_encrypt(pub, text, len, &cipher);
    if (!err)
        err = bk_sm2_cipher_to_der(&cipher, out);
    bk_sm2_cipher_free(&cipher);
    return err;
}

/* Wrong, unless the key was renewed since the text was encrypted. */
static CK_RV judge(struct soak_client *c, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key,
                   const struct bk_pubkey *pub)
{
    struct bk_pubkey now;
    CK_RV rv = soak_certified(c, s, key, &now);
    if (rv == CKR_OK && bk_pubkey_equal(pub, &now))
        soak_wrong(c, SOAK_DECRYPTED_WRONG, "what was encrypted for a key isn't decrypted by it");
    return rv;
}

static CK_RV decrypt_once(struct soak_client *c, CK_SESSION_HANDLE s, bool sm2)
{
    CK_MECHANISM m = {sm2 ? CKM_SM2_ENCRYPT_DER : CKM_RSA_PKCS, NULL, 0};
    CK_BYTE text[40], back[512];
    CK_ULONG len = sizeof back;
    struct bk_pubkey pub;
    struct bk_buf sealed = BK_BUF_INIT;
    CK_RV rv = CKR_OK;
    for (unsigned i = 0; i < sizeof text; i++)
        text[i] = (CK_BYTE)soak_random(&c->seed, 256);
    CK_OBJECT_HANDLE key = soak_find_key(c, s, CKA_DECRYPT, &rv);
    if (!key && rv == CKR_OK)
        soak_wrong(c, SOAK_BROKEN, "no key to decrypt with");
    if (!key)
        return rv == CKR_OK ? CKR_GENERAL_ERROR : rv;
    rv = soak_certified(c, s, key, &pub);
    if (rv == CKR_OK && seal(&pub, text, sizeof text, &sealed))
        rv = CKR_HOST_MEMORY;
    if (rv == CKR_OK)
        rv = CALL(c, C_DecryptInit, s, &m, key);
    if (rv == CKR_OK)
        rv = CALL(c, C_Decrypt, s, sealed.data, sealed.len, back, &len);
    bk_buf_free(&sealed);
    if (rv == CKR_OK)
        COUNT(c, SOAK_DECRYPTED);
    if (rv == CKR_ENCRYPTED_DATA_INVALID ||
        (rv == CKR_OK && (len != sizeof text || memcmp(text, back, len) != 0)))
        rv = judge(c, s, key, &pub);
    return rv;
}

void soak_decrypt(struct soak_client *c)
{
    soak_load(c);
    while (running()) {
        bool sm2 = soak_random(&c->seed, 2);
        CK_SESSION_HANDLE s = soak_session(c, sm2 ? SM2_SLOT : RSA_SLOT, true);
        CK_RV rv = s ? CKR_OK : CKR_DEVICE_REMOVED;
        for (unsigned n = soak_random(&c->seed, 30) + 1; rv == CKR_OK && n && running(); n--) {
            rv = decrypt_once(c, s, sm2);
            if (rv == CKR_OK)
                atomic_fetch_add(&c->done, 1);
        }
        if (s)
            (void)CALL(c, C_CloseSession, s);
    }
    (void)CALL(c, C_Finalize, NULL);
}

/* --- reading, without log-in
 * --------------------------------------------------------------------*/

static CK_RV read_one(struct soak_client *c, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o)
{
    CK_BYTE der[4096], label[128], id[64];
    CK_ATTRIBUTE a[] = {
        {CKA_VALUE, der, sizeof der}, {CKA_LABEL, label, sizeof label}, {CKA_ID, id, sizeof id}};
    struct bk_pubkey pub;
    CK_RV rv = CALL(c, C_GetAttributeValue, s, o, a, 3);
    if (rv != CKR_OK)
        return rv;
    COUNT(c, SOAK_READ);
    if (bk_pubkey_from_cert(der, a[0].ulValueLen, &pub) || !a[1].ulValueLen || !a[2].ulValueLen)
        soak_wrong(c, SOAK_BROKEN, "a certificate of %lu bytes isn't whole", a[0].ulValueLen);
    return CKR_OK;
}

static CK_RV read_all(struct soak_client *c, CK_SESSION_HANDLE s)
{
    CK_OBJECT_CLASS class = CKO_CERTIFICATE;
    CK_ATTRIBUTE t = {CKA_CLASS, &class, sizeof class};
    CK_OBJECT_HANDLE found[16];
    CK_ULONG n = 0;
    CK_RV rv = CALL(c, C_FindObjectsInit, s, &t, 1);
    if (rv == CKR_OK)
        rv = CALL(c, C_FindObjects, s, found, 16, &n);
    if (rv == CKR_OK)
        rv = CALL(c, C_FindObjectsFinal, s);
    if (rv == CKR_OK && n < 2)
        soak_wrong(c, SOAK_BROKEN, "%lu certificates", n);
    for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++) {
        rv = read_one(c, s, found[i]);
        if (c->renewed && rv == CKR_OBJECT_HANDLE_INVALID) /* a history that is deleted */
            rv = CKR_OK;
    }
    return rv;
}

void soak_read(struct soak_client *c)
{
    soak_load(c);
    while (running()) {
        CK_SLOT_ID slots[8];
        CK_ULONG n = 8;
        CK_TOKEN_INFO info;
        unsigned slot = soak_random(&c->seed, 2);
        (void)CALL(c, C_GetSlotList, 1, slots, &n);
        (void)CALL(c, C_GetTokenInfo, slot, &info);
        CK_SESSION_HANDLE s = soak_session(c, slot, false);
        if (!s)
            continue;
        if (read_all(c, s) == CKR_OK)
            atomic_fetch_add(&c->done, 1);
        (void)CALL(c, C_CloseSession, s);
        soak_nap(soak_random(&c->seed, 40));
    }
    (void)CALL(c, C_Finalize, NULL);
}

/* --- coming and going
 * ---------------------------------------------------------------------------*/

static CK_RV use_session_objects(struct soak_client *c, CK_SESSION_HANDLE s)
{
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_BYTE value[300] = {7}, back[300];
    CK_OBJECT_HANDLE o[4] = {0};
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class}, {CKA_VALUE, value, sizeof value}};
    CK_RV rv = CKR_OK;
    for (int i = 0; rv == CKR_OK && i < 4; i++)
        rv = CALL(c, C_CreateObject, s, t, 2, &o[i]);
    for (int i = 0; rv == CKR_OK && i < 4; i++) {
        CK_ULONG len = sizeof back;
        rv = soak_bytes(c, s, o[i], CKA_VALUE, back, &len);
        if (rv == CKR_OK && (len != sizeof value || memcmp(value, back, len) != 0))
            soak_wrong(c, SOAK_LOST, "a session's object isn't what was made");
        if (rv == CKR_OK && i % 2)
            rv = CALL(c, C_DestroyObject, s, o[i]);
    }
    return rv;
}

void soak_restart(struct soak_client *c)
{
    mh_load(&soak_host, getenv("P11_MODULE"));
    while (running()) {
        bool sm2 = soak_random(&c->seed, 2);
        CK_RV rv = CALL(c, C_Initialize, NULL);
        CK_SESSION_HANDLE s = soak_session(c, sm2 ? SM2_SLOT : RSA_SLOT, true);
        CK_OBJECT_HANDLE key = s ? soak_find_key(c, s, CKA_SIGN, &rv) : 0;
        if (key)
            rv = soak_sign_once(c, s, key, sm2);
        if (key && rv == CKR_OK)
            rv = use_session_objects(c, s);
        if (key && rv == CKR_OK) {
            COUNT(c, SOAK_RESTARTED);
            atomic_fetch_add(&c->done, 1);
        }
        if (s && soak_random(&c->seed, 2))
            (void)CALL(c, C_Logout, s);
        (void)CALL(c, C_Finalize, NULL);
    }
}

/* --- waiting for events
 * -------------------------------------------------------------------------*/

static void *wait_for_events(void *client)
{
    struct soak_client *c = client;
    for (;;) {
        CK_SLOT_ID slot = 99;
        CK_RV rv = soak_host.f->C_WaitForSlotEvent(0, &slot, NULL);
        if (rv == CKR_CRYPTOKI_NOT_INITIALIZED)
            return NULL;
        if (rv == CKR_OK && slot < 2)
            COUNT(c, SOAK_EVENTS);
        else if (rv != CKR_OK)
            soak_wrong(c, SOAK_BROKEN, "C_WaitForSlotEvent: %lx", rv);
    }
}

/* One thread waits, the other ends it. */
void soak_wait(struct soak_client *c)
{
    mh_load(&soak_host, getenv("P11_MODULE"));
    while (running()) {
        pthread_t t;
        if (CALL(c, C_Initialize, NULL) != CKR_OK)
            continue;
        if (pthread_create(&t, NULL, wait_for_events, c) != 0)
            abort();
        for (unsigned i = soak_random(&c->seed, 40); i && running(); i--)
            soak_nap(100);
        (void)CALL(c, C_Finalize, NULL);
        (void)pthread_join(t, NULL);
        atomic_fetch_add(&c->done, 1);
    }
}

/* --- renewing in place
 * --------------------------------------------------------------------------*/

#define RENEWED_NAME "personalCert01"

/* All but the last of what was there before. */
static CK_RV forget_history(struct soak_client *c, CK_SESSION_HANDLE s)
{
    CK_BJCA_CONTAINER list[16] = {{.ulSize = sizeof list[0]}};
    CK_ULONG n = 16;
    soak_begin(c, "BJCA_GetContainers");
    CK_RV rv = soak_end(c, soak_host.v->BJCA_GetContainers(RSA_SLOT, list, &n));
    CK_ULONG newest = 0;
    for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++)
        if (list[i].role == CK_BJCA_HISTORY && list[i].generation > newest)
            newest = list[i].generation;
    for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++) {
        if (list[i].role != CK_BJCA_HISTORY || list[i].generation == newest)
            continue;
        soak_begin(c, "BJCA_DeleteHistory");
        rv = soak_end(c, soak_host.v->BJCA_DeleteHistory(s, list[i].name, list[i].generation));
    }
    return rv;
}

void soak_renew(struct soak_client *c)
{
    soak_load(c);
    while (running()) {
        CK_SESSION_HANDLE s = soak_session(c, RSA_SLOT, true);
        if (!s)
            continue;
        soak_begin(c, "renewal");
        CK_RV rv = soak_end(c, mh_renew(&soak_host, s, RENEWED_NAME, CKK_SM2, 0));
        if (rv == CKR_OK)
            rv = forget_history(c, s);
        if (rv == CKR_OK) {
            COUNT(c, SOAK_RENEWED);
            atomic_fetch_add(&c->done, 1);
            for (unsigned i = 50 + soak_random(&c->seed, 150); i && running(); i--)
                soak_nap(100);
        }
        (void)CALL(c, C_CloseSession, s);
    }
    (void)CALL(c, C_Finalize, NULL);
}

/* --- after it all
 * -------------------------------------------------------------------------------*/

bool soak_all_well(CK_ULONG *user_tries, CK_ULONG *admin_tries)
{
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    bool well = soak_host.f->C_Initialize(NULL) == CKR_OK;
    for (CK_SLOT_ID slot = 0; well && slot < 2; slot++) {
        CK_SESSION_HANDLE s = mh_try_login(&soak_host, slot, getenv("KEY_PIN"));
        well = s && mh_identity_works(&soak_host, s);
    }
    if (soak_host.v->BJCA_GetStatus(RSA_SLOT, &st) != CKR_OK)
        return false;
    *user_tries = st.userTriesLeft;
    *admin_tries = st.adminTriesLeft;
    return soak_host.f->C_Finalize(NULL) == CKR_OK && well;
}
