/* SPDX-License-Identifier: Apache-2.0 */
#include "server/cad.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/tlv.h"
#include "crypto/x509.h"
#include "server/cad_journal.h"
#include "server/cad_wire.h"

#define YEAR (INT64_C(365) * 86400)
#define ROOT_YEARS 25
#define ISSUING_YEARS 15

/* One CA: RSA or SM2. The root's key is not kept in memory. */
struct ca {
    enum bk_alg alg;
    struct bk_rsa_key *rsa;
    struct bk_sm2_key *sm2;
    struct bk_buf root, issuing; /* certificates, DER */
    struct bk_buf name;          /* of the issuing CA, DER */
    int64_t not_after;
};

struct bk_cad {
    char folder[PATH_MAX];
    char *ca_name, *org, *sm2_id;
    int lock;
    int journal;
    struct ca cas[2];
};

static const char *const alg_names[] = {"rsa", "sm2"};

static struct bk_signer signer_of(const struct bk_cad *cad, const struct ca *ca)
{
    return (struct bk_signer){
        .alg = ca->alg, .rsa = ca->rsa, .sm2 = ca->sm2, .sm2_id = cad->sm2_id};
}

static enum bk_err path_of(const struct bk_cad *cad, const struct ca *ca, const char *what,
                           char path[PATH_MAX + 64])
{
    int n = snprintf(path, PATH_MAX + 64, "%s/%s-%s", cad->folder, alg_names[ca->alg - 1], what);
    return n > 0 && n < PATH_MAX + 64 ? BK_OK : BK_ELIMIT;
}

/* --- key files: RSAPrivateKey in DER, or the 32 bytes of an SM2 key --- */

static enum bk_err write_key(const struct bk_cad *cad, const struct ca *ca, const char *what)
{
    char path[PATH_MAX + 64];
    struct bk_buf bytes = BK_BUF_INIT;
    enum bk_err err = path_of(cad, ca, what, path);
    if (err == BK_OK && ca->alg == BK_ALG_RSA)
        err = bk_rsa_to_der(ca->rsa, &bytes);
    else if (err == BK_OK && (err = bk_buf_put_zero(&bytes, 32)) == BK_OK)
        err = bk_sm2_to_bytes(ca->sm2, bytes.data);
    if (err == BK_OK)
        err = bk_file_replace(path, bytes.data, bytes.len, 0600);
    bk_buf_free(&bytes);
    return err;
}

static enum bk_err read_key(const struct bk_cad *cad, struct ca *ca, const char *what)
{
    char path[PATH_MAX + 64];
    struct bk_buf bytes = BK_BUF_INIT;
    enum bk_err err = path_of(cad, ca, what, path);
    if (err == BK_OK)
        err = bk_file_read(path, 8192, &bytes);
    if (err == BK_OK && ca->alg == BK_ALG_RSA)
        err = bk_rsa_from_der(bytes.data, bytes.len, &ca->rsa);
    else if (err == BK_OK)
        err = bytes.len == 32 ? bk_sm2_from_bytes(bytes.data, &ca->sm2) : BK_ECORRUPT;
    bk_buf_free(&bytes);
    return err;
}

static void drop_key(struct ca *ca)
{
    bk_rsa_free(&ca->rsa);
    bk_sm2_free(&ca->sm2);
}

static enum bk_err make_key(struct ca *ca)
{
    drop_key(ca);
    return ca->alg == BK_ALG_RSA ? bk_rsa_generate(2048, &ca->rsa) : bk_sm2_generate(&ca->sm2);
}

/* --- making --- */

static enum bk_err make_cert(const struct bk_signer *signer, enum bk_profile profile,
                             const struct bk_buf *issuer, const struct bk_buf *subject,
                             const struct bk_pubkey *key, int64_t years, struct bk_buf *out)
{
    int64_t now = (int64_t)time(NULL) - 3600;
    struct bk_issue issue = {.profile = profile,
                             .issuer = issuer->data,
                             .issuer_len = issuer->len,
                             .subject = subject->data,
                             .subject_len = subject->len,
                             .not_before = now,
                             .not_after = now + years * YEAR,
                             .key = key};
    enum bk_err err = bk_issue_serial(issue.serial);
    return err == BK_OK ? bk_issue_cert(signer, &issue, out) : err;
}

