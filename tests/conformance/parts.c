/* SPDX-License-Identifier: Apache-2.0 */
/* Data that comes in parts, lengths that are asked for first, buffers that just fit, two operations
 * at once. Clauses are those of PKCS#11 2.40, and 3.0. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "modcase.h"
#include "runner.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define MIB ((CK_ULONG)1 << 20)

static CK_BBOOL yes = CK_TRUE;
static CK_BYTE iv[16] = {9};
static CK_RSA_PKCS_OAEP_PARAMS oaep = {CKM_SHA256, CKG_MGF1_SHA256, CKZ_DATA_SPECIFIED, NULL, 0};

static CK_OBJECT_HANDLE make_sm4(CK_SESSION_HANDLE s)
{
    CK_MECHANISM generate = {CKM_SM4_KEY_GEN, NULL, 0};
    CK_OBJECT_HANDLE o = 0;
    ck_assert_uint_eq(h.f->C_GenerateKey(s, &generate, NULL, 0, &o), CKR_OK);
    return o;
}

/* --- 5.2: NULL asks for the length, and nothing else happens
 * ------------------------------------*/

static const struct {
    const char *name;
    CK_SLOT_ID slot;
    CK_MECHANISM mech;
    CK_ULONG exact; /* of the ciphertext beyond the data; 0: the modulus, or whatever it takes */
} ciphers[] = {
    {"5.2 CKM_RSA_PKCS", 0, {CKM_RSA_PKCS, NULL, 0}, 0},
    {"5.2 CKM_RSA_X_509", 0, {CKM_RSA_X_509, NULL, 0}, 0},
    {"5.2 CKM_RSA_PKCS_OAEP", 0, {CKM_RSA_PKCS_OAEP, &oaep, sizeof oaep}, 0},
    {"5.2 CKM_SM2_ENCRYPT", 1, {CKM_SM2_ENCRYPT, NULL, 0}, 97},
    {"5.2 CKM_SM2_ENCRYPT_DER", 1, {CKM_SM2_ENCRYPT_DER, NULL, 0}, 0},
    {"5.2 CKM_SM4_ECB", 0, {CKM_SM4_ECB, NULL, 0}, 0},
    {"5.2 CKM_SM4_CBC", 1, {CKM_SM4_CBC, iv, sizeof iv}, 0},
};

typedef CK_RV (*updater)(CK_SESSION_HANDLE, CK_BYTE *, CK_ULONG, CK_BYTE *, CK_ULONG *);
typedef CK_RV (*finisher)(CK_SESSION_HANDLE, CK_BYTE *, CK_ULONG *);

/* Each part, and the end, by the two calls. */
static CK_ULONG in_two_calls(CK_SESSION_HANDLE s, updater update, finisher final, CK_BYTE *in,
                             CK_ULONG len, CK_BYTE *out, const char *name)
{
    CK_ULONG at = 0, n = 0;
    for (CK_ULONG i = 0; i < len; i += 32) {
        CK_ULONG take = len - i < 32 ? len - i : 32;
        ck_assert_msg(update(s, in + i, take, NULL, &n) == CKR_OK, "%s: length", name);
        ck_assert_msg(update(s, in + i, take, out + at, &n) == CKR_OK, "%s: part", name);
        at += n;
    }
    ck_assert_msg(final(s, NULL, &n) == CKR_OK, "%s: length of the end", name);
    CK_RV rv = final(s, out + at, &n);
    ck_assert_msg(rv == CKR_OK, "%s: end: %lx", name, rv);
    return at + n;
}

START_TEST(a_length_query_takes_no_data)
{
    const char *name = ciphers[_i].name;
    CK_MECHANISM m = ciphers[_i].mech;
    CK_SESSION_HANDLE s = mh_login(&h, ciphers[_i].slot);
    bool secret = m.mechanism == CKM_SM4_ECB || m.mechanism == CKM_SM4_CBC;
    CK_OBJECT_HANDLE sm4 = secret ? make_sm4(s) : 0;
    CK_OBJECT_HANDLE pub = secret ? sm4 : mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT),
                     priv = secret ? sm4 : mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT);
    CK_BYTE in[80] = {0}, sealed[600], out[600];
    for (size_t i = 1; i < sizeof in; i++)
        in[i] = (CK_BYTE)i;
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &m, pub), CKR_OK);
    CK_ULONG len =
        in_two_calls(s, h.f->C_EncryptUpdate, h.f->C_EncryptFinal, in, sizeof in, sealed, name);
    ck_assert_uint_eq(h.f->C_DecryptInit(s, &m, priv), CKR_OK);
    len = in_two_calls(s, h.f->C_DecryptUpdate, h.f->C_DecryptFinal, sealed, len, out, name);
    size_t zeros = m.mechanism == CKM_RSA_X_509 ? 256 - sizeof in : 0;
    ck_assert_msg(len == zeros + sizeof in, "%s: %lu bytes", name, len);
    ck_assert_mem_eq(out + zeros, in, sizeof in);
}
END_TEST

