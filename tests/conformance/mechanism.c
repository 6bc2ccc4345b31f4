/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures, encryption, digests, random numbers, key generation. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "crypto/pubkey.h"
#include "modcase.h"
#include "runner.h"

struct sample {
    CK_MECHANISM_TYPE type;
    CK_MECHANISM_TYPE hash; /* of PSS */
    CK_ULONG mgf, salt, size;
};

static void sign_and_verify(CK_SESSION_HANDLE s, const struct sample *m)
{
    CK_RSA_PKCS_PSS_PARAMS pss = {m->hash, m->mgf, m->salt};
    CK_MECHANISM mech = {m->type, m->hash ? &pss : NULL, m->hash ? sizeof pss : 0};
    CK_BYTE data[100], one[512], parts[512];
    CK_ULONG one_len = sizeof one, parts_len = sizeof parts, need = 0;
    CK_OBJECT_HANDLE priv = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    CK_OBJECT_HANDLE pub = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_VERIFY);
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (CK_BYTE)(i + 1);
    ck_assert_uint_eq(h.f->C_SignInit(s, &mech, priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignInit(s, &mech, priv), CKR_OPERATION_ACTIVE);
    ck_assert_uint_eq(h.f->C_Sign(s, data, m->size, NULL, &need), CKR_OK);
    one_len = need - 1;
    ck_assert_uint_eq(h.f->C_Sign(s, data, m->size, one, &one_len), CKR_BUFFER_TOO_SMALL);
    one_len = sizeof one;
    ck_assert_uint_eq(h.f->C_Sign(s, data, m->size, one, &one_len), CKR_OK);
    ck_assert_uint_le(one_len, need);
    ck_assert_uint_eq(h.f->C_Sign(s, data, m->size, one, &one_len), CKR_OPERATION_NOT_INITIALIZED);
    ck_assert_uint_eq(h.f->C_SignInit(s, &mech, priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignUpdate(s, data, 7), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignUpdate(s, data + 7, m->size - 7), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignFinal(s, parts, &parts_len), CKR_OK);
    ck_assert_uint_eq(h.f->C_VerifyInit(s, &mech, pub), CKR_OK);
    ck_assert_uint_eq(h.f->C_Verify(s, data, m->size, parts, parts_len), CKR_OK);
    ck_assert_uint_eq(h.f->C_VerifyInit(s, &mech, pub), CKR_OK);
    ck_assert_uint_eq(h.f->C_VerifyUpdate(s, data, m->size), CKR_OK);
    ck_assert_uint_eq(h.f->C_VerifyFinal(s, one, one_len), CKR_OK);
    data[0] ^= 1;
    ck_assert_uint_eq(h.f->C_VerifyInit(s, &mech, pub), CKR_OK);
    ck_assert_uint_eq(h.f->C_Verify(s, data, m->size, one, one_len), CKR_SIGNATURE_INVALID);
}

START_TEST(rsa_signatures)
{
    static const struct sample samples[] = {
        {CKM_RSA_PKCS, 0, 0, 0, 51},
        {CKM_RSA_X_509, 0, 0, 0, 100},
        {CKM_SHA1_RSA_PKCS, 0, 0, 0, 100},
        {CKM_SHA224_RSA_PKCS, 0, 0, 0, 100},
        {CKM_SHA256_RSA_PKCS, 0, 0, 0, 100},
        {CKM_SHA384_RSA_PKCS, 0, 0, 0, 100},
        {CKM_SHA512_RSA_PKCS, 0, 0, 0, 100},
        {CKM_RSA_PKCS_PSS, CKM_SHA256, CKG_MGF1_SHA256, 32, 32},
        {CKM_SHA1_RSA_PKCS_PSS, CKM_SHA_1, CKG_MGF1_SHA1, 20, 100},
        {CKM_SHA224_RSA_PKCS_PSS, CKM_SHA224, CKG_MGF1_SHA224, 28, 100},
        {CKM_SHA256_RSA_PKCS_PSS, CKM_SHA256, CKG_MGF1_SHA256, 0, 100},
        {CKM_SHA384_RSA_PKCS_PSS, CKM_SHA384, CKG_MGF1_SHA384, 48, 100},
        {CKM_SHA512_RSA_PKCS_PSS, CKM_SHA512, CKG_MGF1_SHA512, 64, 100},
    };
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        sign_and_verify(s, &samples[i]);
}
END_TEST

START_TEST(sm2_signatures)
{
    static const struct sample samples[] = {
        {CKM_SM3_SM2, 0, 0, 0, 100},        {CKM_SM3_SM2_DER, 0, 0, 0, 100},
        {CKM_SM3_SM2_APPID1, 0, 0, 0, 100}, {CKM_SM3_SM2_APPID1_DER, 0, 0, 0, 100},
        {CKM_SM2_SIGN, 0, 0, 0, 32},        {CKM_SM2_SIGN_NO_DER, 0, 0, 0, 32},
    };
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        sign_and_verify(s, &samples[i]);
}
END_TEST

static void encrypt_and_decrypt(CK_SESSION_HANDLE s, CK_MECHANISM *m, size_t size)
{
    CK_BYTE data[300], cipher[600], back[600];
    CK_ULONG len = sizeof cipher, back_len = 1;
    CK_OBJECT_HANDLE priv = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT);
    CK_OBJECT_HANDLE pub = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT);
    memset(data, 0, sizeof data);
    for (size_t i = 1; i < size; i++)
        data[i] = (CK_BYTE)(i * 7);
    ck_assert_uint_eq(h.f->C_EncryptInit(s, m, pub), CKR_OK);
    ck_assert_uint_eq(h.f->C_Encrypt(s, data, size, cipher, &len), CKR_OK);
    ck_assert_uint_eq(h.f->C_DecryptInit(s, m, priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_Decrypt(s, cipher, len, back, &back_len), CKR_BUFFER_TOO_SMALL);
    ck_assert_uint_eq(back_len, size);
    back_len = sizeof back;
    ck_assert_uint_eq(h.f->C_Decrypt(s, cipher, len, back, &back_len), CKR_OK);
    ck_assert_uint_eq(back_len, size);
    ck_assert_mem_eq(back, data, size);
    CK_ULONG got = sizeof back;
    back_len = sizeof back;
    ck_assert_uint_eq(h.f->C_DecryptInit(s, m, priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_DecryptUpdate(s, cipher, 10, back, &got), CKR_OK);
    ck_assert_uint_eq(got, 0);
    ck_assert_uint_eq(h.f->C_DecryptUpdate(s, cipher + 10, len - 10, back, &got), CKR_OK);
    ck_assert_uint_eq(h.f->C_DecryptFinal(s, back, &back_len), CKR_OK);
    ck_assert_mem_eq(back, data, size);
    if (m->mechanism == CKM_RSA_X_509)
        return; /* any block below the modulus is one */
    back_len = sizeof back;
    cipher[len - 1] ^= 1;
    ck_assert_uint_eq(h.f->C_DecryptInit(s, m, priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_Decrypt(s, cipher, len, back, &back_len), CKR_ENCRYPTED_DATA_INVALID);
}

START_TEST(rsa_decryption)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_MECHANISM pkcs = {CKM_RSA_PKCS, NULL, 0}, raw = {CKM_RSA_X_509, NULL, 0};
    encrypt_and_decrypt(s, &pkcs, 40);
    encrypt_and_decrypt(s, &raw, 256);
    static const struct sample hashes[] = {
        {0, CKM_SHA_1, CKG_MGF1_SHA1, 0, 0},    {0, CKM_SHA224, CKG_MGF1_SHA224, 0, 0},
        {0, CKM_SHA256, CKG_MGF1_SHA256, 0, 0}, {0, CKM_SHA384, CKG_MGF1_SHA384, 0, 0},
        {0, CKM_SHA512, CKG_MGF1_SHA512, 0, 0}, {0, CKM_SHA256, CKG_MGF1_SHA1, 0, 0},
    };
    char label[] = "label";
    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
        CK_RSA_PKCS_OAEP_PARAMS p = {hashes[i].hash, hashes[i].mgf, CKZ_DATA_SPECIFIED,
                                     i % 2 ? label : NULL, i % 2 ? 5 : 0};
        CK_MECHANISM oaep = {CKM_RSA_PKCS_OAEP, &p, sizeof p};
        encrypt_and_decrypt(s, &oaep, 40);
    }
}
END_TEST

