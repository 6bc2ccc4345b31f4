/* SPDX-License-Identifier: Apache-2.0 */
#include "draw.h"

#include <string.h>

#include "pkcs11/p11.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define BIG 2500 /* bytes */

static struct bk_buf last;

CK_SESSION_HANDLE fz_session(void)
{
    uint8_t which = fz_u8();
    return fz_session_count && which < 250 ? fz_sessions[which % fz_session_count] : which;
}

CK_OBJECT_HANDLE fz_object(void)
{
    uint8_t which = fz_u8();
    return fz_object_count && which < 250 ? fz_objects[which % fz_object_count] : which;
}

CK_SLOT_ID fz_slot(void)
{
    uint8_t which = fz_u8();
    return which < 250 ? which % 2u : which;
}

/* --- bytes
 * --------------------------------------------------------------------------------------*/

static CK_BYTE *copy(const void *bytes, size_t len)
{
    CK_BYTE *block = fz_alloc(len);
    if (len)
        memcpy(block, bytes, len);
    return block;
}

struct fz_data fz_data(void)
{
    uint8_t form = fz_u8();
    size_t len = form;
    if (form < 200) {
        const uint8_t *bytes = fz_take(&len);
        return (struct fz_data){copy(bytes, len), len};
    }
    if (form < 230)
        return (struct fz_data){copy(last.data, last.len), last.len};
    if (form < 250) {
        static const size_t sizes[] = {16, 20, 32, 51, 64, 128, 245, 256};
        len = sizes[form % COUNT(sizes)];
        return (struct fz_data){fz_alloc(len), len};
    }
    if (form < 252)
        return (struct fz_data){fz_alloc(BIG), BIG};
    return (struct fz_data){NULL, form == 255 ? 8 : 0};
}

struct fz_data fz_pin(void)
{
    static const char *const pins[] = {MH_PIN, NEW_PIN, MH_ADMIN, "wrong-pin", "short", ""};
    uint8_t which = fz_u8();
    if (which >= 128)
        return fz_data();
    const char *pin = pins[which % COUNT(pins)];
    return (struct fz_data){copy(pin, strlen(pin)), strlen(pin)};
}

CK_UTF8CHAR *fz_name(void)
{
    static const char *const names[] = {"personalCert00", "personalCert01", "new",         "file",
                                        "BJCAP11A",       "other",          "key-00000001"};
    uint8_t which = fz_u8();
    if (which == 255)
        return NULL;
    if (which < 200) {
        const char *name = names[which % COUNT(names)];
        return copy(name, strlen(name) + 1);
    }
    size_t len = fz_u8();
    const uint8_t *bytes = fz_take(&len);
    CK_UTF8CHAR *name = fz_alloc(len + 1);
    memcpy(name, bytes, len);
    return name;
}

void fz_out(struct fz_out *out)
{
    uint8_t form = fz_u8();
    static const CK_ULONG sizes[] = {8192, 8192, 4096, 256, 64, 32, 16, 1, 0};
    memset(out, 0, sizeof *out);
    out->len_at = form == 255 ? NULL : &out->len;
    out->room = out->len = form < 200 ? sizes[form % COUNT(sizes)] : form;
    if (form < 200 || form == 255)
        out->data = fz_alloc(out->len);
}

void fz_out_check(const struct fz_out *out, CK_RV rv)
{
    if (rv != CKR_OK || !out->len_at || !out->data)
        return;
    FZ_CHECK(out->len <= out->room);
    fz_remember(out->data, out->len);
}

void fz_remember(const void *data, size_t len)
{
    bk_buf_clear(&last);
    FZ_CHECK(bk_buf_put(&last, data, len) == BK_OK);
}

/* --- mechanisms
 * ---------------------------------------------------------------------------------*/

static const CK_MECHANISM_TYPE mechanisms[] = {
    CKM_RSA_PKCS,
    CKM_RSA_X_509,
    CKM_RSA_PKCS_PSS,
    CKM_RSA_PKCS_OAEP,
    CKM_SHA256_RSA_PKCS,
    CKM_SHA1_RSA_PKCS,
    CKM_SHA512_RSA_PKCS,
    CKM_SHA256_RSA_PKCS_PSS,
    CKM_SHA384_RSA_PKCS_PSS,
    CKM_SHA1_RSA_PKCS_PSS,
    CKM_SM3_SM2,
    CKM_SM3_SM2_DER,
    CKM_SM3_SM2_APPID1,
    CKM_SM2_SIGN,
    CKM_SM2_SIGN_NO_DER,
    CKM_SM2_ENCRYPT,
    CKM_SM2_ENCRYPT_DER,
    CKM_SHA_1,
    CKM_SHA256,
    CKM_SHA512,
    CKM_SM3,
    CKM_SHA256_HMAC,
    CKM_SM3_HMAC,
    CKM_SM4_ECB,
    CKM_SM4_CBC,
    CKM_SM4_KEY_GEN,
    CKM_GENERIC_SECRET_KEY_GEN,
    CKM_SM2_KEY_PAIR_GEN,
    CKM_RSA_PKCS_KEY_PAIR_GEN,
    CKM_AES_CBC,
};

