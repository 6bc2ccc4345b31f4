/* SPDX-License-Identifier: Apache-2.0 */
#include "server/certs.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "crypto/envelope.h"
#include "crypto/x509.h"
#include "server/audit.h"
#include "server/ident.h"

const char *bk_alg_name(enum bk_alg alg)
{
    return alg == BK_ALG_SM2 ? "sm2" : "rsa";
}

enum bk_err bk_certificate_id(const void *der, size_t len, char id[BK_CERT_ID],
                              char fingerprint[65])
{
    struct bk_x509 *x = NULL;
    enum bk_err err = bk_x509_parse(der, len, &x);
    if (err == BK_OK && x->key.alg)
        (void)snprintf(id, BK_CERT_ID, "%s:%s", bk_alg_name(x->key.alg), x->serial_hex);
    else if (err != BK_ENOMEM)
        err = BK_ENOTFOUND;
    bk_x509_free(&x);
    return err == BK_OK ? bk_sha256_hex(der, len, fingerprint) : err;
}

enum bk_err bk_key_hash(const struct bk_pubkey *key, char hash[65])
{
    struct bk_buf spki = BK_BUF_INIT;
    enum bk_err err = bk_pubkey_to_spki(key, &spki);
    if (err == BK_OK)
        err = bk_sm3_hex(spki.data, spki.len, hash);
    bk_buf_free(&spki);
    return err;
}

/* --- making --- */

/* The encryption key of a pair while it is made: one of two, or none for one that is kept. */
struct enc_key {
    struct bk_rsa_key *rsa;
    struct bk_sm2_key *sm2;
    const struct bk_pubkey *pub;
};

static enum bk_err make_enc_key(const struct bk_pair_ask *ask, enum bk_alg alg, struct enc_key *key)
{
    enum bk_err err = BK_OK;
    key->pub = ask->kept_enc;
    if (!key->pub && alg == BK_ALG_SM2) {
        err = bk_sm2_generate(&key->sm2);
        key->pub = err == BK_OK ? bk_sm2_pubkey(key->sm2) : NULL;
    } else if (!key->pub) {
        err = bk_rsa_generate(2048, &key->rsa);
        key->pub = err == BK_OK ? bk_rsa_pubkey(key->rsa) : NULL;
    }
    return err;
}

static enum bk_err seal_enc_key(const struct enc_key *key, const struct bk_pubkey *sign,
                                struct bk_pair *pair)
{
    if (key->rsa) {
        enum bk_err err = bk_envelope_rsa_seal(sign, key->rsa, &pair->envelope);
        return err == BK_OK ? bk_rsa_to_der(key->rsa, &pair->enc_key) : err;
    }
    if (!key->sm2)
        return BK_OK;
    enum bk_err err = bk_envelope_sm2_seal(sign, key->sm2, &pair->envelope);
    if (err == BK_OK)
        err = bk_buf_put_zero(&pair->enc_key, 32);
    return err == BK_OK ? bk_sm2_to_bytes(key->sm2, pair->enc_key.data) : err;
}

/* The serial number, in hex, of a certificate by its name. */
static const char *number_of(const char *id)
{
    return strchr(id, ':') + 1;
}

static bool is_as_asked(const struct bk_pair_ask *ask, const struct bk_x509 *x,
                        const struct bk_pubkey *key, const char *planned)
{
    return strcmp(number_of(planned), x->serial_hex) == 0 && bk_pubkey_equal(&x->key, key) &&
           x->subject.len == ask->subject_len &&
           memcmp(x->subject.data, ask->subject, ask->subject_len) == 0 &&
           x->not_before == ask->not_before && x->not_after == ask->not_after;
}

/* Numbers, keys, name and time are what the CA was asked for, or nothing is registered or handed
 * out. That it is the CA who answers is the socket's to say; what its profile adds, its own. */
static enum bk_err read_made(const struct bk_pair_ask *ask, const struct bk_pubkey *enc_key,
                             struct bk_pair *pair)
{
    struct bk_x509 *sign = NULL, *enc = NULL;
    enum bk_err err = bk_x509_parse(pair->sign.data, pair->sign.len, &sign);
    if (err == BK_OK)
        err = bk_x509_parse(pair->enc.data, pair->enc.len, &enc);
    if (err == BK_OK) {
        (void)snprintf(pair->common_name, sizeof pair->common_name, "%s", sign->common_name);
        pair->not_before = sign->not_before;
        pair->not_after = sign->not_after;
        if (!is_as_asked(ask, sign, ask->key, pair->sign_id) ||
            !is_as_asked(ask, enc, enc_key, pair->enc_id))
            err = BK_EVERIFY;
    }
    bk_x509_free(&sign);
    bk_x509_free(&enc);
    return err;
}

