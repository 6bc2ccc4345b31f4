/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key-probe: is every identity of the key whole? Logs in with the PIN on descriptor 3, and for each
 * current container that has a signing certificate signs and verifies with that certificate; for
 * each current or old one that has an encryption certificate decrypts what was encrypted to it. One
 * line a container. Exit code 1 when any fails or there is none, 4 for a PIN that isn't taken.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"
#include "crypto/ctx.h"
#include "crypto/sm2.h"
#include "crypto/x509.h"
#include "workflow/module.h"

static struct bk_module module;
static struct bk_failure failure;

static int complain(const char *what, enum bk_err err)
{
    fprintf(stderr, "key-probe: %s: %s %s (rv 0x%lx)\n", what, bk_err_name(err), failure.text,
            failure.rv);
    return err == BK_EPIN_WRONG || err == BK_EPIN_LOCKED ? 4 : 1;
}

static enum bk_err read_cert(CK_SLOT_ID slot, const CK_BJCA_CONTAINER *c, CK_ULONG which,
                             struct bk_x509 **cert)
{
    struct bk_buf der = BK_BUF_INIT;
    enum bk_err err = bk_module_certificate(&module, slot, c, which, &der, &failure);
    if (err == BK_OK)
        err = bk_x509_parse(der.data, der.len, cert);
    bk_buf_free(&der);
    return err;
}

static enum bk_err probe_signature(CK_SLOT_ID slot, CK_SESSION_HANDLE session,
                                   const CK_BJCA_CONTAINER *c)
{
    struct bk_buf signature = BK_BUF_INIT;
    struct bk_x509 *cert = NULL;
    uint8_t data[64];
    enum bk_err err = read_cert(slot, c, CK_BJCA_SIGNING, &cert);
    if (err == BK_OK)
        err = bk_random(data, sizeof data);
    if (err == BK_OK)
        err = bk_module_sign(&module, session, c, data, sizeof data, &signature, &failure);
    if (err == BK_OK)
        err = bk_pubkey_verify_message(&cert->key, data, sizeof data, signature.data,
                                       signature.len);
    bk_buf_free(&signature);
    bk_x509_free(&cert);
    return err;
}

static CK_RV find(CK_SESSION_HANDLE session, CK_ATTRIBUTE *template, CK_ULONG n,
                  CK_OBJECT_HANDLE *object)
{
    CK_ULONG found = 0;
    CK_RV rv = module.p11->C_FindObjectsInit(session, template, n);
    if (rv == CKR_OK)
        rv = module.p11->C_FindObjects(session, object, 1, &found);
    (void)module.p11->C_FindObjectsFinal(session);
    return rv == CKR_OK && found != 1 ? CKR_OBJECT_HANDLE_INVALID : rv;
}

/* The private key that belongs to a certificate, by CKA_ID, as any PKCS#11 program finds it. */
static CK_RV find_key(CK_SESSION_HANDLE session, struct bk_x509 *cert, CK_OBJECT_HANDLE *key)
{
    CK_OBJECT_CLASS is_cert = CKO_CERTIFICATE, is_key = CKO_PRIVATE_KEY;
    CK_BYTE id[64];
    CK_OBJECT_HANDLE object = 0;
    CK_ATTRIBUTE by_value[] = {{CKA_CLASS, &is_cert, sizeof is_cert},
                               {CKA_VALUE, cert->der.data, cert->der.len}};
    CK_ATTRIBUTE by_id[] = {{CKA_CLASS, &is_key, sizeof is_key}, {CKA_ID, id, sizeof id}};
    CK_RV rv = find(session, by_value, 2, &object);
    if (rv == CKR_OK)
        rv = module.p11->C_GetAttributeValue(session, object, &by_id[1], 1);
    return rv == CKR_OK ? find(session, by_id, 2, key) : rv;
}

static enum bk_err encrypt(const struct bk_pubkey *pub, const void *data, size_t len,
                           struct bk_buf *out)
{
    struct bk_sm2_cipher cipher = {0};
    if (pub->alg == BK_ALG_RSA)
        return bk_rsa_encrypt(pub, data, len, out);
    enum bk_err err = bk_sm2_encrypt(pub, data, len, &cipher);
    if (err == BK_OK)
        err = bk_sm2_cipher_to_der(&cipher, out);
    bk_sm2_cipher_free(&cipher);
    return err;
}

