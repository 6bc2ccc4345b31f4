/* SPDX-License-Identifier: Apache-2.0 */
/* What the CA process is asked, and does: docs in cad_wire.h. */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/log.h"
#include "base/tlv.h"
#include "crypto/ocsp.h"
#include "server/cad_journal.h"
#include "server/cad_parts.h"
#include "server/cad_wire.h"

#define YEAR_S (INT64_C(365) * 86400)

struct ask {
    uint32_t op, alg;
    const uint8_t *subject, *request, *spki, *url, *serials[2];
    size_t subject_len, request_len, spki_len, url_len, serial_count;
    uint64_t first, last, number, next, list_len;
    const uint8_t *nonce, *ocsp_url, *identity;
    size_t nonce_len, ocsp_url_len, identity_len;
    struct bk_ocsp_single singles[BK_OCSP_CERTS];
    size_t single_count;
};

static enum bk_err read_u64(const struct bk_tlv *tlv, uint64_t *v)
{
    struct bk_rd rd = bk_rd(tlv->value, tlv->len);
    enum bk_err err = bk_rd_u64be(&rd, v);
    return err == BK_OK ? bk_rd_end(&rd) : err;
}

/* The CertID must be one: what is signed is composed here. */
static enum bk_err read_single(const struct bk_tlv *tlv, struct ask *ask)
{
    struct bk_rd rd = bk_rd(tlv->value, tlv->len);
    struct bk_ocsp_id id;
    uint64_t at = 0;
    uint8_t state = 0, reason = 0;
    if (ask->single_count == BK_OCSP_CERTS)
        return BK_ELIMIT;
    struct bk_ocsp_single *s = &ask->singles[ask->single_count++];
    enum bk_err err = bk_rd_u8(&rd, &state);
    if (err == BK_OK)
        err = bk_rd_u64be(&rd, &at);
    if (err == BK_OK)
        err = bk_rd_u8(&rd, &reason);
    if (err == BK_OK)
        err = bk_ocsp_read_id(rd.at, rd.left, &id);
    if (err == BK_OK && (state > BK_OCSP_UNKNOWN || reason > 10))
        err = BK_EFORMAT;
    *s = (struct bk_ocsp_single){.id = rd.at,
                                 .id_len = rd.left,
                                 .state = (enum bk_ocsp_state)state,
                                 .revoked_at = (int64_t)at,
                                 .reason = reason};
    return err;
}

static enum bk_err read_element(const struct bk_tlv *tlv, struct ask *ask)
{
    switch (tlv->tag) {
    case 0x81:
        return bk_tlv_uint(tlv, &ask->op);
    case 0x82:
        return bk_tlv_uint(tlv, &ask->alg);
    case 0x84:
        ask->subject = tlv->value;
        ask->subject_len = tlv->len;
        return BK_OK;
    case 0x85:
        ask->request = tlv->value;
        ask->request_len = tlv->len;
        return BK_OK;
    case 0x86:
        ask->spki = tlv->value;
        ask->spki_len = tlv->len;
        return BK_OK;
    case 0x87:
        return read_u64(tlv, &ask->first);
    case 0x88:
        return read_u64(tlv, &ask->last);
    case 0x89:
        ask->url = tlv->value;
        ask->url_len = tlv->len;
        return BK_OK;
    case 0x8d:
        if (tlv->len != BK_SERIAL_BYTES || ask->serial_count == 2)
            return BK_EFORMAT;
        ask->serials[ask->serial_count++] = tlv->value;
        return BK_OK;
    case 0x8a:
        return read_u64(tlv, &ask->number);
    case 0x8b:
        return read_u64(tlv, &ask->next);
    case 0x92:
        return read_u64(tlv, &ask->list_len);
    case 0x8e:
        return read_single(tlv, ask);
    case 0x8f:
        ask->nonce = tlv->value;
        ask->nonce_len = tlv->len;
        return BK_OK;
    case 0x91:
        ask->identity = tlv->value;
        ask->identity_len = tlv->len;
        return BK_OK;
    case 0x90:
        ask->ocsp_url = tlv->value;
        ask->ocsp_url_len = tlv->len;
        return BK_OK;
    default:
        return BK_EFORMAT;
    }
}