enum bk_err bk_pair_make(struct bk_ca *ca, const struct bk_pair_ask *ask, struct bk_pair *pair)
{
    struct enc_key key = {.pub = NULL};
    pair->nothing = true;
    enum bk_err err = ask->key->alg == pair->alg ? make_enc_key(ask, pair->alg, &key) : BK_EINVAL;
    const struct bk_ca_pair both = {.alg = pair->alg,
                                    .subject = ask->subject,
                                    .subject_len = ask->subject_len,
                                    .request = ask->request,
                                    .request_len = ask->request_len,
                                    .enc_key = key.pub,
                                    .not_before = ask->not_before,
                                    .not_after = ask->not_after,
                                    .crl_url = ask->crl_url,
                                    .ocsp_url = ask->ocsp_url,
                                    .identity = ask->identity,
                                    .sign_serial = pair->sign_serial,
                                    .enc_serial = pair->enc_serial};
    if (err == BK_OK)
        err = bk_ca_issue(ca, &both, &pair->nothing, &pair->sign, &pair->enc);
    if (err == BK_OK)
        err = read_made(ask, key.pub, pair);
    if (err == BK_OK)
        err = seal_enc_key(&key, ask->key, pair);
    if (err != BK_OK)
        bk_pair_free(pair);
    bk_rsa_free(&key.rsa);
    bk_sm2_free(&key.sm2);
    return err;
}

void bk_pair_free(struct bk_pair *pair)
{
    bk_buf_free(&pair->sign);
    bk_buf_free(&pair->enc);
    bk_buf_free(&pair->envelope);
    bk_buf_free(&pair->enc_key);
}

/* --- what the CA is asked to issue --- */

#define ISSUING_MS (INT64_C(10) * 60 * 1000) /* more than any way through the CA can take */

/* A new serial number, and the certificate's name by it. */
static enum bk_err plan_one(const struct bk_pair *pair, uint8_t serial[BK_SERIAL_BYTES],
                            char id[BK_CERT_ID])
{
    struct bk_buf hex = BK_BUF_INIT;
    const char *text = "";
    enum bk_err err = bk_issue_serial(serial);
    if (err == BK_OK)
        err = bk_hex_encode(serial, BK_SERIAL_BYTES, &hex);
    if (err == BK_OK)
        err = bk_buf_cstr(&hex, &text);
    (void)snprintf(id, BK_CERT_ID, "%s:%s", bk_alg_name(pair->alg), text + strspn(text, "0"));
    bk_buf_free(&hex);
    return err;
}

enum bk_err bk_pair_plan(struct bk_tx *tx, enum bk_alg alg, int64_t not_after, int64_t now,
                         struct bk_pair *pair)
{
    memset(pair, 0, sizeof *pair);
    pair->alg = alg;
    enum bk_err err = plan_one(pair, pair->sign_serial, pair->sign_id);
    if (err == BK_OK)
        err = plan_one(pair, pair->enc_serial, pair->enc_id);
    if (err == BK_OK)
        err =
            bk_tx_write(tx, BK_ANYHOW,
                        "INSERT INTO issuing (id, serial_number, algorithm, not_after, made_at)"
                        " VALUES ($1, $2, $5, $6, $7), ($3, $4, $5, $6, $7)",
                        BK_VALS(bk_text(pair->sign_id), bk_text(number_of(pair->sign_id)),
                                bk_text(pair->enc_id), bk_text(number_of(pair->enc_id)),
                                bk_text(bk_alg_name(alg)), bk_int(not_after * 1000), bk_int(now)));
    return err;
}

enum bk_err bk_pair_forget(struct bk_tx *tx, const struct bk_pair *pair)
{
    return bk_tx_write(tx, BK_ANYHOW, "DELETE FROM issuing WHERE id = $1 OR id = $2",
                       BK_VALS(bk_text(pair->sign_id), bk_text(pair->enc_id)));
}