/* The length told is enough, for a wrapped key as well, however often; where it is known beforehand
 * a buffer of just that length does. */
START_TEST(the_length_told_suffices)
{
    const char *name = ciphers[_i].name;
    CK_MECHANISM m = ciphers[_i].mech;
    CK_SESSION_HANDLE s = mh_login(&h, ciphers[_i].slot);
    bool secret = m.mechanism == CKM_SM4_ECB || m.mechanism == CKM_SM4_CBC,
         wraps = m.mechanism != CKM_RSA_X_509;
    CK_OBJECT_HANDLE key = make_sm4(s);
    CK_OBJECT_HANDLE pub = secret ? make_sm4(s) : mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT);
    CK_BYTE in[16] = {0}, out[600];
    for (int i = 0; i < 200; i++) {
        CK_ULONG n = 0;
        ck_assert_uint_eq(h.f->C_EncryptInit(s, &m, pub), CKR_OK);
        ck_assert_uint_eq(h.f->C_Encrypt(s, in, sizeof in, NULL, &n), CKR_OK);
        if (ciphers[_i].exact)
            ck_assert_msg(n == sizeof in + ciphers[_i].exact, "%s: told %lu", name, n);
        CK_RV rv = h.f->C_Encrypt(s, in, sizeof in, out, &n);
        ck_assert_msg(rv == CKR_OK, "%s: %lx", name, rv);
        rv = wraps ? h.f->C_WrapKey(s, &m, pub, key, NULL, &n) : CKR_OK;
        ck_assert_msg(rv == CKR_OK, "%s, wrapped: length: %lx", name, rv);
        rv = wraps ? h.f->C_WrapKey(s, &m, pub, key, out, &n) : CKR_OK;
        ck_assert_msg(rv == CKR_OK, "%s, wrapped: %lx", name, rv);
    }
}
END_TEST

/* 5.2: too little room leaves the operation as it was and tells what is enough. */
START_TEST(a_short_buffer_is_told_what_is_enough)
{
    CK_MECHANISM der = {CKM_SM2_ENCRYPT_DER, NULL, 0};
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    CK_OBJECT_HANDLE pub = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT),
                     priv = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT);
    CK_BYTE in[200] = {7}, sealed[400], out[400];
    for (int i = 0; i < 50; i++) {
        CK_ULONG n = 250, len = sizeof out;
        ck_assert_uint_eq(h.f->C_EncryptInit(s, &der, pub), CKR_OK);
        ck_assert_uint_eq(h.f->C_Encrypt(s, in, sizeof in, sealed, &n), CKR_BUFFER_TOO_SMALL);
        ck_assert_uint_eq(h.f->C_Encrypt(s, in, sizeof in, sealed, &n), CKR_OK);
        ck_assert_uint_eq(h.f->C_DecryptInit(s, &der, priv), CKR_OK);
        ck_assert_uint_eq(h.f->C_Decrypt(s, sealed, n, out, &len), CKR_OK);
        ck_assert_uint_eq(len, sizeof in);
        ck_assert_mem_eq(out, in, sizeof in);
    }
}
END_TEST

/* --- very long parts
 * ----------------------------------------------------------------------------*/

/* 5.8 to 5.13: what is only digested may be as long as it likes; what has to be kept or given out
 * has a limit, and that is said. */