static enum bk_err read_ask(const struct bk_buf *request, struct ask *ask)
{
    struct bk_rd rd = bk_rd(request->data, request->len);
    struct bk_tlv tlv;
    enum bk_err err;
    while ((err = bk_tlv_next(&rd, &tlv)) == BK_OK && (err = read_element(&tlv, ask)) == BK_OK)
        continue;
    return err == BK_ENOTFOUND && ask->alg >= 1 && ask->alg <= 2 ? BK_OK : BK_EFORMAT;
}

/* --- issuing --- */

/* A certificate of the one or two that are asked for. */
struct leaf {
    enum bk_profile profile;
    const char *name;
    const struct bk_cad_profile *more;
    const uint8_t *serial;
    struct bk_pubkey key;
};

static enum bk_err read_leaves(const struct bk_cad *cad, const struct ask *ask,
                               struct leaf leaves[2], size_t *count)
{
    struct bk_pkcs10 request;
    enum bk_err err = ask->request || ask->spki ? BK_OK : BK_EFORMAT;
    size_t n = 0;
    if (err == BK_OK && ask->request) {
        err = bk_pkcs10_read(ask->request, ask->request_len, &request);
        leaves[n++] = (struct leaf){.profile = BK_PROFILE_SIGN,
                                    .name = "signing",
                                    .more = &cad->profiles[0],
                                    .key = request.key};
    }
    if (err == BK_OK && ask->spki) {
        leaves[n] = (struct leaf){
            .profile = BK_PROFILE_ENC, .name = "encryption", .more = &cad->profiles[1]};
        err = bk_pubkey_from_spki(ask->spki, ask->spki_len, &leaves[n++].key);
    }
    if (err == BK_OK && n != ask->serial_count)
        err = BK_EFORMAT;
    for (size_t i = 0; err == BK_OK && i < n; i++) {
        const uint8_t *serial = leaves[i].serial = ask->serials[i];
        if (!serial[0] || serial[0] & 0x80) /* of the shape that we give ourselves */
            err = BK_EINVAL;
    }
    *count = n;
    return err;
}

static enum bk_err check_leaf(const struct bk_cad_ca *ca, const struct ask *ask,
                              const struct leaf *leaf)
{
    int64_t now = (int64_t)time(NULL), first = (int64_t)ask->first, last = (int64_t)ask->last;
    if (leaf->key.alg != ca->alg)
        return BK_EINVAL;
    if (leaf->key.alg == BK_ALG_RSA && leaf->key.n_len < 256)
        return BK_EDENIED;
    if (first < now - 7 * 86400 || first > now + 86400 || last <= first ||
        last > now + BK_CAD_LEAF_S || last > ca->not_after ||
        (leaf->more->max_days && last > now + leaf->more->max_days * 86400))
        return BK_EDENIED;
    return BK_OK;
}

struct texts {
    char url[512], ocsp_url[512], identity[BK_CAD_IDENTITY + 1];
};

static enum bk_err read_texts(const struct ask *ask, struct texts *t)
{
    if (!ask->subject || ask->url_len >= sizeof t->url || ask->ocsp_url_len >= sizeof t->ocsp_url ||
        ask->identity_len >= sizeof t->identity ||
        !bk_text_is_plain(ask->identity, ask->identity_len))
        return BK_EINVAL;
    if (ask->url)
        memcpy(t->url, ask->url, ask->url_len);
    if (ask->identity)
        memcpy(t->identity, ask->identity, ask->identity_len);
    if (ask->ocsp_url)
        memcpy(t->ocsp_url, ask->ocsp_url, ask->ocsp_url_len);
    return BK_OK;
}

static enum bk_err journal(const struct bk_cad *cad, const struct bk_cad_ca *ca,
                           const struct ask *ask, const struct leaf *leaves, size_t count)
{
    struct bk_cad_entry entries[2];
    for (size_t i = 0; i < count; i++)
        entries[i] = (struct bk_cad_entry){.algorithm = bk_cad_algs[ca->alg - 1],
                                           .profile = leaves[i].name,
                                           .serial = leaves[i].serial,
                                           .not_after = (int64_t)ask->last};
    return bk_cad_journal_add(cad->journal, entries, count);
}