static enum bk_err make_name(const struct bk_cad *cad, const struct ca *ca, const char *role,
                             struct bk_buf *out)
{
    struct bk_buf cn = BK_BUF_INIT;
    const char *text = NULL;
    enum bk_err err = bk_buf_printf(&cn, "%s %s %s CA", cad->ca_name,
                                    ca->alg == BK_ALG_RSA ? "RSA" : "SM2", role);
    if (err == BK_OK)
        err = bk_buf_cstr(&cn, &text);
    if (err == BK_OK)
        err = bk_issue_name(cad->org, text, out);
    bk_buf_free(&cn);
    return err;
}

static enum bk_err make_ca(const struct bk_cad *cad, struct ca *ca)
{
    char path[PATH_MAX + 64];
    struct ca root = {.alg = ca->alg};
    struct bk_buf root_name = BK_BUF_INIT, name = BK_BUF_INIT;
    struct bk_buf root_cert = BK_BUF_INIT, cert = BK_BUF_INIT;
    enum bk_err err = make_name(cad, ca, "Root", &root_name);
    if (err == BK_OK)
        err = make_name(cad, ca, "Issuing", &name);
    if (err == BK_OK)
        err = make_key(&root);
    if (err == BK_OK)
        err = make_key(ca);
    if (err != BK_OK)
        goto out;
    const struct bk_signer self = signer_of(cad, &root), below = signer_of(cad, ca);
    err = make_cert(&self, BK_PROFILE_ROOT, &root_name, &root_name, bk_signer_pubkey(&self),
                    ROOT_YEARS, &root_cert);
    if (err == BK_OK)
        err = make_cert(&self, BK_PROFILE_ISSUING, &root_name, &name, bk_signer_pubkey(&below),
                        ISSUING_YEARS, &cert);
    if (err == BK_OK)
        err = write_key(cad, &root, "root.key");
    if (err == BK_OK)
        err = write_key(cad, ca, "issuing.key");
    if (err == BK_OK)
        err = path_of(cad, ca, "root.der", path);
    if (err == BK_OK)
        err = bk_file_replace(path, root_cert.data, root_cert.len, 0600);
    if (err == BK_OK)
        err = path_of(cad, ca, "issuing.der", path);
    if (err == BK_OK)
        err = bk_file_replace(path, cert.data, cert.len, 0600);
out:
    drop_key(&root);
    bk_buf_free(&root_name);
    bk_buf_free(&name);
    bk_buf_free(&root_cert);
    bk_buf_free(&cert);
    return err;
}

static enum bk_err read_certs(const struct bk_cad *cad, struct ca *ca)
{
    char path[PATH_MAX + 64];
    struct bk_x509 *x = NULL;
    enum bk_err err = path_of(cad, ca, "issuing.der", path);
    if (err == BK_OK)
        err = bk_file_read(path, BK_CERT_MAX, &ca->issuing);
    if (err == BK_OK)
        err = path_of(cad, ca, "root.der", path);
    if (err == BK_OK)
        err = bk_file_read(path, BK_CERT_MAX, &ca->root);
    if (err == BK_OK)
        err = bk_x509_parse(ca->issuing.data, ca->issuing.len, &x);
    if (err == BK_OK)
        err = bk_buf_put(&ca->name, x->subject.data, x->subject.len);
    if (err == BK_OK)
        ca->not_after = x->not_after;
    bk_x509_free(&x);
    return err;
}

/* --- the folder --- */