START_TEST(sm2_decryption)
{
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    CK_MECHANISM raw = {CKM_SM2_ENCRYPT, NULL, 0}, der = {CKM_SM2_ENCRYPT_DER, NULL, 0};
    encrypt_and_decrypt(s, &raw, 200);
    encrypt_and_decrypt(s, &der, 33);
}
END_TEST

START_TEST(keys_do_what_they_are_for)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0), sm2 = mc_session(1);
    CK_MECHANISM rsa = {CKM_SHA256_RSA_PKCS, NULL, 0}, m = {CKM_SM3_SM2, NULL, 0};
    CK_MECHANISM ecdsa = {CKM_ECDSA, NULL, 0}, param = {CKM_SHA256_RSA_PKCS, &rsa, 1};
    CK_OBJECT_HANDLE sign = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    CK_OBJECT_HANDLE dec = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT);
    CK_OBJECT_HANDLE sm2_key = mh_find(&h, sm2, CKO_PRIVATE_KEY, CKA_SIGN);
    CK_BYTE big[300], sig[512];
    CK_ULONG len = sizeof sig;
    memset(big, 0xff, sizeof big);
    ck_assert_uint_eq(h.f->C_SignInit(s, &rsa, dec), CKR_KEY_FUNCTION_NOT_PERMITTED);
    ck_assert_uint_eq(h.f->C_DecryptInit(s, &rsa, sign), CKR_MECHANISM_INVALID);
    ck_assert_uint_eq(h.f->C_SignInit(s, &m, sign), CKR_MECHANISM_INVALID);
    ck_assert_uint_eq(h.f->C_SignInit(sm2, &ecdsa, sm2_key), CKR_MECHANISM_INVALID);
    ck_assert_uint_eq(h.f->C_SignInit(s, &rsa, sm2_key), CKR_KEY_HANDLE_INVALID);
    ck_assert_uint_eq(h.f->C_SignInit(s, &param, sign), CKR_MECHANISM_PARAM_INVALID);
    rsa.mechanism = CKM_RSA_PKCS;
    ck_assert_uint_eq(h.f->C_SignInit(s, &rsa, sign), CKR_OK);
    ck_assert_uint_eq(h.f->C_Sign(s, big, 246, sig, &len), CKR_DATA_LEN_RANGE);
    /* 5.6: log-out ends what was begun */
    ck_assert_uint_eq(h.f->C_SignInit(s, &rsa, sign), CKR_OK);
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
    ck_assert_uint_eq(h.f->C_Sign(s, big, 20, sig, &len), CKR_OPERATION_NOT_INITIALIZED);
}
END_TEST