static enum bk_err issue(const struct bk_cad *cad, const struct bk_cad_ca *ca,
                         const struct ask *ask, const struct texts *t, const struct leaf *leaf,
                         struct bk_buf *out)
{
    const struct bk_signer signer = bk_cad_signer(cad, ca);
    struct bk_issue one = {.profile = leaf->profile,
                           .issuer = ca->name.data,
                           .issuer_len = ca->name.len,
                           .subject = ask->subject,
                           .subject_len = ask->subject_len,
                           .not_before = (int64_t)ask->first,
                           .not_after = (int64_t)ask->last,
                           .key = &leaf->key,
                           .crl_url = *t->url ? t->url : NULL,
                           .ocsp_url = *t->ocsp_url ? t->ocsp_url : NULL,
                           .more = &leaf->more->more,
                           .identity = *t->identity ? t->identity : NULL};
    memcpy(one.serial, leaf->serial, BK_SERIAL_BYTES);
    return bk_issue_cert(&signer, &one, out);
}

/* All is checked before anything is written down, and that is done before anything is signed. */
static enum bk_err do_issue(struct bk_cad *cad, struct bk_cad_ca *ca, const struct ask *ask,
                            struct bk_buf out[2])
{
    struct leaf leaves[2];
    struct texts texts = {.url = ""};
    size_t count = 0;
    bk_cad_journal_expect(cad->journal);
    enum bk_err err = read_leaves(cad, ask, leaves, &count);
    if (err == BK_OK)
        err = read_texts(ask, &texts);
    for (size_t i = 0; err == BK_OK && i < count; i++)
        err = check_leaf(ca, ask, &leaves[i]);
    if (err == BK_OK)
        err = journal(cad, ca, ask, leaves, count);
    else
        bk_cad_journal_forget(cad->journal);
    for (size_t i = 0; err == BK_OK && i < count; i++)
        err = issue(cad, ca, ask, &texts, &leaves[i], &out[i]);
    return err;
}

/* --- revocation lists --- */

static enum bk_err read_revoked(const struct bk_tlv *tlv, struct bk_revoked *r)
{
    struct bk_rd rd = bk_rd(tlv->value, tlv->len);
    uint64_t at = 0;
    uint8_t reason = 0;
    enum bk_err err = tlv->tag == 0x8c ? bk_rd_copy(&rd, r->serial, sizeof r->serial) : BK_EFORMAT;
    if (err == BK_OK)
        err = bk_rd_u64be(&rd, &at);
    if (err == BK_OK)
        err = bk_rd_u8(&rd, &reason);
    if (err == BK_OK)
        err = bk_rd_end(&rd);
    r->at = (int64_t)at;
    r->reason = reason;
    return err;
}

static enum bk_err add_entries(struct bk_crl_signing *signing, const struct bk_buf *frame)
{
    struct bk_rd rd = bk_rd(frame->data, frame->len);
    struct bk_revoked revoked;
    struct bk_tlv tlv;
    enum bk_err err;
    while ((err = bk_tlv_next(&rd, &tlv)) == BK_OK &&
           (err = read_revoked(&tlv, &revoked)) == BK_OK &&
           (err = bk_issue_crl_add(signing, &revoked)) == BK_OK)
        continue;
    return err == BK_ENOTFOUND ? BK_OK : err;
}

/* All frames are taken, also of what is refused: who sends them reads the answer behind them. */
static enum bk_err take_entries(const struct bk_cad_frames *more, struct bk_crl_signing *signing,
                                enum bk_err did)
{
    struct bk_buf frame = BK_BUF_INIT;
    enum bk_err err;
    while ((err = more->next(more->context, &frame)) == BK_OK && frame.len) {
        if (did == BK_OK)
            did = add_entries(signing, &frame);
        bk_buf_clear(&frame);
    }
    bk_buf_free(&frame);
    return err == BK_OK ? did : err;
}