START_TEST(very_long_parts)
{
    CK_SESSION_HANDLE s = mc_session(0);
    CK_MECHANISM sha = {CKM_SHA256, NULL, 0}, ecb = {CKM_SM4_ECB, NULL, 0};
    CK_ULONG size = 65 * MIB, n = 32;
    CK_OBJECT_HANDLE key = make_sm4(s);
    CK_BYTE *data = calloc(1, size), one[32], parts[32];
    ck_assert_ptr_nonnull(data);
    ck_assert_uint_eq(h.f->C_DigestInit(s, &sha), CKR_OK);
    ck_assert_uint_eq(h.f->C_Digest(s, data, size, one, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestInit(s, &sha), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestUpdate(s, data, size), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestFinal(s, parts, &n), CKR_OK);
    ck_assert_mem_eq(one, parts, sizeof one);
    for (int update = 0; update < 2; update++) {
        ck_assert_uint_eq(h.f->C_EncryptInit(s, &ecb, key), CKR_OK);
        n = size;
        ck_assert_uint_eq(update ? h.f->C_EncryptUpdate(s, data, size, data, &n)
                                 : h.f->C_Encrypt(s, data, size, data, &n),
                          CKR_DATA_LEN_RANGE);
        ck_assert_uint_eq(h.f->C_EncryptFinal(s, data, &n), CKR_OPERATION_NOT_INITIALIZED);
        ck_assert_uint_eq(h.f->C_DecryptInit(s, &ecb, key), CKR_OK);
        n = size;
        ck_assert_uint_eq(update ? h.f->C_DecryptUpdate(s, data, size, data, &n)
                                 : h.f->C_Decrypt(s, data, size, data, &n),
                          CKR_ENCRYPTED_DATA_LEN_RANGE);
        ck_assert_uint_eq(h.f->C_DecryptFinal(s, data, &n), CKR_OPERATION_NOT_INITIALIZED);
    }
    free(data);
}
END_TEST

/* --- 5.15: two at once are what the two would be one by one
 * -------------------------------------*/

START_TEST(both_operations_must_have_begun)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_MECHANISM ecb = {CKM_SM4_ECB, NULL, 0}, sha = {CKM_SHA256, NULL, 0};
    CK_BYTE in[32] = {5}, sealed[32], want[32], out[32], digest[32], sum[32];
    CK_ULONG n = sizeof out;
    CK_OBJECT_HANDLE key = make_sm4(s);
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &ecb, key), CKR_OK);
    ck_assert_uint_eq(h.f->C_Encrypt(s, in, 32, sealed, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestInit(s, &sha), CKR_OK);
    ck_assert_uint_eq(h.f->C_Digest(s, in, 16, sum, &n), CKR_OK);
    /* the cipher alone: it hasn't moved on */
    n = sizeof out;
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &ecb, key), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestEncryptUpdate(s, in, 9, out, &n), CKR_OPERATION_NOT_INITIALIZED);
    ck_assert_uint_eq(h.f->C_SignEncryptUpdate(s, in, 9, out, &n), CKR_OPERATION_NOT_INITIALIZED);
    ck_assert_uint_eq(h.f->C_EncryptUpdate(s, in, 32, want, &n), CKR_OK);
    ck_assert_uint_eq(n, 32);
    ck_assert_mem_eq(want, sealed, 32);
    ck_assert_uint_eq(h.f->C_DecryptInit(s, &ecb, key), CKR_OK);
    n = sizeof out;
    ck_assert_uint_eq(h.f->C_DecryptDigestUpdate(s, sealed, 9, out, &n),
                      CKR_OPERATION_NOT_INITIALIZED);
    ck_assert_uint_eq(h.f->C_DecryptVerifyUpdate(s, sealed, 9, out, &n),
                      CKR_OPERATION_NOT_INITIALIZED);
    ck_assert_uint_eq(h.f->C_DecryptUpdate(s, sealed, 32, out, &n), CKR_OK);
    ck_assert_uint_eq(n, 32);
    /* the digest alone */
    ck_assert_uint_eq(h.f->C_EncryptInit(s, NULL, 0), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestInit(s, &sha), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestEncryptUpdate(s, in, 16, out, &n),
                      CKR_OPERATION_NOT_INITIALIZED);
    ck_assert_uint_eq(h.f->C_DigestUpdate(s, in, 16), CKR_OK);
    n = sizeof digest;
    ck_assert_uint_eq(h.f->C_DigestFinal(s, digest, &n), CKR_OK);
    ck_assert_mem_eq(digest, sum, sizeof sum);
}
END_TEST