START_TEST(digests_match_and_random_is_random)
{
    static const struct {
        CK_MECHANISM_TYPE type;
        enum bk_hash hash;
    } all[] = {{CKM_SHA_1, BK_HASH_SHA1},    {CKM_SHA224, BK_HASH_SHA224},
               {CKM_SHA256, BK_HASH_SHA256}, {CKM_SHA384, BK_HASH_SHA384},
               {CKM_SHA512, BK_HASH_SHA512}, {CKM_SM3, BK_HASH_SM3}};
    CK_SESSION_HANDLE s = mc_session(0);
    for (size_t i = 0; i < 6; i++) {
        CK_MECHANISM m = {all[i].type, NULL, 0};
        uint8_t want[64], got[64];
        CK_ULONG len = sizeof got;
        ck_assert_int_eq(bk_digest(all[i].hash, "abc", 3, want), BK_OK);
        ck_assert_uint_eq(h.f->C_DigestInit(s, &m), CKR_OK);
        ck_assert_uint_eq(h.f->C_DigestUpdate(s, (CK_BYTE *)"a", 1), CKR_OK);
        ck_assert_uint_eq(h.f->C_Digest(s, (CK_BYTE *)"bc", 2, got, &len), CKR_OPERATION_ACTIVE);
        ck_assert_uint_eq(h.f->C_DigestUpdate(s, (CK_BYTE *)"bc", 2), CKR_OK);
        ck_assert_uint_eq(h.f->C_DigestFinal(s, got, &len), CKR_OK);
        ck_assert_uint_eq(len, bk_hash_len(all[i].hash));
        ck_assert_mem_eq(got, want, len);
    }
    (void)mh_exchanges(&h);
    CK_BYTE a[32], b[32];
    ck_assert_uint_eq(h.f->C_GenerateRandom(s, a, 32), CKR_OK);
    ck_assert_uint_eq(h.f->C_GenerateRandom(s, b, 32), CKR_OK);
    ck_assert_mem_ne(a, b, 32);
    ck_assert_uint_eq(mh_exchanges(&h), 0); /* a random of the key's spoils a PIN challenge */
}
END_TEST

START_TEST(every_listed_mechanism_has_its_info)
{
    for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
        CK_MECHANISM_TYPE list[64];
        CK_MECHANISM_INFO info;
        CK_ULONG n = 64;
        ck_assert_uint_eq(h.f->C_GetMechanismList(slot, list, &n), CKR_OK);
        ck_assert_uint_gt(n, 10);
        for (CK_ULONG i = 0; i < n; i++) {
            ck_assert_uint_eq(h.f->C_GetMechanismInfo(slot, list[i], &info), CKR_OK);
            ck_assert_uint_ne(info.flags, 0);
            /* digests, MACs and SM4 are the host's */
            ck_assert_int_eq((info.flags & CKF_HW) != 0, info.ulMinKeySize >= 256);
        }
        ck_assert_uint_eq(h.f->C_GetMechanismInfo(slot, CKM_ECDSA, &info), CKR_MECHANISM_INVALID);
    }
}
END_TEST

