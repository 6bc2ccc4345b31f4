/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates as they lie on the key, through everything that reads them. In front of a run's
 * input (host.h): which of the four of the first two containers is replaced, how, and by what:
 *
 *     place   1  bit 0: the second container, bit 1: the encryption certificate; bit 2: from here
 *                on, the bytes are put over the certificate that is there, at
 *     offset  2
 *     length  2  and so many bytes
 */
#include <string.h>

#include "calls.h"
#include "pkcs11/p11.h"
#include "vkey/store.h"

#define CALLS 8 /* of a run, after the reading */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
    unsigned place, offset;
    const uint8_t *bytes;
    size_t len;
} change;

static void put_certificate(struct bk_vkey *vkey)
{
    struct vk_app *app = vkey->state.apps[0];
    struct vk_container *c = app ? app->containers[change.place & 1] : NULL;
    if (!c)
        return;
    struct bk_buf *cert = &c->pair[change.place & 2 ? VK_ENC : VK_SIGN].cert;
    size_t at = 0;
    if (change.place & 4)
        at = cert->len ? change.offset % cert->len : 0;
    else
        bk_buf_clear(cert);
    size_t more = at + change.len > cert->len ? at + change.len - cert->len : 0;
    FZ_CHECK(bk_buf_put_zero(cert, more) == BK_OK);
    if (change.len)
        memcpy(cert->data + at, change.bytes, change.len);
    if (cert->len > BK_VKEY_CERT_MAX)
        cert->len = BK_VKEY_CERT_MAX;
}

static void read_object(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o)
{
    static const CK_ATTRIBUTE_TYPE types[] = {CKA_CLASS,
                                              CKA_TOKEN,
                                              CKA_LABEL,
                                              CKA_ID,
                                              CKA_VALUE,
                                              CKA_SUBJECT,
                                              CKA_ISSUER,
                                              CKA_SERIAL_NUMBER,
                                              CKA_START_DATE,
                                              CKA_END_DATE,
                                              CKA_CERTIFICATE_TYPE,
                                              CKA_CERTIFICATE_CATEGORY,
                                              CKA_CHECK_VALUE,
                                              CKA_PUBLIC_KEY_INFO,
                                              CKA_MODULUS,
                                              CKA_PUBLIC_EXPONENT,
                                              CKA_EC_PARAMS,
                                              CKA_EC_POINT,
                                              CKA_SIGN,
                                              CKA_DECRYPT,
                                              CKA_TRUSTED};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        CK_BYTE value[8192];
        CK_ATTRIBUTE a = {types[i], value, sizeof value};
        CK_RV rv = h.f->C_GetAttributeValue(s, o, &a, 1);
        FZ_CHECK(rv != CKR_OK || a.ulValueLen <= sizeof value);
    }
}

/* A program signs with each key that it finds, and verifies. */
static void use_objects(CK_SESSION_HANDLE s, bool sm2)
{
    CK_MECHANISM m = {sm2 ? CKM_SM3_SM2 : CKM_SHA256_RSA_PKCS, NULL, 0};
    CK_BYTE text[] = "a text", sig[512];
    CK_ULONG len = 0;
    for (CK_ULONG i = 0; i < fz_object_count; i++) {
        read_object(s, fz_objects[i]);
        len = sizeof sig;
        if (i % 4 == 0 && h.f->C_SignInit(s, &m, fz_objects[i]) == CKR_OK)
            (void)h.f->C_Sign(s, text, sizeof text, sig, &len);
        if (h.f->C_VerifyInit(s, &m, fz_objects[i]) == CKR_OK)
            (void)h.f->C_Verify(s, text, sizeof text, sig, len);
    }
}

static void read_containers(void)
{
    CK_BJCA_CONTAINER list[16] = {{.ulSize = sizeof list[0]}};
    CK_ULONG n = 16;
    if (h.v->BJCA_GetContainers(0, list, &n) != CKR_OK)
        return;
    for (CK_ULONG i = 0; i < n; i++) {
        CK_BJCA_RENEW_STATE state = {.ulSize = sizeof state};
        for (CK_ULONG which = 0; which < 2; which++) {
            CK_BYTE der[8192];
            CK_ULONG len = sizeof der;
            (void)h.v->BJCA_GetCertificate(0, list[i].name, list[i].generation, which, der, &len);
        }
        if (fz_session_count) {
            (void)h.v->BJCA_RenewState(fz_sessions[0], list[i].name, &state);
            (void)h.v->BJCA_RenewProve(fz_sessions[0], list[i].name);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 5)
        return 0;
    change.place = data[0];
    change.offset = (unsigned)data[1] << 8 | data[2];
    change.len = (size_t)data[3] << 8 | data[4];
    if (change.len > size - 5)
        change.len = size - 5;
    change.bytes = data + 5;
    fz_change = put_certificate;
    if (!fz_begin(data + 5 + change.len, size - 5 - change.len))
        return 0;
    fz_vendor_begin();
    for (CK_ULONG i = 0; i < fz_session_count; i++)
        use_objects(fz_sessions[i], i % 2 == 1);
    read_containers();
    for (int i = 0; i < CALLS && fz_left(); i++)
        fz_call_one(fz_u8());
    fz_vendor_end();
    fz_end();
    return 0;
}
