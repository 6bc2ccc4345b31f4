/* SPDX-License-Identifier: Apache-2.0 */
#include "modhost.h"

#include <check.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/tlv.h"
#include "crypto/ctx.h"
#include "crypto/envelope.h"
#include "crypto/sm4.h"
#include "crypto/x509.h"

static void put_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "we");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_ge(fputs(text, f), 0);
    ck_assert_int_eq(fclose(f), 0);
}

void mh_make(struct modhost *h, enum bk_vkey_dialect dialect, enum bk_vkey_shape shape,
             const char *more)
{
    mh_make_key(h, &(struct bk_vkey_params){.dialect = dialect, .shape = shape}, more);
}

void mh_make_key(struct modhost *h, const struct bk_vkey_params *params, const char *more)
{
    struct bk_vkey_params p = *params;
    char text[512];
    const char *other = getenv("TEST_DIALECT");
    if (other && !p.dialect)
        ck_assert_int_eq(bk_vkey_dialect_parse(other, &p.dialect), BK_OK);
    p.serial = MH_SERIAL;
    p.admin_pin = MH_ADMIN;
    p.admin_pin_len = strlen(MH_ADMIN);
    memset(h, 0, sizeof *h);
    /* the key saves with fsync, a hundred times slower on a disk; nothing here outlives the test */
    (void)snprintf(h->dir, sizeof h->dir, "%s/bjca-mod.XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(h->dir));
    (void)snprintf(h->key, sizeof h->key, "%s/key", h->dir);
    (void)snprintf(h->conf, sizeof h->conf, "%s/conf", h->dir);
    (void)snprintf(h->trace, sizeof h->trace, "%s/trace", h->dir);
    (void)snprintf(text, sizeof text, "[key]\nvirtual-key = %s\npcsc = no\n[log]\ntrace = %s\n%s",
                   h->key, h->trace, more ? more : "");
    put_file(h->conf, text);
    put_file(h->trace, "");
    h->dialect = p.dialect;
    h->shape = p.shape;
    memcpy(h->admin, MH_ADMIN, sizeof h->admin);
    ck_assert_int_eq(bk_vkey_create(h->key, &p), BK_OK);
    ck_assert_int_eq(setenv("BJCA_CONF", h->conf, 1), 0);
}

void mh_new_unlock(struct modhost *h)
{
    memcpy(h->admin, MH_ADMIN, sizeof h->admin);
    h->pending[0] = 0;
    h->redeemed = false;
    h->said = h->proofs = 0;
}

void mh_forget(struct modhost *h)
{
    char path[128];
    (void)unlink(h->key);
    (void)unlink(h->conf);
    (void)unlink(h->trace);
    (void)snprintf(path, sizeof path, "%s.lock", h->key);
    (void)unlink(path);
    (void)rmdir(h->dir);
}

void mh_load(struct modhost *h, const char *so)
{
    CK_RV (*get)(unsigned char *, CK_VERSION *, CK_INTERFACE **, CK_FLAGS) = C_GetInterface;
    CK_VERSION three = {3, 0};
    CK_INTERFACE *i = NULL;
    if (so) {
        void *lib = dlopen(so, RTLD_NOW | RTLD_LOCAL);
        ck_assert_msg(lib, "%s", dlerror());
        *(void **)&get = dlsym(lib, "C_GetInterface");
        ck_assert_ptr_nonnull(*(void **)&get);
    }
    ck_assert_uint_eq(get((unsigned char *)"PKCS 11", &three, &i, 0), CKR_OK);
    h->f = i->pFunctionList;
    ck_assert_uint_eq(get((unsigned char *)CK_BJCA_INTERFACE_NAME, NULL, &i, 0), CKR_OK);
    h->v = i->pFunctionList;
}

void mh_save(const struct modhost *h, struct bk_buf *state)
{
    bk_buf_clear(state);
    ck_assert_int_eq(bk_file_read(h->key, 1 << 22, state), BK_OK);
}

void mh_restore(const struct modhost *h, const struct bk_buf *state)
{
    ck_assert_int_eq(bk_file_replace(h->key, state->data, state->len, 0600), BK_OK);
}

unsigned mh_exchanges(struct modhost *h)
{
    struct bk_buf text = BK_BUF_INIT;
    unsigned n = 0;
    ck_assert_int_eq(bk_file_read(h->trace, 1 << 24, &text), BK_OK);
    for (size_t i = 0; i + 3 <= text.len; i++)
        n += memcmp(text.data + i, " x ", 3) == 0;
    bk_buf_free(&text);
    ck_assert_int_eq(truncate(h->trace, 0), 0);
    return n;
}

CK_SESSION_HANDLE mh_try_login(struct modhost *h, CK_SLOT_ID slot, const char *pin)
{
    /* a key that was pulled a moment ago is noticed by the first command */
    for (int i = 0; i < 2; i++) {
        CK_SESSION_HANDLE s = 0;
        CK_RV rv = h->f->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s);
        if (rv == CKR_OK)
            rv = h->f->C_Login(s, CKU_USER, (CK_BYTE *)(uintptr_t)pin, strlen(pin));
        if (rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN)
            return s;
        if (rv != CKR_DEVICE_REMOVED) {
            (void)h->f->C_CloseSession(s);
            return 0;
        }
    }
    return 0;
}