static enum bk_err revoke_lost(struct bk_tx *tx, const char *id, int64_t now)
{
    char object[BK_CERT_ID + 16];
    (void)snprintf(object, sizeof object, "certificate:%s", id);
    const struct bk_audit entry = {.actor = "system",
                                   .address = "",
                                   .action = "certificate.lost",
                                   .object = object,
                                   .detail = "asked for, not registered: revoked"};
    enum bk_err err = bk_tx_exec(
        tx,
        "INSERT INTO certificates (id, serial_number, algorithm, kind, key_serial, container,"
        " pair, subject, fingerprint, der, enc_key_sealed, not_before, not_after, state,"
        " revoked_at, reason, created_at) SELECT id, serial_number, algorithm, 'lost', '', '', id,"
        " '', id, $1, NULL, made_at, not_after, 'revoked', $2, 0, made_at FROM issuing"
        " WHERE id = $3",
        BK_VALS(bk_bytes("", 0), bk_int(now), bk_text(id)), NULL);
    if (err == BK_OK)
        err = bk_tx_exec(tx, "DELETE FROM issuing WHERE id = $1", BK_VALS(bk_text(id)), NULL);
    return err == BK_OK ? bk_audit_add(tx, &entry) : err;
}

enum bk_err bk_pair_clean(struct bk_tx *tx, int64_t now)
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_tx_query(tx, "SELECT id FROM issuing WHERE made_at < $1 LIMIT 500",
                                  BK_VALS(bk_int(now - ISSUING_MS)), &rows);
    for (size_t i = 0; err == BK_OK && i < rows.count; i++)
        err = revoke_lost(tx, bk_row_text(&rows, i, 0), now);
    bk_rows_free(&rows);
    return err;
}

/* --- registering --- */

static struct bk_place identity_place(const char *sign_id)
{
    return (struct bk_place){.table = "certificates", .column = "identity_sealed", .row = sign_id};
}

static struct bk_val bytes_or_null(const struct bk_buf *bytes)
{
    return bytes->len ? bk_bytes(bytes->data, bytes->len) : bk_null();
}

static enum bk_err store_both(struct bk_tx *tx, const struct bk_pair_ask *ask,
                              const struct bk_pair *pair, const struct bk_buf *sealed,
                              const struct bk_buf *identity, int64_t now)
{
    char sign_print[65], enc_print[65];
    enum bk_err err = bk_sha256_hex(pair->sign.data, pair->sign.len, sign_print);
    if (err == BK_OK)
        err = bk_sha256_hex(pair->enc.data, pair->enc.len, enc_print);
    if (err != BK_OK)
        return err;
    return bk_tx_write(
        tx, BK_ANYHOW,
        "INSERT INTO certificates (id, kind, serial_number, fingerprint, der, enc_key_sealed,"
        " identity_sealed, pair, algorithm, key_serial, container, subject, not_before, not_after,"
        " state, revoked_at, reason, created_at) VALUES"
        " ($1, 'sign', $2, $3, $4, NULL, $5, $1, $11, $12, $13, $14, $15, $16, 'good', 0, 0, $17),"
        " ($6, 'enc', $7, $8, $9, $10, NULL, $1, $11, $12, $13, $14, $15, $16, 'good', 0, 0, $17)",
        BK_VALS(bk_text(pair->sign_id), bk_text(number_of(pair->sign_id)), bk_text(sign_print),
                bk_bytes(pair->sign.data, pair->sign.len), bytes_or_null(identity),
                bk_text(pair->enc_id), bk_text(number_of(pair->enc_id)), bk_text(enc_print),
                bk_bytes(pair->enc.data, pair->enc.len), bytes_or_null(sealed),
                bk_text(bk_alg_name(pair->alg)), bk_text(ask->key_serial), bk_text(ask->container),
                bk_text(pair->common_name), bk_int(pair->not_before * 1000),
                bk_int(pair->not_after * 1000), bk_int(now)));
}

enum bk_err bk_pair_store(struct bk_tx *tx, const struct bk_escrow *escrow,
                          const struct bk_pair_ask *ask, const struct bk_pair *pair, int64_t now)
{
    struct bk_buf sealed = BK_BUF_INIT, identity = BK_BUF_INIT;
    const struct bk_place place = {
        .table = "certificates", .column = "enc_key_sealed", .row = pair->enc_id};
    const struct bk_place whose = identity_place(pair->sign_id);
    enum bk_err err = BK_OK;
    if (ask->identity && *ask->identity)
        err = bk_escrow_seal(escrow, &whose, ask->identity, strlen(ask->identity), &identity);
    if (err == BK_OK &&
        pair->enc_key.len) /* a kept one is there already, beside its first certificate */
        err = bk_escrow_seal(escrow, &place, pair->enc_key.data, pair->enc_key.len, &sealed);
    if (err == BK_OK)
        err = store_both(tx, ask, pair, &sealed, &identity, now);
    if (err == BK_OK)
        err = bk_pair_forget(tx, pair);
    bk_buf_free(&sealed);
    bk_buf_free(&identity);
    return err;
}

