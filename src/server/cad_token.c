/* SPDX-License-Identifier: Apache-2.0 */
#include "server/cad_token.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <pkcs11-helper-1.0/pkcs11.h>

#include "base/log.h"
#include "pkcs11/bjca-pkcs11.h"
#include "server/p11_parts.h"

#define MAKE_BITS 2048u

/* A session has one signature at a time, whoever's key it is of. */
static pthread_mutex_t signing = PTHREAD_MUTEX_INITIALIZER;

static enum bk_err read_rsa(const struct bk_cad_token_key *key, CK_SESSION_HANDLE session,
                            CK_OBJECT_HANDLE object, struct bk_pubkey *pub)
{
    uint8_t n[BK_RSA_MAX], e[8];
    CK_ATTRIBUTE parts[] = {{CKA_MODULUS, n, sizeof n}, {CKA_PUBLIC_EXPONENT, e, sizeof e}};
    CK_RV rv = key->p11->list->C_GetAttributeValue(session, object, parts, 2);
    return rv == CKR_OK ? bk_pubkey_rsa(n, parts[0].ulValueLen, e, parts[1].ulValueLen, pub)
                        : bk_p11_from_rv(rv);
}

/* CKA_EC_POINT: 04 ‖ X ‖ Y in an OCTET STRING. */
static enum bk_err read_sm2(const struct bk_cad_token_key *key, CK_SESSION_HANDLE session,
                            CK_OBJECT_HANDLE object, struct bk_pubkey *pub)
{
    uint8_t point[80];
    CK_ATTRIBUTE part = {CKA_EC_POINT, point, sizeof point};
    CK_RV rv = key->p11->list->C_GetAttributeValue(session, object, &part, 1);
    if (rv != CKR_OK)
        return bk_p11_from_rv(rv);
    return part.ulValueLen == 67 && point[0] == 0x04 && point[1] == 65 && point[2] == 0x04
               ? bk_pubkey_sm2(point + 3, point + 35, pub)
               : BK_EFORMAT;
}

static enum bk_err make_rsa(const struct bk_cad_token_key *key, CK_SESSION_HANDLE session,
                            char *why, size_t size)
{
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    CK_ULONG bits = MAKE_BITS;
    CK_BYTE e[] = {1, 0, 1};
    CK_OBJECT_HANDLE made[2];
    CK_MECHANISM generate = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE label = {CKA_LABEL, (void *)(uintptr_t)key->name.object, strlen(key->name.object)};
    CK_ATTRIBUTE pub[] = {{CKA_TOKEN, &yes, sizeof yes},
                          {CKA_MODULUS_BITS, &bits, sizeof bits},
                          {CKA_PUBLIC_EXPONENT, e, sizeof e},
                          {CKA_VERIFY, &yes, sizeof yes},
                          label};
    CK_ATTRIBUTE priv[] = {{CKA_TOKEN, &yes, sizeof yes},     {CKA_PRIVATE, &yes, sizeof yes},
                           {CKA_SENSITIVE, &yes, sizeof yes}, {CKA_EXTRACTABLE, &no, sizeof no},
                           {CKA_SIGN, &yes, sizeof yes},      label};
    CK_RV rv =
        key->p11->list->C_GenerateKeyPair(session, &generate, pub, 5, priv, 6, &made[0], &made[1]);
    return rv == CKR_OK ? BK_OK : bk_p11_said(why, size, "C_GenerateKeyPair", rv);
}

static enum bk_err take_key(void *context, CK_SESSION_HANDLE session, char *why, size_t size)
{
    struct bk_cad_token_key *key = context;
    const char *label = key->name.object;
    CK_KEY_TYPE type = key->alg == BK_ALG_SM2 ? CKK_SM2 : CKK_RSA;
    CK_OBJECT_HANDLE found[2] = {0};
    CK_ULONG n = 0;
    CK_RV rv = bk_p11_find(key->p11, session, CKO_PRIVATE_KEY, type, label, found, &n);
    if (rv != CKR_OK)
        return bk_p11_said(why, size, "C_FindObjects", rv);
    if (n != 1) {
        (void)snprintf(why, size, "the PKCS#11 token has %s private key \"%s\"",
                       n ? "more than one" : "no", label);
        return n ? BK_EEXISTS : BK_ENOTFOUND;
    }
    CK_OBJECT_HANDLE private = found[0];
    rv = bk_p11_find(key->p11, session, CKO_PUBLIC_KEY, type, label, found, &n);
    if (rv != CKR_OK || n != 1) {
        (void)snprintf(why, size, "the PKCS#11 token has no public key \"%s\"", label);
        return BK_ENOTFOUND;
    }
    enum bk_err err = key->alg == BK_ALG_SM2 ? read_sm2(key, session, found[0], &key->pub)
                                             : read_rsa(key, session, found[0], &key->pub);
    if (err != BK_OK)
        (void)snprintf(why, size, "the public key \"%s\" of the PKCS#11 token can't be read (%s)",
                       label, bk_err_name(err));
    else
        key->object = private;
    return err;
}