/* 5.8: data and ciphertext may be in the same place. */
START_TEST(both_in_place)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_MECHANISM ecb = {CKM_SM4_ECB, NULL, 0}, sha = {CKM_SHA256, NULL, 0},
                 sign = {CKM_SHA256_RSA_PKCS, NULL, 0};
    CK_BYTE in[32] = {5}, data[32], want[32], digest[32], sig[256], signature[256];
    CK_ULONG n = sizeof want, sig_len = sizeof sig;
    CK_OBJECT_HANDLE key = make_sm4(s), priv = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN),
                     pub = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_VERIFY);
    ck_assert_uint_eq(h.f->C_DigestInit(s, &sha), CKR_OK);
    ck_assert_uint_eq(h.f->C_Digest(s, in, sizeof in, want, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignInit(s, &sign, priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_Sign(s, in, sizeof in, signature, &sig_len), CKR_OK);
    memcpy(data, in, sizeof in);
    ck_assert_uint_eq(h.f->C_DigestInit(s, &sha), CKR_OK);
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &ecb, key), CKR_OK);
    n = 31;
    ck_assert_uint_eq(h.f->C_DigestEncryptUpdate(s, data, 32, NULL, &n), CKR_OK);
    ck_assert_uint_eq(n, 32);
    n = 31;
    ck_assert_uint_eq(h.f->C_DigestEncryptUpdate(s, data, 32, data, &n), CKR_BUFFER_TOO_SMALL);
    ck_assert_uint_eq(h.f->C_DigestEncryptUpdate(s, data, 32, data, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestFinal(s, digest, &n), CKR_OK);
    ck_assert_mem_eq(digest, want, 32);
    ck_assert_mem_ne(data, in, 32);
    ck_assert_uint_eq(h.f->C_EncryptInit(s, NULL, 0), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestInit(s, &sha), CKR_OK);
    ck_assert_uint_eq(h.f->C_DecryptInit(s, &ecb, key), CKR_OK);
    ck_assert_uint_eq(h.f->C_DecryptDigestUpdate(s, data, 32, data, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestFinal(s, digest, &n), CKR_OK);
    ck_assert_mem_eq(digest, want, 32);
    ck_assert_mem_eq(data, in, 32);
    ck_assert_uint_eq(h.f->C_DecryptInit(s, NULL, 0), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignInit(s, &sign, priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &ecb, key), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignEncryptUpdate(s, data, 32, data, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignFinal(s, sig, &sig_len), CKR_OK);
    ck_assert_mem_eq(sig, signature, sizeof sig);
    ck_assert_uint_eq(h.f->C_DecryptInit(s, &ecb, key), CKR_OK);
    ck_assert_uint_eq(h.f->C_VerifyInit(s, &sign, pub), CKR_OK);
    ck_assert_uint_eq(h.f->C_DecryptVerifyUpdate(s, data, 32, data, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_VerifyFinal(s, sig, sig_len), CKR_OK);
    /* a cipher that gives out nothing before its end still digests each part once */
    CK_MECHANISM pkcs = {CKM_RSA_PKCS, NULL, 0};
    CK_OBJECT_HANDLE enc = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT);
    ck_assert_uint_eq(h.f->C_EncryptInit(s, NULL, 0), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestInit(s, &sha), CKR_OK);
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &pkcs, enc), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestEncryptUpdate(s, in, 32, NULL, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestEncryptUpdate(s, in, 32, sig, &n), CKR_OK);
    n = 32;
    ck_assert_uint_eq(h.f->C_DigestFinal(s, digest, &n), CKR_OK);
    ck_assert_mem_eq(digest, want, 32);
}
END_TEST

/* 5.6 of 3.0: every kind of operation can be cancelled, a search too. */
START_TEST(a_search_can_be_cancelled)
{
    CK_SESSION_HANDLE s = mc_session(0);
    CK_OBJECT_HANDLE o = 0;
    CK_ATTRIBUTE token = {CKA_TOKEN, &yes, 1};
    CK_ULONG n = 0;
    ck_assert_uint_eq(h.f->C_FindObjectsInit(s, &token, 1), CKR_OK);
    ck_assert_uint_eq(h.f->C_SessionCancel(s, CKF_DIGEST), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjects(s, &o, 1, &n), CKR_OK);
    ck_assert_uint_eq(n, 1);
    ck_assert_uint_eq(h.f->C_SessionCancel(s, 0x40 /* CKF_FIND_OBJECTS */), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjects(s, &o, 1, &n), CKR_OPERATION_NOT_INITIALIZED);
    ck_assert_uint_eq(h.f->C_FindObjectsInit(s, &token, 1), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsFinal(s), CKR_OK);
}
END_TEST

/* --- 5.6.6, 5.6.7: an operation goes on in another session
 * -------------------------------------------------------------------------------------*/

static CK_BYTE state[4096];

static CK_ULONG save(CK_SESSION_HANDLE s)
{
    CK_ULONG n = 0, short_of = 0;
    ck_assert_uint_eq(h.f->C_GetOperationState(s, NULL, &n), CKR_OK);
    short_of = n - 1;
    ck_assert_uint_eq(h.f->C_GetOperationState(s, state, &short_of), CKR_BUFFER_TOO_SMALL);
    ck_assert_uint_eq(short_of, n);
    n = sizeof state;
    ck_assert_uint_eq(h.f->C_GetOperationState(s, state, &n), CKR_OK);
    ck_assert_uint_eq(n, short_of);
    return n;
}

START_TEST(a_cipher_goes_on_where_it_was)
{
    CK_MECHANISM m = {_i ? CKM_SM4_CBC : CKM_SM4_ECB, _i ? iv : NULL, _i ? sizeof iv : 0};
    CK_BYTE in[64], whole[64], parts[64];
    CK_ULONG n = sizeof whole, at = 0;
    CK_SESSION_HANDLE s = mc_session(0), other = mc_session(0);
    CK_OBJECT_HANDLE one = make_sm4(s), two = make_sm4(s);
    memset(in, 'x', sizeof in);
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &m, one), CKR_OK);
    ck_assert_uint_eq(h.f->C_Encrypt(s, in, sizeof in, whole, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &m, one), CKR_OK);
    at = sizeof parts;
    ck_assert_uint_eq(h.f->C_EncryptUpdate(s, in, 21, parts, &at), CKR_OK);
    CK_ULONG len = save(s);
    ck_assert_uint_eq(h.f->C_SetOperationState(other, state, len, 0, 0), CKR_KEY_NEEDED);
    ck_assert_uint_eq(h.f->C_SetOperationState(other, state, len, one, one), CKR_KEY_NOT_NEEDED);
    ck_assert_uint_eq(h.f->C_SetOperationState(other, state, len, two, 0), CKR_KEY_CHANGED);
    ck_assert_uint_eq(h.f->C_SetOperationState(other, state, len, 9999, 0), CKR_KEY_HANDLE_INVALID);
    for (CK_ULONG i = 0; i < len; i++) {
        state[i] ^= 1;
        ck_assert_uint_eq(h.f->C_SetOperationState(other, state, len, one, 0),
                          CKR_SAVED_STATE_INVALID);
        state[i] ^= 1;
        ck_assert_uint_eq(h.f->C_SetOperationState(other, state, i, one, 0),
                          CKR_SAVED_STATE_INVALID);
    }
    ck_assert_uint_eq(h.f->C_SetOperationState(other, state, len, one, 0), CKR_OK);
    n = sizeof parts - at;
    ck_assert_uint_eq(h.f->C_Encrypt(other, in, 1, parts + at, &n), CKR_OPERATION_ACTIVE);
    ck_assert_uint_eq(h.f->C_SetOperationState(other, state, len, one, 0), CKR_OK);
    n = sizeof parts - at;
    ck_assert_uint_eq(h.f->C_EncryptUpdate(other, in + 21, sizeof in - 21, parts + at, &n), CKR_OK);
    at += n;
    n = sizeof parts - at;
    ck_assert_uint_eq(h.f->C_EncryptFinal(other, parts + at, &n), CKR_OK);
    ck_assert_uint_eq(at + n, sizeof whole);
    ck_assert_mem_eq(parts, whole, sizeof whole);
}
END_TEST