static enum bk_err tell(char *why, size_t size, enum bk_err err, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static enum bk_err tell(char *why, size_t size, enum bk_err err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(why, size, fmt, args);
    va_end(args);
    return err;
}

/* There while the CAs are made: what is beside it has signed nothing yet, and is made anew. */
#define MAKING "making"
#define JOURNAL "issued.log"

/* Without one of these nothing is served. The roots' keys may be somewhere else. */
static const char *const parts[] = {"rsa-root.der", "rsa-issuing.der", "rsa-issuing.key",
                                    "sm2-root.der", "sm2-issuing.der", "sm2-issuing.key",
                                    JOURNAL};
#define PARTS (sizeof parts / sizeof *parts)

static bool is_there(const char *folder, const char *name)
{
    char path[PATH_MAX + 64];
    struct stat st;
    int n = snprintf(path, sizeof path, "%s/%s", folder, name);
    return n > 0 && (size_t)n < sizeof path && lstat(path, &st) == 0;
}

enum bk_err bk_cad_check(const char *folder, char *why, size_t size)
{
    struct stat st;
    const char *lost = NULL;
    /* its rights first: what can't be looked into isn't a folder without a CA */
    enum bk_err err = lstat(folder, &st) == 0 ? bk_dir_private(folder) : BK_OK;
    if (err != BK_OK)
        return tell(why, size, err, "%s (%s)", folder, bk_err_name(err));
    if (is_there(folder, MAKING))
        return tell(why, size, BK_ESTATE,
                    "the making of the CA in %s was cut short; init makes it anew", folder);
    size_t found = is_there(folder, "rsa-root.key") + is_there(folder, "sm2-root.key");
    for (size_t i = 0; i < PARTS; i++) {
        if (is_there(folder, parts[i]))
            found++;
        else if (!lost)
            lost = parts[i];
    }
    if (!found)
        return tell(why, size, BK_ENOTFOUND,
                    "there is no CA in %s: bring it back from a copy, or have bjca-cad init make a"
                    " new one",
                    folder);
    return lost ? tell(why, size, BK_ECORRUPT,
                       "the CA in %s has lost %s: bring it back from a copy", folder, lost)
                : BK_OK;
}

static enum bk_err lock_folder(struct bk_cad *cad, char *why, size_t size)
{
    char path[PATH_MAX + 64];
    (void)snprintf(path, sizeof path, "%s/lock", cad->folder);
    enum bk_err err = bk_file_lock(path, 0, &cad->lock);
    if (err == BK_EBUSY)
        return tell(why, size, err, "another process is at work in %s", cad->folder);
    return err == BK_OK ? err : tell(why, size, err, "%s (%s)", path, bk_err_name(err));
}

static enum bk_err new_cad(const struct bk_cad_options *options, struct bk_cad **cad)
{
    struct bk_cad *c = calloc(1, sizeof *c);
    *cad = c;
    if (!c)
        return BK_ENOMEM;
    c->lock = c->journal = -1;
    c->cas[0].alg = BK_ALG_RSA;
    c->cas[1].alg = BK_ALG_SM2;
    c->ca_name = strdup(options->name);
    c->org = strdup(options->org);
    c->sm2_id = options->sm2_id ? strdup(options->sm2_id) : NULL;
    int n = snprintf(c->folder, sizeof c->folder, "%s", options->folder);
    return !c->ca_name || !c->org || (options->sm2_id && !c->sm2_id) ? BK_ENOMEM
           : n <= 0 || (size_t)n >= sizeof c->folder                 ? BK_ELIMIT
                                                                     : BK_OK;
}

static enum bk_err make_all(struct bk_cad *c)
{
    char making[PATH_MAX + 64], path[PATH_MAX + 64];
    (void)snprintf(making, sizeof making, "%s/" MAKING, c->folder);
    (void)snprintf(path, sizeof path, "%s/" JOURNAL, c->folder);
    enum bk_err err = bk_file_replace(making, "", 0, 0600);
    for (unsigned i = 0; err == BK_OK && i < 2; i++)
        err = make_ca(c, &c->cas[i]);
    if (err == BK_OK)
        err = bk_file_replace(path, "", 0, 0600);
    return err == BK_OK ? bk_file_remove(making) : err;
}

/* Whether a CA may be made here: there is none, or one that was never whole. */
static enum bk_err check_free(const char *folder, char *why, size_t size)
{
    enum bk_err err = bk_cad_check(folder, why, size);
    if (err == BK_OK)
        return tell(why, size, BK_EEXISTS, "%s holds a CA already", folder);
    return err == BK_ENOTFOUND || err == BK_ESTATE ? BK_OK : err;
}

enum bk_err bk_cad_make(const struct bk_cad_options *options, char *why, size_t size)
{
    struct bk_cad *c = NULL;
    enum bk_err err = new_cad(options, &c);
    if (err != BK_OK) {
        (void)tell(why, size, err, "%s (%s)", options->folder, bk_err_name(err));
        goto out;
    }
    err = check_free(c->folder, why, size);
    if (err != BK_OK)
        goto out;
    err = bk_dir_private(c->folder);
    if (err != BK_OK) {
        (void)tell(why, size, err, "%s (%s)", c->folder, bk_err_name(err));
        goto out;
    }
    err = lock_folder(c, why, size);
    if (err == BK_OK)
        err = check_free(c->folder, why, size); /* another one may have been faster */
    if (err != BK_OK)
        goto out;
    err = make_all(c);
    if (err != BK_OK)
        (void)tell(why, size, err, "the CA in %s can't be made (%s)", c->folder, bk_err_name(err));
out:
    bk_cad_close(&c);
    return err;
}

static enum bk_err open_ca(const struct bk_cad *cad, struct ca *ca, char *why, size_t size)
{
    struct bk_pubkey key;
    enum bk_err err = read_certs(cad, ca);
    if (err == BK_OK)
        err = bk_pubkey_from_cert(ca->issuing.data, ca->issuing.len, &key);
    if (err != BK_OK)
        return tell(why, size, err, "%s/%s-issuing.der or -root.der can't be taken (%s)",
                    cad->folder, alg_names[ca->alg - 1], bk_err_name(err));
    err = read_key(cad, ca, "issuing.key");
    const struct bk_signer signer = signer_of(cad, ca);
    if (err == BK_OK && !bk_pubkey_equal(bk_signer_pubkey(&signer), &key))
        err = BK_EVERIFY;
    return err == BK_OK ? err
                        : tell(why, size, err, "%s/%s-issuing.key isn't its certificate's key (%s)",
                               cad->folder, alg_names[ca->alg - 1], bk_err_name(err));
}

static enum bk_err open_journal(struct bk_cad *cad, char *why, size_t size)
{
    char path[PATH_MAX + 64];
    (void)snprintf(path, sizeof path, "%s/" JOURNAL, cad->folder);
    cad->journal = open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
    return cad->journal < 0 ? tell(why, size, BK_EIO, "%s can't be written", path) : BK_OK;
}

enum bk_err bk_cad_open(const struct bk_cad_options *options, struct bk_cad **cad, char *why,
                        size_t size)
{
    enum bk_err err = new_cad(options, cad);
    if (err != BK_OK)
        (void)tell(why, size, err, "%s (%s)", options->folder, bk_err_name(err));
    if (err == BK_OK)
        err = bk_cad_check((*cad)->folder, why, size);
    if (err == BK_OK)
        err = lock_folder(*cad, why, size);
    if (err == BK_OK)
        err = open_journal(*cad, why, size);
    for (unsigned i = 0; err == BK_OK && i < 2; i++)
        err = open_ca(*cad, &(*cad)->cas[i], why, size);
    if (err != BK_OK)
        bk_cad_close(cad);
    return err;
}

void bk_cad_close(struct bk_cad **cad)
{
    struct bk_cad *c = *cad;
    if (!c)
        return;
    for (unsigned i = 0; i < 2; i++) {
        drop_key(&c->cas[i]);
        bk_buf_free(&c->cas[i].root);
        bk_buf_free(&c->cas[i].issuing);
        bk_buf_free(&c->cas[i].name);
    }
    if (c->journal >= 0)
        (void)close(c->journal);
    bk_file_unlock(&c->lock);
    free(c->ca_name);
    free(c->org);
    free(c->sm2_id);
    free(c);
    *cad = NULL;
}

/* --- requests --- */

struct ask {
    uint32_t op, alg, profile;
    const uint8_t *subject, *request, *spki, *url, *serial;
    size_t subject_len, request_len, spki_len, url_len, serial_len;
    uint64_t first, last, number, next;
    struct bk_buf revoked; /* struct bk_revoked, one behind the other */
};

static enum bk_err read_u64(const struct bk_tlv *tlv, uint64_t *v)
{
    struct bk_rd rd = bk_rd(tlv->value, tlv->len);
    enum bk_err err = bk_rd_u64be(&rd, v);
    return err == BK_OK ? bk_rd_end(&rd) : err;
}

static enum bk_err read_revoked(const struct bk_tlv *tlv, struct bk_buf *list)
{
    struct bk_revoked r = {.reason = 0};
    struct bk_rd rd = bk_rd(tlv->value, tlv->len);
    uint64_t at = 0;
    uint8_t reason = 0;
    enum bk_err err = bk_rd_copy(&rd, r.serial, sizeof r.serial);
    if (err == BK_OK)
        err = bk_rd_u64be(&rd, &at);
    if (err == BK_OK)
        err = bk_rd_u8(&rd, &reason);
    if (err == BK_OK)
        err = bk_rd_end(&rd);
    r.at = (int64_t)at;
    r.reason = reason;
    return err == BK_OK ? bk_buf_put(list, &r, sizeof r) : err;
}

static enum bk_err read_element(const struct bk_tlv *tlv, struct ask *ask)
{
    switch (tlv->tag) {
    case 0x81:
        return bk_tlv_uint(tlv, &ask->op);
    case 0x82:
        return bk_tlv_uint(tlv, &ask->alg);
    case 0x83:
        return bk_tlv_uint(tlv, &ask->profile);
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
        ask->serial = tlv->value;
        ask->serial_len = tlv->len;
        return BK_OK;
    case 0x8a:
        return read_u64(tlv, &ask->number);
    case 0x8b:
        return read_u64(tlv, &ask->next);
    case 0x8c:
        return read_revoked(tlv, &ask->revoked);
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

/* Who got which serial number, on disk before the certificate leaves. */
static enum bk_err journal(const struct bk_cad *cad, const struct ca *ca, const char *profile,
                           const struct bk_issue *issue)
{
    struct bk_buf line = BK_BUF_INIT;
    enum bk_err err =
        bk_buf_printf(&line, "%lld %s %s ", (long long)time(NULL), alg_names[ca->alg - 1], profile);
    if (err == BK_OK)
        err = bk_hex_encode(issue->serial, sizeof issue->serial, &line);
    if (err == BK_OK)
        err = bk_buf_printf(&line, " %lld\n", (long long)issue->not_after);
    if (err == BK_OK && (write(cad->journal, line.data, line.len) != (ssize_t)line.len ||
                         fdatasync(cad->journal) != 0))
        err = BK_EIO;
    bk_buf_free(&line);
    return err;
}

static enum bk_err read_leaf_key(const struct ask *ask, struct bk_pkcs10 *request)
{
    if (ask->profile == BK_CAD_SIGNING && ask->request)
        return bk_pkcs10_read(ask->request, ask->request_len, request);
    if (ask->profile == BK_CAD_ENCRYPTION && ask->spki)
        return bk_pubkey_from_spki(ask->spki, ask->spki_len, &request->key);
    return BK_EFORMAT;
}

/* Of the shape that we give ourselves, and new. */
static enum bk_err take_serial(const struct bk_cad *cad, const struct ask *ask,
                               uint8_t serial[BK_SERIAL_BYTES])
{
    bool used = false;
    if (ask->serial_len != BK_SERIAL_BYTES || !ask->serial[0] || ask->serial[0] & 0x80)
        return BK_EINVAL;
    memcpy(serial, ask->serial, BK_SERIAL_BYTES);
    enum bk_err err = bk_cad_journal_has(cad->journal, serial, &used);
    return err == BK_OK && used ? BK_EEXISTS : err;
}

static enum bk_err do_issue(struct bk_cad *cad, struct ca *ca, const struct ask *ask,
                            struct bk_buf *out)
{
    char url[512] = "";
    int64_t now = (int64_t)time(NULL), first = (int64_t)ask->first, last = (int64_t)ask->last;
    struct bk_pkcs10 request = {0};
    enum bk_err err = read_leaf_key(ask, &request);
    if (err != BK_OK)
        return err;
    if (request.key.alg != ca->alg || !ask->subject || ask->url_len >= sizeof url)
        return BK_EINVAL;
    if (request.key.alg == BK_ALG_RSA && request.key.n_len < 256)
        return BK_EDENIED;
    if (first < now - 7 * 86400 || first > now + 86400 || last <= first ||
        last > now + BK_CAD_LEAF_S || last > ca->not_after)
        return BK_EDENIED;
    if (ask->url)
        memcpy(url, ask->url, ask->url_len);
    struct bk_issue issue = {.profile =
                                 ask->profile == BK_CAD_SIGNING ? BK_PROFILE_SIGN : BK_PROFILE_ENC,
                             .issuer = ca->name.data,
                             .issuer_len = ca->name.len,
                             .subject = ask->subject,
                             .subject_len = ask->subject_len,
                             .not_before = first,
                             .not_after = last,
                             .key = &request.key,
                             .crl_url = *url ? url : NULL};
    const struct bk_signer signer = signer_of(cad, ca);
    err = take_serial(cad, ask, issue.serial);
    if (err == BK_OK)
        err = journal(cad, ca, ask->profile == BK_CAD_SIGNING ? "signing" : "encryption", &issue);
    return err == BK_OK ? bk_issue_cert(&signer, &issue, out) : err;
}

static enum bk_err do_crl(struct bk_cad *cad, struct ca *ca, const struct ask *ask,
                          struct bk_buf *out)
{
    int64_t now = (int64_t)time(NULL), next = (int64_t)ask->next;
    if (next <= now || next > now + YEAR)
        return BK_EDENIED;
    const struct bk_signer signer = signer_of(cad, ca);
    const struct bk_issue_crl crl = {.issuer = ca->name.data,
                                     .issuer_len = ca->name.len,
                                     .number = ask->number,
                                     .this_update = now - 60,
                                     .next_update = next,
                                     .revoked = (const void *)ask->revoked.data,
                                     .count = ask->revoked.len / sizeof(struct bk_revoked)};
    return bk_issue_crl(&signer, &crl, out);
}

static enum bk_err put_result(struct bk_buf *answer, const struct bk_buf *result)
{
    enum bk_err err = BK_OK;
    for (size_t at = 0; err == BK_OK && at < result->len; at += BK_TLV_MAX) {
        size_t len = result->len - at < BK_TLV_MAX ? result->len - at : BK_TLV_MAX;
        err = bk_tlv_put(answer, 0x82, result->data + at, len);
    }
    return err;
}

static enum bk_err put_id(struct bk_buf *answer, const char *id)
{
    return bk_tlv_put(answer, 0x82, id, strlen(id));
}

enum bk_err bk_cad_answer(struct bk_cad *cad, const struct bk_buf *request, struct bk_buf *answer)
{
    struct ask ask = {0};
    struct bk_buf result = BK_BUF_INIT;
    enum bk_err did = read_ask(request, &ask);
    struct ca *ca = did == BK_OK ? &cad->cas[ask.alg - 1] : NULL;
    if (did == BK_OK && ask.op == BK_CAD_ISSUE)
        did = do_issue(cad, ca, &ask, &result);
    else if (did == BK_OK && ask.op == BK_CAD_CRL)
        did = do_crl(cad, ca, &ask, &result);
    else if (did == BK_OK && ask.op != BK_CAD_CHAIN)
        did = BK_EFORMAT;
    if (did != BK_OK)
        bk_log(BK_LOG_WARN, "cad: request %u refused: %s", ask.op, bk_err_name(did));
    enum bk_err err = bk_tlv_put_uint(answer, 0x81, (uint32_t)did);
    if (err == BK_OK && did == BK_OK && ask.op == BK_CAD_CHAIN) {
        err = put_result(answer, &ca->issuing);
        if (err == BK_OK)
            err = put_result(answer, &ca->root);
        if (err == BK_OK)
            err = put_id(answer, cad->sm2_id ? cad->sm2_id : BK_SM2_ID);
    } else if (err == BK_OK && did == BK_OK) {
        err = put_result(answer, &result);
    }
    bk_buf_free(&result);
    bk_buf_free(&ask.revoked);
    return err;
}