enum bk_err bk_pair_identity(const struct bk_escrow *escrow, const char *sign_id,
                             struct bk_rd sealed, char identity[BK_CERT_IDENTITY + 1])
{
    struct bk_buf text = BK_BUF_INIT;
    const struct bk_place whose = identity_place(sign_id);
    enum bk_err err = sealed.left ? bk_escrow_open_sealed(escrow, &whose, sealed, &text) : BK_OK;
    if (err == BK_OK && text.len > BK_CERT_IDENTITY)
        err = BK_ECORRUPT;
    size_t len = err == BK_OK ? text.len : 0;
    if (len)
        memcpy(identity, text.data, len);
    identity[len] = 0;
    bk_buf_free(&text);
    return err;
}

enum bk_err bk_certificate_good(struct bk_tx *tx, const char *id, bool *good)
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_tx_query(tx, "SELECT 1 FROM certificates WHERE id = $1 AND state = 'good'",
                                  BK_VALS(bk_text(id)), &rows);
    *good = err == BK_OK && rows.count;
    bk_rows_free(&rows);
    return err;
}

enum bk_err bk_certificate_list(struct bk_tx *tx, const char *key_serial, struct bk_rows *rows)
{
    return bk_tx_query(tx,
                       "SELECT id, kind, container, state, not_after FROM certificates"
                       " WHERE key_serial = $1 ORDER BY created_at, kind DESC",
                       BK_VALS(bk_text(key_serial)), rows);
}

enum bk_err bk_pair_revoke(struct bk_tx *tx, const char *sign_id, int reason, int64_t now)
{
    return bk_tx_write(tx, BK_ANYHOW,
                       "UPDATE certificates SET state = 'revoked', revoked_at = $1, reason = $2"
                       " WHERE pair = $3 AND state = 'good'",
                       BK_VALS(bk_int(now), bk_int(reason), bk_text(sign_id)));
}

/* --- revocation lists --- */

static enum bk_err read_serial(const char *hex, uint8_t serial[BK_SERIAL_BYTES])
{
    char padded[2 * BK_SERIAL_BYTES + 1];
    struct bk_buf bytes = BK_BUF_INIT;
    size_t len = strlen(hex);
    if (!len || len > 2 * BK_SERIAL_BYTES)
        return BK_ECORRUPT;
    memset(padded, '0', sizeof padded);
    /* lint bugprone-not-null-terminated-result: digits of a fixed number */
    memcpy(padded + 2 * BK_SERIAL_BYTES - len, hex, len);
    enum bk_err err = bk_hex_decode(padded, 2 * BK_SERIAL_BYTES, &bytes);
    if (err == BK_OK)
        memcpy(serial, bytes.data, BK_SERIAL_BYTES);
    bk_buf_free(&bytes);
    return err;
}

#define CRL_PAGE 10000

struct crl {
    int64_t number;
    struct bk_revoked *list;
    size_t count;
};

#define REVOKED " FROM certificates WHERE algorithm = $1 AND state = 'revoked' AND not_after > $2"

/* The list that is stored goes to out when it still says everything: that is asked of an index. */
static enum bk_err look_at_stored(struct bk_tx *tx, const char *alg, int64_t since, int64_t now,
                                  struct bk_buf *out, struct crl *crl)
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err =
        bk_tx_get(tx, "SELECT count(*), CAST(coalesce(max(revoked_at), 0) AS BIGINT)" REVOKED,
                  BK_VALS(bk_text(alg), bk_int(since)), &rows);
    int64_t count = err == BK_OK ? bk_row_int(&rows, 0, 0) : 0;
    int64_t last = err == BK_OK ? bk_row_int(&rows, 0, 1) : 0;
    if (err == BK_OK)
        err = bk_tx_query(tx,
                          "SELECT number, revoked, made_at, next_at, der FROM crls"
                          " WHERE algorithm = $1",
                          BK_VALS(bk_text(alg)), &rows);
    if (err == BK_OK && rows.count) {
        struct bk_rd der = bk_row_bytes(&rows, 0, 4);
        int64_t made = bk_row_int(&rows, 0, 2), half = (made + bk_row_int(&rows, 0, 3)) / 2;
        crl->number = bk_row_int(&rows, 0, 0);
        if (bk_row_int(&rows, 0, 1) == count && last + 1000 < made && made <= now && now < half)
            err = bk_buf_put(out, der.at, der.left);
    }
    bk_rows_free(&rows);
    return err;
}