static CK_MECHANISM_TYPE drawn_type(void)
{
    uint8_t which = fz_u8();
    return which < 250 ? mechanisms[which % COUNT(mechanisms)] : fz_u16();
}

static void put_params(CK_MECHANISM *m, const void *params, size_t len)
{
    m->pParameter = copy(params, len);
    m->ulParameterLen = len;
}

static void put_pss(CK_MECHANISM *m)
{
    CK_RSA_PKCS_PSS_PARAMS p = {drawn_type(), 0, 0};
    p.mgf = fz_u8() % 8u;
    p.sLen = fz_u8();
    if (p.sLen == 255)
        p.sLen = (CK_ULONG)-1;
    put_params(m, &p, sizeof p);
}

static void put_oaep(CK_MECHANISM *m)
{
    CK_RSA_PKCS_OAEP_PARAMS p = {.hashAlg = drawn_type()};
    p.mgf = fz_u8() % 8u;
    p.source = fz_u8() % 3u;
    struct fz_data label = fz_data();
    p.pSourceData = label.data;
    p.ulSourceDataLen = label.len;
    put_params(m, &p, sizeof p);
}

static void put_hkdf(CK_MECHANISM *m)
{
    uint8_t steps = fz_u8();
    CK_HKDF_PARAMS p = {.bExtract = steps & 1,
                        .bExpand = steps >> 1 & 3,
                        .prfHashMechanism = drawn_type(),
                        .ulSaltType = steps >> 4 & 7,
                        .hSaltKey = fz_object()};
    struct fz_data salt = fz_data(), info = fz_data();
    p.pSalt = salt.data;
    p.ulSaltLen = salt.len;
    p.pInfo = info.data;
    p.ulInfoLen = info.len;
    put_params(m, &p, sizeof p);
}

CK_MECHANISM *fz_derivation(void)
{
    static const CK_MECHANISM_TYPE means[] = {
        CKM_SHA1_KEY_DERIVATION,       CKM_SHA256_KEY_DERIVATION,
        CKM_CONCATENATE_BASE_AND_KEY,  CKM_CONCATENATE_BASE_AND_DATA,
        CKM_CONCATENATE_DATA_AND_BASE, CKM_XOR_BASE_AND_DATA,
        CKM_EXTRACT_KEY_FROM_KEY,      CKM_HKDF_DERIVE};
    CK_MECHANISM m = {means[fz_u8() % COUNT(means)], NULL, 0};
    CK_OBJECT_HANDLE key;
    CK_EXTRACT_PARAMS bit;
    struct fz_data d;
    switch (m.mechanism) {
    case CKM_HKDF_DERIVE:
        put_hkdf(&m);
        break;
    case CKM_CONCATENATE_BASE_AND_KEY:
        key = fz_object();
        put_params(&m, &key, sizeof key);
        break;
    case CKM_EXTRACT_KEY_FROM_KEY:
        bit = fz_u16();
        put_params(&m, &bit, sizeof bit);
        break;
    case CKM_CONCATENATE_BASE_AND_DATA:
    case CKM_CONCATENATE_DATA_AND_BASE:
    case CKM_XOR_BASE_AND_DATA:
        d = fz_data();
        put_params(&m, &(CK_KEY_DERIVATION_STRING_DATA){d.data, d.len},
                   sizeof(CK_KEY_DERIVATION_STRING_DATA));
        break;
    default:
        break;
    }
    return (CK_MECHANISM *)(void *)copy(&m, sizeof m);
}

CK_MECHANISM *fz_mechanism(void)
{
    CK_MECHANISM m = {drawn_type(), NULL, 0};
    uint8_t form = fz_u8();
    struct fz_data raw;
    if (form == 255)
        return NULL;
    switch (form % 6) {
    case 1:
        put_pss(&m);
        break;
    case 2:
        put_oaep(&m);
        break;
    case 3:
        m.pParameter = fz_alloc(16);
        m.ulParameterLen = 16;
        break;
    case 4:
        raw = fz_data();
        m.pParameter = raw.data;
        m.ulParameterLen = raw.len;
        break;
    default:
        break;
    }
    return (CK_MECHANISM *)(void *)copy(&m, sizeof m);
}

/* --- templates
 * ----------------------------------------------------------------------------------*/