CK_SESSION_HANDLE mh_login(struct modhost *h, CK_SLOT_ID slot)
{
    CK_SESSION_HANDLE s = 0;
    ck_assert_uint_eq(
        h->f->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s), CKR_OK);
    ck_assert_uint_eq(h->f->C_Login(s, CKU_USER, (CK_BYTE *)MH_PIN, strlen(MH_PIN)), CKR_OK);
    return s;
}

/* --- the CA
 * -------------------------------------------------------------------------------------*/

/* Keys are kept as bytes: C_Finalize of a linked module frees the library context that a key
 * object would live in. */
struct ca {
    enum bk_alg alg;
    struct bk_buf key, name, cert;
};

static struct bk_rsa_key *rsa_key(const struct bk_buf *bytes)
{
    struct bk_rsa_key *key = NULL;
    ck_assert_int_eq(bk_rsa_from_der(bytes->data, bytes->len, &key), BK_OK);
    return key;
}

static void make_rsa(struct bk_buf *bytes)
{
    struct bk_rsa_key *key = NULL;
    ck_assert_int_eq(bk_rsa_generate(2048, &key), BK_OK);
    ck_assert_int_eq(bk_rsa_to_der(key, bytes), BK_OK);
    bk_rsa_free(&key);
}

static void make_sm2(struct bk_buf *bytes)
{
    struct bk_sm2_key *key = NULL;
    uint8_t d[32];
    ck_assert_int_eq(bk_sm2_generate(&key), BK_OK);
    ck_assert_int_eq(bk_sm2_to_bytes(key, d), BK_OK);
    ck_assert_int_eq(bk_buf_put(bytes, d, sizeof d), BK_OK);
    bk_sm2_free(&key);
}

/* Signs with the CA's key; issue->key NULL: its own. */
static void ca_sign(const struct ca *ca, struct bk_issue *issue, struct bk_buf *out)
{
    struct bk_signer signer = {.alg = ca->alg};
    struct bk_rsa_key *rsa = NULL;
    struct bk_sm2_key *sm2 = NULL;
    if (ca->alg == BK_ALG_SM2)
        ck_assert_int_eq(bk_sm2_from_bytes(ca->key.data, &sm2), BK_OK);
    else
        rsa = rsa_key(&ca->key);
    signer.rsa = rsa;
    signer.sm2 = sm2;
    if (!issue->key)
        issue->key = bk_signer_pubkey(&signer);
    ck_assert_int_eq(bk_issue_serial(issue->serial), BK_OK);
    ck_assert_int_eq(bk_issue_cert(&signer, issue, out), BK_OK);
    bk_rsa_free(&rsa);
    bk_sm2_free(&sm2);
}