static enum bk_err add_page(const struct bk_rows *rows, struct crl *crl)
{
    struct bk_revoked *longer = realloc(crl->list, (crl->count + rows->count) * sizeof *crl->list);
    if (!longer)
        return BK_ENOMEM;
    crl->list = longer;
    enum bk_err err = BK_OK;
    for (size_t i = 0; err == BK_OK && i < rows->count; i++) {
        struct bk_revoked *r = &crl->list[crl->count++];
        err = read_serial(bk_row_text(rows, i, 0), r->serial);
        r->at = bk_row_int(rows, i, 1) / 1000;
        r->reason = (int)bk_row_int(rows, i, 2);
    }
    return err;
}

/* What is to be signed, a page behind the other, as the index has it. */
static enum bk_err list_revoked(struct bk_tx *tx, const char *alg, int64_t since, struct crl *crl)
{
    struct bk_rows rows = BK_ROWS_INIT;
    char id[BK_CERT_ID] = "";
    int64_t not_after = since, revoked_at = INT64_MAX;
    enum bk_err err = BK_OK;
    do {
        err = bk_tx_query(tx,
                          "SELECT serial_number, revoked_at, reason, not_after, id"
                          " FROM certificates WHERE algorithm = $1 AND state = 'revoked'"
                          " AND (not_after, revoked_at, id) > ($2, $3, $4)"
                          " ORDER BY not_after, revoked_at, id LIMIT $5",
                          BK_VALS(bk_text(alg), bk_int(not_after), bk_int(revoked_at), bk_text(id),
                                  bk_int(CRL_PAGE)),
                          &rows);
        if (err == BK_OK && rows.count) {
            err = add_page(&rows, crl);
            revoked_at = bk_row_int(&rows, rows.count - 1, 1);
            not_after = bk_row_int(&rows, rows.count - 1, 3);
            bk_row_copy(&rows, rows.count - 1, 4, id, sizeof id);
        }
    } while (err == BK_OK && rows.count == CRL_PAGE);
    bk_rows_free(&rows);
    return err;
}

static enum bk_err keep(struct bk_app *app, enum bk_alg alg, const struct crl *crl, int64_t now,
                        int64_t next, const struct bk_buf *der)
{
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    /* another may have made one meanwhile: the higher number stays */
    if (err == BK_OK)
        err = bk_tx_exec(tx,
                         "INSERT INTO crls (algorithm, number, revoked, made_at, next_at, der)"
                         " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (algorithm) DO UPDATE SET"
                         " number = $2, revoked = $3, made_at = $4, next_at = $5, der = $6"
                         " WHERE crls.number < $2",
                         BK_VALS(bk_text(bk_alg_name(alg)), bk_int(crl->number + 1),
                                 bk_int((int64_t)crl->count), bk_int(now), bk_int(next),
                                 bk_bytes(der->data, der->len)),
                         NULL);
    return bk_tx_end(&tx, err);
}

static enum bk_err make(struct bk_app *app, enum bk_alg alg, const struct crl *crl, int64_t now,
                        struct bk_buf *out)
{
    int64_t next = now + app->policy.crl_days * 86400000;
    enum bk_err err =
        bk_ca_crl(app->ca, alg, (uint64_t)crl->number + 1, next / 1000, crl->list, crl->count, out);
    return err == BK_OK ? keep(app, alg, crl, now, next, out) : err;
}

/* The stored list, or what is to be made one of. */
static enum bk_err look(struct bk_app *app, enum bk_alg alg, int64_t now, bool list,
                        struct bk_buf *out, struct crl *crl)
{
    struct bk_tx *tx = NULL;
    int64_t since = now - app->policy.crl_days * 86400000;
    size_t before = out->len;
    enum bk_err err = bk_tx_look(app->store, &tx); /* whoever fetches it keeps nobody waiting */
    if (err == BK_OK)
        err = look_at_stored(tx, bk_alg_name(alg), since, now, out, crl);
    if (err == BK_OK && list && out->len == before)
        err = list_revoked(tx, bk_alg_name(alg), since, crl);
    bk_tx_rollback(&tx);
    return err;
}

enum bk_err bk_crl_current(struct bk_app *app, enum bk_alg alg, struct bk_buf *out)
{
    /* one is made at a time: it takes seconds and much memory when it is long */
    static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;
    struct crl crl = {0};
    size_t before = out->len;
    enum bk_err err = look(app, alg, bk_now_ms(), false, out, &crl);
    if (err == BK_OK && out->len == before) {
        (void)pthread_mutex_lock(&making);
        int64_t now = bk_now_ms();
        err = look(app, alg, now, true, out, &crl);
        if (err == BK_OK && out->len == before)
            err = make(app, alg, &crl, now, out);
        (void)pthread_mutex_unlock(&making);
    }
    free(crl.list);
    return err;
}