static enum bk_err look_for(struct bk_cad_token_key *key, bool make, char *why, size_t size)
{
    struct bk_p11_session session = {key->session, key->open};
    enum bk_err err = bk_p11_look(key->p11, key->name.token, take_key, key, &session, why, size);
    if (err == BK_ENOTFOUND && make && session.open && key->alg == BK_ALG_RSA &&
        (err = make_rsa(key, session.handle, why, size)) == BK_OK)
        err = take_key(key, session.handle, why, size);
    key->session = session.handle;
    key->open = session.open;
    return err;
}

enum bk_err bk_cad_token_key(struct bk_p11 *p11, enum bk_alg alg, const char *uri, bool make,
                             struct bk_cad_token_key *key, char *why, size_t size)
{
    *key = (struct bk_cad_token_key){.p11 = p11, .alg = alg};
    enum bk_err err = bk_p11_read_uri(uri, &key->name, why, size);
    if (err == BK_OK)
        err = look_for(key, make, why, size);
    if (err != BK_OK)
        key->name.object[0] = 0;
    return err;
}

static CK_RV sign_once(const struct bk_cad_token_key *key, const uint8_t *in, size_t len,
                       CK_BYTE *out, CK_ULONG *out_len)
{
    CK_FUNCTION_LIST *list = key->p11->list;
    CK_MECHANISM how = {key->alg == BK_ALG_SM2 ? CKM_SM2_SIGN_NO_DER : CKM_RSA_PKCS, NULL, 0};
    CK_RV rv =
        key->open ? list->C_SignInit(key->session, &how, key->object) : CKR_SESSION_HANDLE_INVALID;
    return rv == CKR_OK
               ? list->C_Sign(key->session, (CK_BYTE *)(uintptr_t)in, (CK_ULONG)len, out, out_len)
               : rv;
}

static bool may_be_back(CK_RV rv)
{
    return rv == CKR_SESSION_HANDLE_INVALID || rv == CKR_SESSION_CLOSED ||
           rv == CKR_DEVICE_REMOVED || rv == CKR_TOKEN_NOT_PRESENT ||
           rv == CKR_USER_NOT_LOGGED_IN || rv == CKR_KEY_HANDLE_INVALID;
}

static enum bk_err sign(struct bk_cad_token_key *key, const uint8_t *in, size_t len,
                        struct bk_buf *signature)
{
    char why[256] = "";
    CK_BYTE out[BK_RSA_MAX];
    CK_ULONG n = sizeof out;
    CK_RV rv = sign_once(key, in, len, out, &n);
    if (may_be_back(rv)) {
        struct bk_cad_token_key found = *key; /* others read its public key */
        enum bk_err err = look_for(&found, false, why, sizeof why);
        if (err == BK_OK && !bk_pubkey_equal(&found.pub, &key->pub))
            err = BK_EVERIFY; /* another token of that name */
        key->session = found.session;
        key->object = found.object;
        key->open = found.open;
        if (err != BK_OK) {
            bk_log(BK_LOG_ERROR, "cad: %s", *why ? why : bk_err_name(err));
            return err;
        }
        n = sizeof out;
        rv = sign_once(key, in, len, out, &n);
    }
    if (rv != CKR_OK)
        bk_log(BK_LOG_ERROR, "cad: the PKCS#11 token doesn't sign: %lx", rv);
    return rv == CKR_OK ? bk_buf_put(signature, out, n) : bk_p11_from_rv(rv);
}

enum bk_err bk_cad_token_sign(void *context, const uint8_t *in, size_t len,
                              struct bk_buf *signature)
{
    struct bk_cad_token_key *key = context;
    (void)pthread_mutex_lock(&signing);
    enum bk_err err = sign(key, in, len, signature);
    (void)pthread_mutex_unlock(&signing);
    return err;
}