static struct ca *ca_for(enum bk_alg alg)
{
    static struct ca cas[2];
    struct ca *ca = &cas[alg == BK_ALG_SM2];
    struct bk_issue issue = {.profile = BK_PROFILE_ROOT};
    if (ca->cert.len)
        return ca;
    ca->alg = alg;
    if (alg == BK_ALG_SM2)
        make_sm2(&ca->key);
    else
        make_rsa(&ca->key);
    ck_assert_int_eq(bk_issue_name("示例科技有限公司", "Test Root", &ca->name), BK_OK);
    issue.issuer = issue.subject = ca->name.data;
    issue.issuer_len = issue.subject_len = ca->name.len;
    issue.not_before = time(NULL) - 3600;
    issue.not_after = issue.not_before + 10 * 365 * 86400L;
    ca_sign(ca, &issue, &ca->cert);
    return ca;
}

static void issue_one(const struct ca *ca, enum bk_profile profile, const struct bk_pkcs10 *request,
                      const struct bk_pubkey *key, struct bk_buf *out)
{
    struct bk_issue issue = {.profile = profile,
                             .issuer = ca->name.data,
                             .issuer_len = ca->name.len,
                             .subject = request->subject,
                             .subject_len = request->subject_len,
                             .key = key};
    issue.not_before = time(NULL) - 60;
    issue.not_after = issue.not_before + 365 * 86400L;
    ca_sign(ca, &issue, out);
}

/* One for all: making it is slow. */
static const struct bk_buf *rsa_enc(void)
{
    static struct bk_buf kept;
    if (!kept.len)
        make_rsa(&kept);
    return &kept;
}

void mh_make_keys(void)
{
    (void)ca_for(BK_ALG_RSA);
    (void)rsa_enc();
}

void mh_issue(const struct bk_buf *csr, bool new_enc, struct mh_issued *out)
{
    struct bk_pkcs10 request;
    memset(out, 0, sizeof *out);
    ck_assert_int_eq(bk_pkcs10_read(csr->data, csr->len, &request), BK_OK);
    const struct ca *ca = ca_for(request.key.alg);
    issue_one(ca, BK_PROFILE_SIGN, &request, &request.key, &out->sign);
    ck_assert_int_eq(bk_buf_put(&out->chain, ca->cert.data, ca->cert.len), BK_OK);
    if (!new_enc)
        return;
    if (request.key.alg == BK_ALG_SM2) {
        struct bk_sm2_key *enc = NULL;
        ck_assert_int_eq(bk_sm2_generate(&enc), BK_OK);
        issue_one(ca, BK_PROFILE_ENC, &request, bk_sm2_pubkey(enc), &out->enc);
        ck_assert_int_eq(bk_envelope_sm2_seal(&request.key, enc, &out->envelope), BK_OK);
        bk_sm2_free(&enc);
    } else {
        struct bk_rsa_key *enc = rsa_key(rsa_enc());
        issue_one(ca, BK_PROFILE_ENC, &request, bk_rsa_pubkey(enc), &out->enc);
        ck_assert_int_eq(bk_envelope_rsa_seal(&request.key, enc, &out->envelope), BK_OK);
        bk_rsa_free(&enc);
    }
}

CK_BJCA_LOAD mh_load_of(const struct mh_issued *issued)
{
    return (CK_BJCA_LOAD){.ulSize = sizeof(CK_BJCA_LOAD),
                          .signCert = issued->sign.data,
                          .signCertLen = issued->sign.len,
                          .encCert = issued->enc.data,
                          .encCertLen = issued->enc.len,
                          .envelope = issued->envelope.data,
                          .envelopeLen = issued->envelope.len,
                          .chain = issued->chain.data,
                          .chainLen = issued->chain.len};
}

void mh_issued_free(struct mh_issued *issued)
{
    bk_buf_free(&issued->sign);
    bk_buf_free(&issued->enc);
    bk_buf_free(&issued->envelope);
    bk_buf_free(&issued->chain);
}