static CK_OBJECT_HANDLE session_key(CK_SESSION_HANDLE s, CK_ULONG bits)
{
    static CK_BYTE modulus[1024];
    CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
    CK_KEY_TYPE type = CKK_RSA;
    CK_BYTE f4[] = {1, 0, 1};
    CK_OBJECT_HANDLE o = CK_INVALID_HANDLE;
    memset(modulus, 0xff, sizeof modulus);
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class},
                        {CKA_KEY_TYPE, &type, sizeof type},
                        {CKA_MODULUS, modulus, bits / 8},
                        {CKA_PUBLIC_EXPONENT, f4, sizeof f4}};
    return h.f->C_CreateObject(s, t, 4, &o) == CKR_OK ? o : CK_INVALID_HANDLE;
}

/* The sizes are those of the keys that a mechanism takes: pairs that are made have 2048 bits, a
 * session's public key what is told for all the rest. */
START_TEST(the_sizes_told_are_those_taken)
{
    CK_SESSION_HANDLE s = mc_session(0);
    CK_MECHANISM_TYPE list[64];
    CK_MECHANISM_INFO info;
    CK_ULONG n = 64, verified = 0;
    ck_assert_uint_eq(h.f->C_GetMechanismInfo(0, CKM_RSA_PKCS_KEY_PAIR_GEN, &info), CKR_OK);
    ck_assert(info.ulMinKeySize == 2048 && info.ulMaxKeySize == 2048);
    ck_assert_uint_eq(h.f->C_GetMechanismList(0, list, &n), CKR_OK);
    ck_assert(!session_key(s, 1024 - 8) && !session_key(s, 4096 + 8));
    for (CK_ULONG i = 0; i < n; i++) {
        ck_assert_uint_eq(h.f->C_GetMechanismInfo(0, list[i], &info), CKR_OK);
        if (!(info.flags & CKF_HW) || list[i] == CKM_RSA_PKCS_KEY_PAIR_GEN)
            continue;
        ck_assert_uint_eq(info.ulMinKeySize, 1024);
        ck_assert_uint_eq(info.ulMaxKeySize, 4096);
        CK_MECHANISM m = {list[i], NULL, 0};
        for (int largest = 0; largest < 2 && (info.flags & CKF_VERIFY); largest++) {
            CK_OBJECT_HANDLE o = session_key(s, largest ? info.ulMaxKeySize : info.ulMinKeySize);
            CK_RV rv = h.f->C_VerifyInit(s, &m, o);
            if (rv == CKR_MECHANISM_PARAM_INVALID) /* of PSS */
                continue;
            ck_assert_uint_eq(rv, CKR_OK);
            ck_assert_uint_eq(h.f->C_SessionCancel(s, CKF_VERIFY), CKR_OK);
            verified++;
        }
    }
    ck_assert_uint_ge(verified, 14);
}
END_TEST

START_TEST(key_generation_in_a_container)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0), b = mc_session(1);
    CK_ULONG bits = 2048;
    char name[] = "mine";
    CK_ATTRIBUTE pub[2] = {{CKA_MODULUS_BITS, &bits, sizeof bits}, {CKA_LABEL, name, 4}};
    CK_MECHANISM m = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0}, sm2 = {CKM_SM2_KEY_PAIR_GEN, NULL, 0};
    CK_OBJECT_HANDLE a = 0, c = 0;
    ck_assert_uint_eq(mh_generate(&h, s, &m, pub, 2, NULL, 0, &a, &c), CKR_OK);
    ck_assert(a && c && a != c);
    ck_assert_uint_eq(mh_generate(&h, s, &m, pub, 2, NULL, 0, &a, &c), CKR_TEMPLATE_INCONSISTENT);
    bits = 1024;
    ck_assert_uint_eq(mh_generate(&h, s, &m, pub, 2, NULL, 0, &a, &c), CKR_KEY_SIZE_RANGE);
    ck_assert_uint_eq(mh_generate(&h, s, &sm2, NULL, 0, NULL, 0, &a, &c), CKR_MECHANISM_INVALID);
    ck_assert_uint_eq(mh_generate(&h, b, &sm2, NULL, 0, NULL, 0, &a, &c), CKR_OK);
    struct sample rsa = {CKM_SHA256_RSA_PKCS, 0, 0, 0, 100}, sm3 = {CKM_SM3_SM2, 0, 0, 0, 100};
    sign_and_verify(s, &rsa);
    sign_and_verify(b, &sm3);
}
END_TEST