static enum bk_err do_crl(struct bk_cad *cad, struct bk_cad_ca *ca, const struct ask *ask,
                          const struct bk_cad_frames *more, struct bk_buf out[2])
{
    int64_t now = (int64_t)time(NULL), next = (int64_t)ask->next;
    const struct bk_signer signer = bk_cad_signer(cad, ca);
    const struct bk_issue_crl crl = {.issuer = ca->name.data,
                                     .issuer_len = ca->name.len,
                                     .number = ask->number,
                                     .this_update = now - 60,
                                     .next_update = next,
                                     .list_len = ask->list_len};
    struct bk_crl_signing *signing = NULL;
    enum bk_err err = next <= now || next > now + YEAR_S
                          ? BK_EDENIED
                          : bk_issue_crl_begin(&signer, &crl, &signing);
    err = take_entries(more, signing, err);
    if (err == BK_OK)
        err = bk_issue_crl_end(signing, &out[0], &out[1]);
    bk_issue_crl_free(&signing);
    return err;
}

/* --- what else is signed --- */

static enum bk_err do_ocsp(const struct bk_cad *cad, const struct bk_cad_ca *ca,
                           const struct ask *ask, struct bk_buf *out)
{
    int64_t now = (int64_t)time(NULL), next = (int64_t)ask->next;
    if (!ask->single_count || ask->nonce_len > BK_OCSP_NONCE)
        return BK_EFORMAT;
    if (next <= now || next > now + 7 * 86400)
        return BK_EDENIED;
    const struct bk_signer signer = bk_cad_signer(cad, ca);
    const struct bk_ocsp_answer answer = {.singles = ask->singles,
                                          .count = ask->single_count,
                                          .this_update = now,
                                          .next_update = next,
                                          .nonce = ask->nonce_len ? ask->nonce : NULL,
                                          .nonce_len = ask->nonce_len};
    return bk_ocsp_answer(&signer, &answer, out);
}

static enum bk_err put_result(struct bk_buf *answer, const struct bk_buf *result)
{
    return result->len ? bk_tlv_put(answer, 0x82, result->data, result->len) : BK_OK;
}

static enum bk_err put_id(struct bk_buf *answer, const char *id)
{
    return bk_tlv_put(answer, 0x82, id, strlen(id));
}

static enum bk_err put_chain(struct bk_buf *answer, const struct bk_cad *cad,
                             const struct bk_cad_ca *ca)
{
    enum bk_err err = put_result(answer, &ca->issuing);
    if (err == BK_OK)
        err = put_result(answer, &ca->root);
    return err == BK_OK ? put_id(answer, cad->sm2_id ? cad->sm2_id : BK_SM2_ID) : err;
}

enum bk_err bk_cad_answer(struct bk_cad *cad, const struct bk_buf *request,
                          const struct bk_cad_frames *more, struct bk_buf *answer)
{
    struct ask ask = {0};
    struct bk_buf results[2] = {BK_BUF_INIT, BK_BUF_INIT};
    enum bk_err did = read_ask(request, &ask);
    struct bk_cad_ca *ca = did == BK_OK ? &cad->cas[ask.alg - 1] : NULL;
    if (did == BK_OK && ask.op == BK_CAD_ISSUE)
        did = do_issue(cad, ca, &ask, results);
    else if (did == BK_OK && ask.op == BK_CAD_CRL)
        did = do_crl(cad, ca, &ask, more, results);
    else if (did == BK_OK && ask.op == BK_CAD_OCSP)
        did = do_ocsp(cad, ca, &ask, results);
    else if (did == BK_OK && ask.op != BK_CAD_CHAIN)
        did = BK_EFORMAT;
    else if (ask.op == BK_CAD_CRL) /* of a head that is bad */
        did = take_entries(more, NULL, did);
    if (did != BK_OK)
        bk_log(BK_LOG_WARN, "cad: request %u refused: %s", ask.op, bk_err_name(did));
    enum bk_err err = bk_tlv_put_uint(answer, 0x81, (uint32_t)did);
    if (err == BK_OK && did == BK_OK && ask.op == BK_CAD_CHAIN)
        err = put_chain(answer, cad, ca);
    for (int i = 0; err == BK_OK && did == BK_OK && i < 2; i++)
        err = put_result(answer, &results[i]);
    bk_buf_free(&results[0]);
    bk_buf_free(&results[1]);
    return err;
}