/* What the host gathers, with parameters and without. */
START_TEST(what_is_gathered_goes_on)
{
    static CK_RSA_PKCS_PSS_PARAMS p = {CKM_SHA256, CKG_MGF1_SHA256, 32};
    CK_MECHANISM m = {_i ? CKM_RSA_PKCS_PSS : CKM_RSA_PKCS, _i ? &p : NULL, _i ? sizeof p : 0};
    CK_BYTE in[32], sig[256], other_sig[256];
    CK_ULONG n = sizeof sig;
    CK_SESSION_HANDLE s = mh_login(&h, 0), other = mc_session(0);
    CK_OBJECT_HANDLE priv = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    CK_OBJECT_HANDLE pub = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_VERIFY);
    memset(in, 'x', sizeof in);
    ck_assert_uint_eq(h.f->C_SignInit(s, &m, priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignUpdate(s, in, 20), CKR_OK);
    CK_ULONG len = save(s);
    ck_assert_uint_eq(h.f->C_SetOperationState(other, state, len, priv, 0), CKR_KEY_NOT_NEEDED);
    ck_assert_uint_eq(h.f->C_SetOperationState(other, state, len, 0, priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignUpdate(other, in + 20, 12), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignFinal(other, other_sig, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_VerifyInit(s, &m, pub), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetOperationState(s, NULL, &len), CKR_STATE_UNSAVEABLE);
    ck_assert_uint_eq(h.f->C_Verify(s, in, sizeof in, other_sig, n), CKR_OK);
    /* the one that was saved stands as it was */
    ck_assert_uint_eq(h.f->C_SignUpdate(s, in + 20, 12), CKR_OK);
    n = sizeof sig;
    ck_assert_uint_eq(h.f->C_SignFinal(s, sig, &n), CKR_OK);
    if (!_i)
        ck_assert_mem_eq(sig, other_sig, sizeof sig);
}
END_TEST

START_TEST(with_a_label)
{
    static CK_RSA_PKCS_OAEP_PARAMS p = {CKM_SHA256, CKG_MGF1_SHA256, CKZ_DATA_SPECIFIED, iv, 4};
    CK_MECHANISM m = {CKM_RSA_PKCS_OAEP, &p, sizeof p};
    CK_BYTE in[] = "secret", sealed[256], out[256];
    CK_ULONG n = sizeof sealed, len = 0;
    CK_SESSION_HANDLE s = mh_login(&h, 0), other = mc_session(0);
    CK_OBJECT_HANDLE pub = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT);
    CK_OBJECT_HANDLE priv = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT);
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &m, pub), CKR_OK);
    ck_assert_uint_eq(h.f->C_Encrypt(s, in, sizeof in, sealed, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_DecryptInit(s, &m, priv), CKR_OK);
    n = sizeof out;
    ck_assert_uint_eq(h.f->C_DecryptUpdate(s, sealed, 100, out, &n), CKR_OK);
    len = save(s);
    ck_assert_uint_eq(h.f->C_SetOperationState(other, state, len, priv, 0), CKR_OK);
    n = sizeof out;
    ck_assert_uint_eq(h.f->C_DecryptUpdate(other, sealed + 100, 156, out, &n), CKR_OK);
    n = sizeof out;
    ck_assert_uint_eq(h.f->C_DecryptFinal(other, out, &n), CKR_OK);
    ck_assert_uint_eq(n, sizeof in);
    ck_assert_mem_eq(out, in, n);
}
END_TEST