/* New certificates for the keys that are there: the old encryption key gets one too. */
static CK_RV reissue_enc(struct modhost *h, const char *name, const struct bk_buf *csr,
                         struct mh_issued *out)
{
    struct bk_pkcs10 request;
    struct bk_pubkey key;
    CK_BYTE der[8192];
    CK_ULONG len = sizeof der;
    CK_BJCA_CONTAINER list[16] = {{.ulSize = sizeof list[0]}};
    CK_ULONG n = 16;
    ck_assert_int_eq(bk_pkcs10_read(csr->data, csr->len, &request), BK_OK);
    CK_RV rv = h->v->BJCA_GetContainers(0, list, &n);
    for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++) {
        if (list[i].role != CK_BJCA_CURRENT || strcmp((char *)list[i].name, name) != 0)
            continue;
        rv = h->v->BJCA_GetCertificate(0, list[i].name, list[i].generation, CK_BJCA_ENCRYPTION, der,
                                       &len);
        if (rv != CKR_OK)
            break;
        ck_assert_int_eq(bk_pubkey_from_cert(der, len, &key), BK_OK);
        issue_one(ca_for(request.key.alg), BK_PROFILE_ENC, &request, &key, &out->enc);
    }
    return rv;
}

CK_RV mh_renew(struct modhost *h, CK_SESSION_HANDLE s, const char *name, CK_KEY_TYPE type,
               CK_FLAGS flags)
{
    const CK_UTF8CHAR *n = (const CK_UTF8CHAR *)name;
    struct bk_buf subject = BK_BUF_INIT;
    struct mh_issued issued;
    CK_BJCA_RENEW_STATE state = {.ulSize = sizeof state};
    CK_BYTE csr[4096];
    CK_ULONG csr_len = sizeof csr;
    memset(&issued, 0, sizeof issued);
    ck_assert_int_eq(bk_issue_name("示例科技有限公司", "测试用户甲", &subject), BK_OK);
    CK_BJCA_RENEW_PARAMS p = {sizeof p, flags, type, subject.data, subject.len};
    CK_RV rv = h->v->BJCA_RenewState(s, n, &state);
    if (rv == CKR_OK && state.state != CK_BJCA_RENEW_LOADED) {
        rv = h->v->BJCA_RenewBegin(s, n, &p, NULL, NULL);
        if (rv == CKR_OK)
            rv = h->v->BJCA_RenewRequest(s, n, &p, csr, &csr_len);
        if (rv == CKR_OK) {
            struct bk_buf view = {csr, csr_len, csr_len};
            mh_issue(&view, !(flags & CKF_BJCA_KEEP_KEY), &issued);
            if (flags & CKF_BJCA_KEEP_KEY)
                rv = reissue_enc(h, name, &view, &issued);
            CK_BJCA_LOAD load = mh_load_of(&issued);
            if (rv == CKR_OK)
                rv = h->v->BJCA_RenewLoad(s, n, &load, NULL, NULL);
        }
    }
    if (rv == CKR_OK)
        rv = h->v->BJCA_RenewProve(s, n);
    if (rv == CKR_OK)
        rv = h->v->BJCA_RenewCommit(s, n);
    bk_buf_free(&subject);
    mh_issued_free(&issued);
    return rv;
}

/* --- the platform
 * -------------------------------------------------------------------------------*/

static void pin_key(const char *pin, uint8_t key[16])
{
    uint8_t padded[16] = {0}, digest[20];
    memcpy(padded, pin, strlen(pin));
    ck_assert_int_eq(bk_digest(BK_HASH_SHA1, padded, 16, digest), BK_OK);
    memcpy(key, digest, 16);
}

static void verify_command(const struct modhost *h, const uint8_t app[2], const uint8_t random[8],
                           struct bk_buf *out)
{
    uint8_t key[16], block[16] = {0};
    pin_key(h->admin, key);
    if (h->dialect == BK_VKEY_LONGMAI) {
        block[0] = 8;
        memcpy(block + 2, random, 8);
        block[10] = 0x80;
    } else {
        memcpy(block, random, 8);
    }
    ck_assert_int_eq(bk_sm4_ecb(key, true, block, 16, block), BK_OK);
    ck_assert_int_eq(bk_buf_put(out, app, 2), BK_OK);
    ck_assert_int_eq(bk_buf_put(out, block, 16), BK_OK);
}