static enum bk_err probe_decryption(CK_SLOT_ID slot, CK_SESSION_HANDLE session,
                                    const CK_BJCA_CONTAINER *c)
{
    struct bk_buf sealed = BK_BUF_INIT;
    struct bk_x509 *cert = NULL;
    uint8_t data[16], got[512];
    CK_ULONG len = sizeof got;
    CK_OBJECT_HANDLE key = 0;
    enum bk_err err = read_cert(slot, c, CK_BJCA_ENCRYPTION, &cert);
    if (err == BK_OK)
        err = bk_random(data, sizeof data);
    if (err == BK_OK)
        err = encrypt(&cert->key, data, sizeof data, &sealed);
    if (err != BK_OK)
        goto out;
    CK_MECHANISM mechanism = {c->keyType == CKK_RSA ? CKM_RSA_PKCS : CKM_SM2_ENCRYPT_DER, NULL, 0};
    CK_RV rv = find_key(session, cert, &key);
    if (rv == CKR_OK)
        rv = module.p11->C_DecryptInit(session, &mechanism, key);
    if (rv == CKR_OK)
        rv = module.p11->C_Decrypt(session, sealed.data, sealed.len, got, &len);
    err = bk_module_result(&module, rv, &failure);
    if (err == BK_OK && (len != sizeof data || memcmp(got, data, len) != 0))
        err = BK_EVERIFY;
out:
    bk_buf_free(&sealed);
    bk_x509_free(&cert);
    return err;
}

/* A logged-in session on the container's slot, kept for the next of the same slot. */
static enum bk_err session_for(CK_SLOT_ID slot, struct bk_secret *pin, CK_SESSION_HANDLE *session)
{
    static CK_SLOT_ID of;
    static CK_SESSION_HANDLE open;
    if (open && of == slot) {
        *session = open;
        return BK_OK;
    }
    CK_RV rv = module.p11->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &open);
    if (rv == CKR_OK)
        rv = module.p11->C_Login(open, CKU_USER, pin->data, pin->len);
    if (rv == CKR_USER_ALREADY_LOGGED_IN)
        rv = CKR_OK;
    of = slot;
    *session = open;
    return bk_module_result(&module, rv, &failure);
}

static int probe(CK_SLOT_ID slot, struct bk_secret *pin)
{
    CK_BJCA_CONTAINER list[BK_CONTAINERS_MAX];
    size_t n = BK_CONTAINERS_MAX, whole = 0;
    enum bk_err err = bk_module_containers(&module, slot, list, &n, &failure);
    if (err != BK_OK)
        return complain("containers", err);
    for (size_t i = 0; i < n; i++) {
        const CK_BJCA_CONTAINER *c = &list[i];
        CK_SESSION_HANDLE session = 0;
        if (c->role == CK_BJCA_STAGED)
            continue;
        err = session_for(c->slotID, pin, &session);
        if (err != BK_OK)
            return complain("log-in", err);
        if (c->role == CK_BJCA_CURRENT && c->hasSigningCert)
            err = probe_signature(slot, session, c);
        if (err == BK_OK && c->hasEncryptionCert)
            err = probe_decryption(slot, session, c);
        if (err != BK_OK)
            return complain((const char *)c->name, err);
        printf("%s %lu %s\n", c->name, c->generation,
               c->role == CK_BJCA_CURRENT ? "current" : "history");
        whole += c->role == CK_BJCA_CURRENT && c->hasSigningCert;
    }
    return whole ? 0 : complain("no identity", BK_ENOTFOUND);
}

int main(void)
{
    struct bk_secret pin = BK_SECRET_INIT;
    struct bk_key keys[BK_KEYS_MAX];
    size_t n = BK_KEYS_MAX;
    char line[64];
    int code = 1;
    ssize_t len = read(3, line, sizeof line - 1);
    while (len > 0 && line[len - 1] == '\n')
        len--;
    if (len < 0 || bk_secret_set(&pin, line, (size_t)len) != BK_OK)
        return complain("no PIN on descriptor 3", BK_EINVAL);
    enum bk_err err = bk_module_open(getenv("P11_MODULE"), &module, &failure);
    if (err == BK_OK)
        err = bk_module_keys(&module, keys, &n, &failure);
    if (err != BK_OK || n != 1)
        code = complain("no key", err == BK_OK ? BK_ENOKEY : err);
    else
        code = probe(keys[0].slot, &pin);
    bk_secret_free(&pin);
    bk_module_close(&module);
    return code;
}