/* --- states that no C_GetOperationState gave: whoever made them knows the sum, too
 * -------------------------------------------------------------------------------------*/

enum { AT_KIND = 5, AT_PARTS = 6, AT_GIVEN = 16, AT_SALT = 32, AT_IV = 40, AT_LABEL = 64, SUM = 8 };

static void put_length(CK_BYTE *at, CK_ULONG len)
{
    for (int i = 0; i < 4; i++)
        at[i] = (CK_BYTE)(len >> (24 - 8 * i));
}

static void seal(CK_SESSION_HANDLE s, CK_ULONG len)
{
    CK_MECHANISM sm3 = {CKM_SM3, NULL, 0};
    CK_BYTE sum[32];
    CK_ULONG n = sizeof sum;
    ck_assert_uint_eq(h.f->C_DigestInit(s, &sm3), CKR_OK);
    ck_assert_uint_eq(h.f->C_Digest(s, state, len - SUM, sum, &n), CKR_OK);
    memcpy(state + len - SUM, sum, SUM);
}

/* Of an operation without a label: it has gathered this much. */
static CK_ULONG with_data(CK_SESSION_HANDLE s, CK_ULONG len)
{
    put_length(state + AT_LABEL + 4, len);
    memset(state + AT_LABEL + 8, 0x41, len);
    seal(s, AT_LABEL + 8 + len + SUM);
    return AT_LABEL + 8 + len + SUM;
}

static CK_BYTE room[4096];

static CK_RV end_signing(CK_SESSION_HANDLE s)
{
    CK_ULONG n = sizeof room;
    return h.f->C_SignFinal(s, room, &n);
}