static const CK_ATTRIBUTE_TYPE types[] = {
    CKA_CLASS,
    CKA_TOKEN,
    CKA_PRIVATE,
    CKA_LABEL,
    CKA_VALUE,
    CKA_ID,
    CKA_KEY_TYPE,
    CKA_VALUE_LEN,
    CKA_ENCRYPT,
    CKA_DECRYPT,
    CKA_SIGN,
    CKA_VERIFY,
    CKA_WRAP,
    CKA_UNWRAP,
    CKA_DERIVE,
    CKA_SENSITIVE,
    CKA_EXTRACTABLE,
    CKA_MODIFIABLE,
    CKA_COPYABLE,
    CKA_DESTROYABLE,
    CKA_APPLICATION,
    CKA_OBJECT_ID,
    CKA_SUBJECT,
    CKA_ISSUER,
    CKA_SERIAL_NUMBER,
    CKA_CERTIFICATE_TYPE,
    CKA_CERTIFICATE_CATEGORY,
    CKA_TRUSTED,
    CKA_CHECK_VALUE,
    CKA_START_DATE,
    CKA_END_DATE,
    CKA_PUBLIC_KEY_INFO,
    CKA_MODULUS,
    CKA_MODULUS_BITS,
    CKA_PUBLIC_EXPONENT,
    CKA_EC_PARAMS,
    CKA_EC_POINT,
    CKA_UNIQUE_ID,
    CKA_LOCAL,
    CKA_KEY_GEN_MECHANISM,
    CKA_WRAP_WITH_TRUSTED,
    CKA_ALWAYS_SENSITIVE,
    CKA_NEVER_EXTRACTABLE,
    CKA_PROFILE_ID,
    CKA_ALLOWED_MECHANISMS,
    CKA_WRAP_TEMPLATE,
    CKA_URL,
    CKA_HASH_OF_SUBJECT_PUBLIC_KEY,
    CKA_JAVA_MIDP_SECURITY_DOMAIN,
    CKA_VERIFY_RECOVER,
    CKA_SIGN_RECOVER,
    CKA_PRIVATE_EXPONENT,
};

static CK_ATTRIBUTE_TYPE drawn_attribute(void)
{
    uint8_t which = fz_u8();
    if (which < 250)
        return types[which % COUNT(types)];
    CK_ATTRIBUTE_TYPE high = fz_u16();
    return which == 250 ? high << 16 | fz_u16() : high;
}

static void put_ulong(CK_ATTRIBUTE *a, CK_ULONG v)
{
    a->pValue = copy(&v, sizeof v);
    a->ulValueLen = sizeof v;
}

/* What an object of the run has there: what a template must agree with. */
static void put_existing(CK_ATTRIBUTE *a)
{
    CK_ATTRIBUTE of = {a->type, fz_alloc(4096), 4096};
    CK_OBJECT_HANDLE o = fz_object();
    if (!fz_session_count || h.f->C_GetAttributeValue(fz_sessions[0], o, &of, 1) != CKR_OK)
        return;
    FZ_CHECK(of.ulValueLen <= 4096);
    a->pValue = copy(of.pValue, of.ulValueLen);
    a->ulValueLen = of.ulValueLen;
}

static void put_value(CK_ATTRIBUTE *a)
{
    static const CK_ULONG numbers[] = {CKO_DATA,
                                       CKO_CERTIFICATE,
                                       CKO_PUBLIC_KEY,
                                       CKO_PRIVATE_KEY,
                                       CKO_SECRET_KEY,
                                       CKO_PROFILE,
                                       CKK_RSA,
                                       CKK_SM2,
                                       CKK_GENERIC_SECRET,
                                       CKK_SM4,
                                       CKC_X_509,
                                       16,
                                       2048,
                                       256,
                                       (CK_ULONG)-1};
    uint8_t form = fz_u8();
    struct fz_data raw;
    switch (form % 8) {
    case 0:
    case 1:
        a->pValue = copy(&(CK_BBOOL){form & 1}, 1);
        a->ulValueLen = 1;
        break;
    case 2:
    case 3:
        put_ulong(a, numbers[form / 8 % COUNT(numbers)]);
        break;
    case 4:
        put_ulong(a, fz_u8());
        break;
    case 5:
        put_existing(a);
        break;
    default:
        raw = fz_data();
        a->pValue = raw.data;
        a->ulValueLen = raw.len;
    }
}

struct fz_template fz_template(void)
{
    uint8_t form = fz_u8();
    struct fz_template t = {NULL, form % 16u};
    if (form == 255)
        return t;
    t.list = fz_alloc(t.count * sizeof *t.list);
    for (CK_ULONG i = 0; i < t.count; i++) {
        t.list[i].type = drawn_attribute();
        put_value(&t.list[i]);
    }
    return t;
}

struct fz_template fz_template_out(void)
{
    static const CK_ULONG rooms[] = {4096, 4096, 256, 20, 8, 1, 0};
    struct fz_template t = {NULL, fz_u8() % 16u};
    t.list = fz_alloc(t.count * sizeof *t.list);
    for (CK_ULONG i = 0; i < t.count; i++) {
        CK_ATTRIBUTE *a = &t.list[i];
        a->type = drawn_attribute();
        uint8_t form = fz_u8();
        a->ulValueLen = rooms[form % COUNT(rooms)];
        if (form < 200)
            a->pValue = fz_alloc(a->ulValueLen);
    }
    return t;
}

void fz_template_out_check(const struct fz_template *t, CK_RV rv)
{
    for (CK_ULONG i = 0; rv == CKR_OK && i < t->count; i++)
        FZ_CHECK(t->list[i].ulValueLen != CK_UNAVAILABLE_INFORMATION);
}