static void new_pin_command(const struct modhost *h, uint8_t ins, const char *pin,
                            const uint8_t app[2], const uint8_t random[8], struct bk_buf *out)
{
    uint8_t key[16], block[32] = {0}, iv[16] = {0}, mac[4];
    size_t len = strlen(pin), size = 16;
    struct bk_buf over = BK_BUF_INIT;
    pin_key(h->admin, key);
    memcpy(iv, random, 8);
    if (h->dialect == BK_VKEY_LONGMAI) {
        block[0] = (uint8_t)len;
        memcpy(block + 2, pin, len);
        block[2 + len] = 0x80;
        size = len + 3 > 16 ? 32 : 16;
    } else {
        memcpy(block, pin, len);
    }
    ck_assert_int_eq(bk_sm4_ecb(key, true, block, size, block), BK_OK);
    ck_assert_int_eq(bk_buf_put(out, app, 2), BK_OK);
    ck_assert_int_eq(bk_buf_put(out, block, size), BK_OK);
    if (h->dialect == BK_VKEY_LONGMAI) {
        ck_assert_int_eq(bk_buf_put(&over, pin, len), BK_OK);
    } else {
        const uint8_t head[8] = {0x84, ins, 0, 0, 0, (uint8_t)out->len, 0, 0};
        ck_assert_int_eq(bk_buf_put(&over, head, 8), BK_OK);
        ck_assert_int_eq(bk_buf_put(&over, out->data, out->len), BK_OK);
    }
    ck_assert_int_eq(bk_sm4_mac(key, iv, over.data, over.len, mac), BK_OK);
    ck_assert_int_eq(bk_buf_put(out, mac, 4), BK_OK);
    bk_buf_free(&over);
}

static bool field(const struct bk_tlv *in, uint16_t tag, struct bk_tlv *out)
{
    return bk_tlv_find(in->value, in->len, tag, out) == BK_OK;
}

static unsigned status_of(const struct bk_tlv *in)
{
    struct bk_tlv t;
    ck_assert(field(in, 0x88, &t) && t.len == 2);
    return (unsigned)t.value[0] << 8 | t.value[1];
}

/* Which answer, and with what command; 0 refuses. */
static unsigned decide(struct modhost *h, const struct bk_tlv *in, unsigned kind,
                       struct bk_buf *command)
{
    struct bk_tlv app, random;
    bool place = field(in, 0x83, &app) && field(in, 0x84, &random);
    if (kind == 1 && h->redeemed)
        return 6;
    if (kind == 1 || kind == 2) {
        ck_assert(place);
        bool failed = kind == 2 && status_of(in) != 0x9000;
        bool first = kind == 1 || failed;
        if (failed && h->said != 6) { /* the rotation may have happened */
            if (!h->pending[0])
                return 0;
            memcpy(h->admin, h->pending, sizeof h->admin);
            h->pending[0] = 0;
        }
        h->redeemed = true;
        memcpy(h->one_time, "Qx7mKp2Rt9Vw", 13);
        if (h->shape == BK_VKEY_ADMIN_FIRST && first) {
            verify_command(h, app.value, random.value, command);
            return 1;
        }
        new_pin_command(h, 0x1a, h->one_time, app.value, random.value, command);
        return 2;
    }
    if (kind == 3) {
        memcpy(h->pending, "Rotated-admin-99", 17);
        new_pin_command(h, 0x16, h->pending, app.value, random.value, command);
        return 3;
    }
    if (status_of(in) == 0x9000 && h->pending[0])
        memcpy(h->admin, h->pending, sizeof h->admin);
    h->pending[0] = 0;
    h->proofs++;
    return 5;
}