static CK_RV end_encrypting(CK_SESSION_HANDLE s)
{
    CK_ULONG n = sizeof room;
    return h.f->C_EncryptFinal(s, room, &n);
}

static CK_RV end_decrypting(CK_SESSION_HANDLE s)
{
    CK_ULONG n = sizeof room;
    return h.f->C_DecryptFinal(s, room, &n);
}

enum { SIGNS, ENCRYPTS, DECRYPTS };
static const struct {
    const char *name;
    CK_MECHANISM mech;
    int kind;
    CK_ULONG most; /* bytes that its Updates gather */
    CK_RV full;    /* what its end says with so many */
} gathering[] = {
    {"sign, CKM_RSA_PKCS", {CKM_RSA_PKCS, NULL, 0}, SIGNS, 512, CKR_DATA_LEN_RANGE},
    {"sign, CKM_RSA_X_509", {CKM_RSA_X_509, NULL, 0}, SIGNS, 512, CKR_DATA_LEN_RANGE},
    {"encrypt, CKM_RSA_X_509", {CKM_RSA_X_509, NULL, 0}, ENCRYPTS, 256, CKR_OK},
    {"encrypt, CKM_RSA_PKCS", {CKM_RSA_PKCS, NULL, 0}, ENCRYPTS, 256, CKR_DATA_LEN_RANGE},
    {"decrypt, CKM_RSA_PKCS", {CKM_RSA_PKCS, NULL, 0}, DECRYPTS, 256, CKR_ENCRYPTED_DATA_INVALID},
    {"encrypt, CKM_SM4_ECB", {CKM_SM4_ECB, NULL, 0}, ENCRYPTS, 15, CKR_DATA_LEN_RANGE},
    {"decrypt, CKM_SM4_CBC", {CKM_SM4_CBC, iv, 16}, DECRYPTS, 15, CKR_ENCRYPTED_DATA_LEN_RANGE},
};

/* An operation whose state can be had, with one byte gathered. */
static CK_OBJECT_HANDLE begin_gathering(CK_SESSION_HANDLE s, int i)
{
    CK_MECHANISM m = gathering[i].mech;
    CK_BYTE one = 0;
    CK_ULONG n = sizeof room;
    bool secret = m.mechanism == CKM_SM4_ECB || m.mechanism == CKM_SM4_CBC;
    CK_OBJECT_HANDLE key = secret ? make_sm4(s) : 0;
    switch (gathering[i].kind) {
    case SIGNS:
        key = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
        ck_assert_uint_eq(h.f->C_SignInit(s, &m, key), CKR_OK);
        ck_assert_uint_eq(h.f->C_SignUpdate(s, &one, 1), CKR_OK);
        break;
    case ENCRYPTS:
        key = secret ? key : mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT);
        ck_assert_uint_eq(h.f->C_EncryptInit(s, &m, key), CKR_OK);
        ck_assert_uint_eq(h.f->C_EncryptUpdate(s, &one, 1, room, &n), CKR_OK);
        break;
    default:
        key = secret ? key : mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT);
        ck_assert_uint_eq(h.f->C_DecryptInit(s, &m, key), CKR_OK);
        ck_assert_uint_eq(h.f->C_DecryptUpdate(s, &one, 1, room, &n), CKR_OK);
    }
    return key;
}

static CK_RV set(CK_SESSION_HANDLE s, CK_ULONG len, CK_OBJECT_HANDLE key, int i)
{
    bool signs = gathering[i].kind == SIGNS;
    return h.f->C_SetOperationState(s, state, len, signs ? 0 : key, signs ? key : 0);
}

static void hold_no_more(CK_SESSION_HANDLE s, int i)
{
    static CK_RV (*const ends[])(CK_SESSION_HANDLE) = {end_signing, end_encrypting, end_decrypting};
    const char *name = gathering[i].name;
    CK_SESSION_HANDLE other = mc_session(0);
    CK_OBJECT_HANDLE key = begin_gathering(s, i);
    (void)save(s);
    CK_ULONG len = with_data(other, gathering[i].most);
    CK_RV rv = set(other, len, key, i);
    ck_assert_msg(rv == CKR_OK, "%s: %lx", name, rv);
    rv = ends[gathering[i].kind](other);
    ck_assert_msg(rv == gathering[i].full, "%s: its end: %lx", name, rv);
    for (CK_ULONG more = 1; more <= 2048; more *= 2) {
        len = with_data(other, gathering[i].most + more);
        rv = set(other, len, key, i);
        ck_assert_msg(rv == CKR_SAVED_STATE_INVALID, "%s, %lu too many: %lx", name, more, rv);
        rv = ends[gathering[i].kind](other);
        ck_assert_msg(rv == CKR_OPERATION_NOT_INITIALIZED, "%s: an operation is left", name);
    }
}

