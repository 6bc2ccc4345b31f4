/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs11/template.h"

#include <string.h>

#include "base/codec.h"

/* classes */
#define D 1u /* data */
#define C 2u /* certificate */
#define P 4u /* public key */
#define S 8u /* secret key */
#define ALL (D | C | P | S)

#define CREATE BK_WHEN_CREATE
#define MAKE BK_WHEN_MAKE
#define COPY BK_WHEN_COPY
#define SET BK_WHEN_SET
#define EVER (CREATE | MAKE | COPY | SET)

enum form { BOOL, ULONG, UP_TO_3, BYTES, TEXT, DATE };

static const struct rule {
    CK_ATTRIBUTE_TYPE type;
    unsigned classes, when;
    enum form form;
} rules[] = {
    {CKA_CLASS, ALL, CREATE | MAKE, ULONG},
    {CKA_TOKEN, ALL, CREATE | MAKE | COPY, BOOL},
    {CKA_PRIVATE, ALL, CREATE | MAKE | COPY, BOOL},
    {CKA_MODIFIABLE, ALL, CREATE | MAKE | COPY, BOOL},
    {CKA_COPYABLE, ALL, EVER, BOOL},
    {CKA_DESTROYABLE, ALL, EVER, BOOL},
    {CKA_LABEL, ALL, EVER, TEXT},
    {CKA_APPLICATION, D, EVER, TEXT},
    {CKA_OBJECT_ID, D, EVER, BYTES},
    {CKA_VALUE, D, CREATE | COPY | SET, BYTES},
    {CKA_CERTIFICATE_TYPE, C, CREATE, ULONG},
    {CKA_CERTIFICATE_CATEGORY, C, CREATE, UP_TO_3},
    {CKA_TRUSTED, C | P | S, CREATE | MAKE, BOOL},
    {CKA_CHECK_VALUE, C | S, CREATE | MAKE, BYTES},
    {CKA_SUBJECT, C, CREATE, BYTES},
    {CKA_SUBJECT, P, EVER, BYTES},
    {CKA_ID, C | P | S, EVER, BYTES},
    {CKA_ISSUER, C, EVER, BYTES},
    {CKA_SERIAL_NUMBER, C, EVER, BYTES},
    {CKA_VALUE, C | S, CREATE, BYTES},
    {CKA_URL, C, CREATE, TEXT},
    {CKA_HASH_OF_SUBJECT_PUBLIC_KEY, C, CREATE, BYTES},
    {CKA_HASH_OF_ISSUER_PUBLIC_KEY, C, CREATE, BYTES},
    {CKA_NAME_HASH_ALGORITHM, C, CREATE, ULONG},
    {CKA_JAVA_MIDP_SECURITY_DOMAIN, C, CREATE, UP_TO_3},
    {CKA_PUBLIC_KEY_INFO, C | P, CREATE, BYTES},
    {CKA_START_DATE, C, CREATE, DATE},
    {CKA_END_DATE, C, CREATE, DATE},
    {CKA_START_DATE, P | S, EVER, DATE},
    {CKA_END_DATE, P | S, EVER, DATE},
    {CKA_KEY_TYPE, P | S, CREATE | MAKE, ULONG},
    {CKA_MODULUS, P, CREATE, BYTES},
    {CKA_PUBLIC_EXPONENT, P, CREATE, BYTES},
    {CKA_EC_PARAMS, P, CREATE, BYTES},
    {CKA_EC_POINT, P, CREATE, BYTES},
    {CKA_DERIVE, P | S, EVER, BOOL},
    {CKA_ENCRYPT, P | S, EVER, BOOL},
    {CKA_DECRYPT, S, EVER, BOOL},
    {CKA_SIGN, S, EVER, BOOL},
    {CKA_VERIFY, P | S, EVER, BOOL},
    {CKA_VERIFY_RECOVER, P, EVER, BOOL},
    {CKA_WRAP, P | S, EVER, BOOL},
    {CKA_UNWRAP, S, EVER, BOOL},
    {CKA_VALUE_LEN, S, MAKE, ULONG},
    {CKA_SENSITIVE, S, EVER, BOOL},
    {CKA_EXTRACTABLE, S, EVER, BOOL},
    {CKA_WRAP_WITH_TRUSTED, S, EVER, BOOL},
    /* the module's to say */
    {CKA_UNIQUE_ID, ALL, 0, TEXT},
    {CKA_LOCAL, P | S, 0, BOOL},
    {CKA_KEY_GEN_MECHANISM, P | S, 0, ULONG},
    {CKA_MODULUS_BITS, P, 0, ULONG},
    {CKA_ALWAYS_SENSITIVE, S, 0, BOOL},
    {CKA_NEVER_EXTRACTABLE, S, 0, BOOL},
};