/* PKCS#11 2.40 clauses 5.8 to 5.12: the one call, and Final, end the operation unless they ask for
 * a length or the room was too little. */
START_TEST(a_bad_argument_ends_the_operation)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_MECHANISM sign = {CKM_SHA256_RSA_PKCS, NULL, 0}, crypt = {CKM_RSA_PKCS, NULL, 0};
    CK_MECHANISM digest = {CKM_SHA256, NULL, 0};
    CK_BYTE data[] = "data", out[512], sealed[256];
    CK_ULONG len = sizeof out, sealed_len = sizeof sealed;
    CK_OBJECT_HANDLE priv = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    CK_OBJECT_HANDLE dec = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT);
    CK_OBJECT_HANDLE enc = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT);
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &crypt, enc), CKR_OK);
    ck_assert_uint_eq(h.f->C_Encrypt(s, data, 4, sealed, &sealed_len), CKR_OK);
    for (int final = 0; final < 2; final++) {
        ck_assert_uint_eq(h.f->C_SignInit(s, &sign, priv), CKR_OK);
        ck_assert_uint_eq(final ? h.f->C_SignFinal(s, out, NULL)
                                : h.f->C_Sign(s, data, 4, out, NULL),
                          CKR_ARGUMENTS_BAD);
        ck_assert_uint_eq(h.f->C_Sign(s, data, 4, out, &len), CKR_OPERATION_NOT_INITIALIZED);
        ck_assert_uint_eq(h.f->C_DigestInit(s, &digest), CKR_OK);
        ck_assert_uint_eq(final ? h.f->C_DigestFinal(s, out, NULL)
                                : h.f->C_Digest(s, data, 4, out, NULL),
                          CKR_ARGUMENTS_BAD);
        ck_assert_uint_eq(h.f->C_Digest(s, data, 4, out, &len), CKR_OPERATION_NOT_INITIALIZED);
        ck_assert_uint_eq(h.f->C_DecryptInit(s, &crypt, dec), CKR_OK);
        ck_assert_uint_eq(final ? h.f->C_DecryptFinal(s, out, NULL)
                                : h.f->C_Decrypt(s, sealed, sealed_len, out, NULL),
                          CKR_ARGUMENTS_BAD);
        ck_assert_uint_eq(h.f->C_Decrypt(s, sealed, sealed_len, out, &len),
                          CKR_OPERATION_NOT_INITIALIZED);
        ck_assert_uint_eq(h.f->C_EncryptInit(s, &crypt, enc), CKR_OK);
        ck_assert_uint_eq(final ? h.f->C_EncryptFinal(s, out, NULL)
                                : h.f->C_Encrypt(s, data, 4, out, NULL),
                          CKR_ARGUMENTS_BAD);
        ck_assert_uint_eq(h.f->C_Encrypt(s, data, 4, out, &len), CKR_OPERATION_NOT_INITIALIZED);
    }
    /* an Update too */
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &crypt, enc), CKR_OK);
    ck_assert_uint_eq(h.f->C_EncryptUpdate(s, data, 4, out, NULL), CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(h.f->C_EncryptUpdate(s, data, 4, out, &len), CKR_OPERATION_NOT_INITIALIZED);
    len = sizeof out;
    /* no data at all */
    ck_assert_uint_eq(h.f->C_DecryptInit(s, &crypt, dec), CKR_OK);
    ck_assert_uint_eq(h.f->C_Decrypt(s, NULL, 256, out, &len), CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(h.f->C_Decrypt(s, sealed, sealed_len, out, &len),
                      CKR_OPERATION_NOT_INITIALIZED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mechanism");
    TCase *t = mc_case(suite, "two identities", mc_setup_certs);
    tcase_add_test(t, rsa_signatures);
    tcase_add_test(t, sm2_signatures);
    tcase_add_test(t, rsa_decryption);
    tcase_add_test(t, sm2_decryption);
    tcase_add_test(t, keys_do_what_they_are_for);
    tcase_add_test(t, a_bad_argument_ends_the_operation);
    t = mc_case(suite, "empty key", mc_setup);
    tcase_add_test(t, digests_match_and_random_is_random);
    tcase_add_test(t, every_listed_mechanism_has_its_info);
    tcase_add_test(t, the_sizes_told_are_those_taken);
    tcase_add_test(t, key_generation_in_a_container);
    return run_suite(suite);
}