START_TEST(a_state_holds_no_more_than_is_gathered)
{
    CK_SESSION_HANDLE in = mh_login(&h, 0);
    for (int i = 0; i < (int)COUNT(gathering); i++) {
        CK_SESSION_HANDLE s = mc_session(0);
        hold_no_more(s, i);
        ck_assert_uint_eq(h.f->C_CloseSession(s), CKR_OK);
    }
    ck_assert_uint_eq(h.f->C_CloseSession(in), CKR_OK);
}
END_TEST

static const struct {
    const char *name;
    CK_ULONG at;
    CK_BYTE value;
    bool by_cbc; /* there it may stand */
} strays[] = {
    {"data without an Update", AT_PARTS, 0, false},
    {"data of a signature that carries it", AT_KIND, 5, false},
    {"an operation that verifies", AT_KIND, 1, false},
    {"an operation that isn't there", AT_KIND, 200, false},
    {"a flag that isn't there", AT_PARTS + 1, 1, false},
    {"a hash of parameters", AT_GIVEN + 7, 1, false},
    {"a generation function", AT_GIVEN + 15, 1, false},
    {"a salt", AT_SALT + 7, 1, false},
    {"an IV", AT_IV + 15, 77, true},
};

static void have_nothing_more(CK_SESSION_HANDLE s, int i, size_t stray)
{
    CK_SESSION_HANDLE other = mc_session(0);
    CK_OBJECT_HANDLE key = begin_gathering(s, i);
    CK_ULONG len = save(s);
    state[strays[stray].at] = strays[stray].value;
    seal(other, len);
    bool may = strays[stray].by_cbc && gathering[i].mech.mechanism == CKM_SM4_CBC;
    for (int authentication = 0; authentication < 2; authentication++) {
        CK_RV rv = h.f->C_SetOperationState(other, state, len, authentication ? 0 : key,
                                            authentication ? key : 0);
        bool wrong_place = rv == CKR_KEY_NEEDED || rv == CKR_KEY_NOT_NEEDED;
        ck_assert_msg(rv == (may && !authentication ? CKR_OK : CKR_SAVED_STATE_INVALID) ||
                          wrong_place || rv == CKR_KEY_FUNCTION_NOT_PERMITTED,
                      "%s: %lx", strays[stray].name, rv);
    }
}

START_TEST(a_state_has_nothing_that_its_operation_lacks)
{
    static const int of[] = {0, 4, (int)COUNT(gathering) - 1}; /* RSA both ways, SM4 */
    (void)mh_login(&h, 0);
    for (size_t i = 0; i < COUNT(of) * COUNT(strays); i++) {
        CK_SESSION_HANDLE s = mc_session(0);
        have_nothing_more(s, of[i % COUNT(of)], i / COUNT(of));
        ck_assert_uint_eq(h.f->C_CloseSession(s), CKR_OK);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("parts");
    TCase *t = mc_case(suite, "with certificates", mc_setup_certs);
    tcase_add_loop_test(t, a_length_query_takes_no_data, 0, (int)COUNT(ciphers));
    tcase_add_loop_test(t, the_length_told_suffices, 0, (int)COUNT(ciphers));
    tcase_add_test(t, a_short_buffer_is_told_what_is_enough);
    tcase_add_test(t, both_in_place);
    tcase_add_loop_test(t, what_is_gathered_goes_on, 0, 2);
    tcase_add_test(t, with_a_label);
    tcase_add_test(t, a_state_holds_no_more_than_is_gathered);
    tcase_add_test(t, a_state_has_nothing_that_its_operation_lacks);
    t = mc_case(suite, "empty key", mc_setup);
    tcase_add_test(t, very_long_parts);
    tcase_add_test(t, both_operations_must_have_begun);
    tcase_add_test(t, a_search_can_be_cancelled);
    tcase_add_loop_test(t, a_cipher_goes_on_where_it_was, 0, 2);
    return run_suite(suite);
}