static unsigned class_bit(CK_OBJECT_CLASS class)
{
    switch (class) {
    case CKO_DATA:
        return D;
    case CKO_CERTIFICATE:
        return C;
    case CKO_PUBLIC_KEY:
        return P;
    case CKO_SECRET_KEY:
        return S;
    default:
        return 0;
    }
}

static unsigned number(const CK_CHAR *at, size_t digits)
{
    unsigned n = 0;
    for (size_t i = 0; i < digits; i++)
        n = at[i] >= '0' && at[i] <= '9' && n < 10000 ? n * 10 + (unsigned)(at[i] - '0') : 10000;
    return n;
}

/* A day that there is, but for the months' lengths; empty means none (4.4). */
static bool is_date(const CK_ATTRIBUTE *a)
{
    CK_DATE d;
    if (a->ulValueLen != sizeof d)
        return a->ulValueLen == 0;
    memcpy(&d, a->pValue, sizeof d);
    unsigned month = number(d.month, sizeof d.month), day = number(d.day, sizeof d.day);
    return number(d.year, sizeof d.year) < 10000 && month >= 1 && month <= 12 && day >= 1 &&
           day <= 31;
}

static bool well_formed(const CK_ATTRIBUTE *a, enum form form)
{
    /* a length that C_GetAttributeValue left as unavailable is no length */
    if ((!a->pValue && a->ulValueLen) || a->ulValueLen > BK_ATTR_MAX)
        return false;
    switch (form) {
    case BOOL:
        return a->ulValueLen == sizeof(CK_BBOOL) && *(const CK_BBOOL *)a->pValue <= 1;
    case ULONG:
        return a->ulValueLen == sizeof(CK_ULONG);
    case UP_TO_3:
        return a->ulValueLen == sizeof(CK_ULONG) && bk_template_ulong(a, 1, a->type, 4) <= 3;
    case DATE:
        return is_date(a);
    case TEXT:
        return bk_utf8_valid(a->pValue, a->ulValueLen);
    case BYTES:
        break;
    }
    return true;
}

static CK_RV check_one(const CK_ATTRIBUTE *a, unsigned class, unsigned when)
{
    CK_RV rv = CKR_ATTRIBUTE_TYPE_INVALID;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (rules[i].type != a->type || !(rules[i].classes & class))
            continue;
        if (!(rules[i].when & when))
            rv = CKR_ATTRIBUTE_READ_ONLY;
        else
            return well_formed(a, rules[i].form) ? CKR_OK : CKR_ATTRIBUTE_VALUE_INVALID;
    }
    return rv;
}

CK_RV bk_template_check(const CK_ATTRIBUTE *templ, CK_ULONG count, CK_OBJECT_CLASS class,
                        unsigned when)
{
    for (CK_ULONG i = 0; i < count; i++) {
        CK_RV rv = check_one(&templ[i], class_bit(class), when);
        if (rv != CKR_OK)
            return rv;
        if (bk_template_find(templ, i, templ[i].type))
            return CKR_TEMPLATE_INCONSISTENT;
    }
    return CKR_OK;
}

const CK_ATTRIBUTE *bk_template_find(const CK_ATTRIBUTE *templ, CK_ULONG count,
                                     CK_ATTRIBUTE_TYPE type)
{
    for (CK_ULONG i = 0; i < count; i++)
        if (templ[i].type == type)
            return &templ[i];
    return NULL;
}

CK_ULONG bk_template_ulong(const CK_ATTRIBUTE *templ, CK_ULONG count, CK_ATTRIBUTE_TYPE type,
                           CK_ULONG otherwise)
{
    const CK_ATTRIBUTE *a = bk_template_find(templ, count, type);
    if (a && a->pValue && a->ulValueLen == sizeof otherwise)
        memcpy(&otherwise, a->pValue, sizeof otherwise);
    return otherwise;
}

bool bk_template_bool(const CK_ATTRIBUTE *templ, CK_ULONG count, CK_ATTRIBUTE_TYPE type,
                      bool otherwise)
{
    const CK_ATTRIBUTE *a = bk_template_find(templ, count, type);
    return a && a->pValue && a->ulValueLen == 1 ? *(const CK_BBOOL *)a->pValue != 0 : otherwise;
}