bool mh_answer(struct modhost *h, const uint8_t *request, size_t len, struct bk_buf *answer)
{
    struct bk_rd rd = bk_rd(request, len);
    struct bk_buf inner = BK_BUF_INIT, command = BK_BUF_INIT;
    struct bk_tlv in, t;
    uint32_t kind = 0;
    ck_assert_int_eq(bk_tlv_next(&rd, &in), BK_OK);
    ck_assert_uint_eq(in.tag, 0xe1);
    ck_assert(field(&in, 0x81, &t) && bk_tlv_uint(&t, &kind) == BK_OK);
    unsigned say = decide(h, &in, kind, &command);
    h->said = say;
    bk_buf_clear(answer);
    if (!say)
        return false;
    ck_assert_int_eq(bk_tlv_put_uint(&inner, 0x80, 1), BK_OK);
    ck_assert_int_eq(bk_tlv_put_uint(&inner, 0x81, say), BK_OK);
    for (uint16_t tag = 0x82; tag <= 0x84; tag++)
        if (field(&in, tag, &t))
            ck_assert_int_eq(bk_tlv_put(&inner, tag, t.value, t.len), BK_OK);
    ck_assert_int_eq(bk_tlv_put(&inner, 0x85, "U-1", 3), BK_OK);
    if (command.len)
        ck_assert_int_eq(bk_tlv_put(&inner, 0x86, command.data, command.len), BK_OK);
    if (say == 2 || say == 6)
        ck_assert_int_eq(bk_tlv_put(&inner, 0x87, h->one_time, 12), BK_OK);
    ck_assert_int_eq(bk_tlv_put(&inner, 0x8e, "https://127.0.0.1:8443", 22), BK_OK);
    ck_assert_int_eq(bk_tlv_put(answer, 0xe2, inner.data, inner.len), BK_OK);
    bk_buf_free(&inner);
    bk_buf_free(&command);
    return true;
}

CK_RV mh_unlock(struct modhost *h, CK_SLOT_ID slot, const char *pin)
{
    CK_BJCA_UNLOCK u = 0;
    CK_BYTE request[CK_BJCA_MESSAGE_MAX];
    CK_ULONG len = sizeof request;
    CK_BBOOL done = 0;
    struct bk_buf answer = BK_BUF_INIT;
    CK_RV rv = h->v->BJCA_UnlockBegin(slot, &u, request, &len);
    while (rv == CKR_OK && !done) {
        if (!mh_answer(h, request, len, &answer)) {
            rv = CKR_GENERAL_ERROR;
            break;
        }
        len = sizeof request;
        rv = h->v->BJCA_UnlockStep(u, answer.data, answer.len, (const CK_UTF8CHAR *)pin,
                                   strlen(pin), request, &len, &done);
    }
    if (rv == CKR_OK)
        ck_assert(mh_answer(h, request, len, &answer));
    bk_buf_free(&answer);
    return rv;
}

/* --- objects
 * ------------------------------------------------------------------------------------*/

#define TEMPLATE_MOST 15

/* With what else there must be: CKA_TOKEN, and of RSA the length. */
static CK_ULONG completed(const CK_ATTRIBUTE *from, CK_ULONG count, bool rsa, CK_ATTRIBUTE *to)
{
    static CK_BBOOL yes = 1;
    static CK_ULONG bits = 2048;
    bool said = false, long_said = !rsa;
    if (count > TEMPLATE_MOST) /* no assertion: memory may be running out (conformance/memory.c) */
        abort();
    for (CK_ULONG i = 0; i < count; i++) {
        to[i] = from[i];
        said = said || from[i].type == CKA_TOKEN;
        long_said = long_said || from[i].type == CKA_MODULUS_BITS;
    }
    if (!said)
        to[count++] = (CK_ATTRIBUTE){CKA_TOKEN, &yes, 1};
    if (!long_said)
        to[count++] = (CK_ATTRIBUTE){CKA_MODULUS_BITS, &bits, sizeof bits};
    return count;
}

CK_RV mh_generate(struct modhost *h, CK_SESSION_HANDLE s, CK_MECHANISM *m, const CK_ATTRIBUTE *pub,
                  CK_ULONG pub_count, const CK_ATTRIBUTE *priv, CK_ULONG priv_count,
                  CK_OBJECT_HANDLE *pub_key, CK_OBJECT_HANDLE *priv_key)
{
    CK_ATTRIBUTE a[TEMPLATE_MOST + 2], b[TEMPLATE_MOST + 2];
    bool rsa = m && m->mechanism == CKM_RSA_PKCS_KEY_PAIR_GEN;
    CK_ULONG n = completed(pub, pub_count, rsa, a), k = completed(priv, priv_count, false, b);
    return h->f->C_GenerateKeyPair(s, m, a, n, b, k, pub_key, priv_key);
}

CK_OBJECT_HANDLE mh_find(struct modhost *h, CK_SESSION_HANDLE s, CK_OBJECT_CLASS class,
                         CK_ATTRIBUTE_TYPE right)
{
    CK_BBOOL yes = 1;
    CK_ATTRIBUTE t[2] = {{CKA_CLASS, &class, sizeof class}, {right, &yes, 1}};
    CK_OBJECT_HANDLE o = 0;
    CK_ULONG n = 0;
    ck_assert_uint_eq(h->f->C_FindObjectsInit(s, t, right ? 2 : 1), CKR_OK);
    ck_assert_uint_eq(h->f->C_FindObjects(s, &o, 1, &n), CKR_OK);
    ck_assert_uint_eq(h->f->C_FindObjectsFinal(s), CKR_OK);
    return n ? o : 0;
}

CK_ULONG mh_count(struct modhost *h, CK_SESSION_HANDLE s, CK_OBJECT_CLASS class)
{
    CK_ATTRIBUTE t = {CKA_CLASS, &class, sizeof class};
    CK_OBJECT_HANDLE o[64];
    CK_ULONG n = 0;
    ck_assert_uint_eq(h->f->C_FindObjectsInit(s, &t, 1), CKR_OK);
    ck_assert_uint_eq(h->f->C_FindObjects(s, o, 64, &n), CKR_OK);
    ck_assert_uint_eq(h->f->C_FindObjectsFinal(s), CKR_OK);
    return n;
}

bool mh_bytes_attr(struct modhost *h, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o,
                   CK_ATTRIBUTE_TYPE type, struct bk_buf *out)
{
    CK_BYTE value[20000];
    CK_ATTRIBUTE a = {type, value, sizeof value};
    bk_buf_clear(out);
    if (h->f->C_GetAttributeValue(s, o, &a, 1) != CKR_OK)
        return false;
    ck_assert_int_eq(bk_buf_put(out, value, a.ulValueLen), BK_OK);
    return true;
}

static bool signs(struct modhost *h, CK_SESSION_HANDLE s, bool sm2)
{
    CK_MECHANISM m = {sm2 ? CKM_SM3_SM2 : CKM_SHA256_RSA_PKCS, NULL, 0};
    CK_BYTE text[] = "a document", sig[512];
    CK_ULONG len = sizeof sig;
    CK_OBJECT_HANDLE priv = mh_find(h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    CK_OBJECT_HANDLE pub = mh_find(h, s, CKO_PUBLIC_KEY, CKA_VERIFY);
    return priv && pub && h->f->C_SignInit(s, &m, priv) == CKR_OK &&
           h->f->C_Sign(s, text, sizeof text, sig, &len) == CKR_OK &&
           h->f->C_VerifyInit(s, &m, pub) == CKR_OK &&
           h->f->C_Verify(s, text, sizeof text, sig, len) == CKR_OK;
}

static bool decrypts(struct modhost *h, CK_SESSION_HANDLE s, bool sm2)
{
    CK_MECHANISM m = {sm2 ? CKM_SM2_ENCRYPT : CKM_RSA_PKCS, NULL, 0};
    CK_BYTE text[] = "a secret", cipher[512], back[512];
    CK_ULONG len = sizeof cipher, back_len = sizeof back;
    CK_OBJECT_HANDLE priv = mh_find(h, s, CKO_PRIVATE_KEY, CKA_DECRYPT);
    CK_OBJECT_HANDLE pub = mh_find(h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT);
    return priv && pub && h->f->C_EncryptInit(s, &m, pub) == CKR_OK &&
           h->f->C_Encrypt(s, text, sizeof text, cipher, &len) == CKR_OK &&
           h->f->C_DecryptInit(s, &m, priv) == CKR_OK &&
           h->f->C_Decrypt(s, cipher, len, back, &back_len) == CKR_OK && back_len == sizeof text &&
           memcmp(back, text, sizeof text) == 0;
}

bool mh_identity_works(struct modhost *h, CK_SESSION_HANDLE s)
{
    CK_SESSION_INFO info;
    ck_assert_uint_eq(h->f->C_GetSessionInfo(s, &info), CKR_OK);
    bool sm2 = info.slotID % 2 == 1;
    return mh_find(h, s, CKO_CERTIFICATE, 0) && signs(h, s, sm2) && decrypts(h, s, sm2);
}
