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

#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "crypto/x509.h"
#include "server/cad_parts.h"

#define YEAR (INT64_C(365) * 86400)
#define ROOT_YEARS 25
#define ISSUING_YEARS 15

const char *const bk_cad_algs[] = {"rsa", "sm2"};

struct bk_signer bk_cad_signer(const struct bk_cad *cad, const struct bk_cad_ca *ca)
{
    struct bk_signer signer = {
        .alg = ca->alg, .rsa = ca->rsa, .sm2 = ca->sm2, .sm2_id = cad->sm2_id};
    if (*ca->elsewhere.name.object) {
        signer.elsewhere = bk_cad_token_sign;
        signer.context = (void *)(uintptr_t)&ca->elsewhere; /* finds its session anew */
        signer.pub = &ca->elsewhere.pub;
    }
    return signer;
}

static enum bk_err path_of(const struct bk_cad *cad, const struct bk_cad_ca *ca, const char *what,
                           char path[PATH_MAX + 64])
{
    int n = snprintf(path, PATH_MAX + 64, "%s/%s-%s", cad->folder, bk_cad_algs[ca->alg - 1], what);
    return n > 0 && n < PATH_MAX + 64 ? BK_OK : BK_ELIMIT;
}

/* --- key files: RSAPrivateKey in DER, or the 32 bytes of an SM2 key, or where it is: --- */

#define ELSEWHERE "pkcs11:" /* the URI begins */

static enum bk_err token_key(struct bk_cad *cad, const struct bk_cad_options *options,
                             struct bk_cad_ca *ca, const char *uri, bool make)
{
    enum bk_err err = BK_OK;
    char refused[PATH_MAX];
    struct bk_p11_options token = options->token;
    if (!cad->token && !options->token.module) {
        (void)snprintf(cad->token_why, sizeof cad->token_why,
                       "the %s CA's key is behind a PKCS#11 module: [ca] pkcs11-module isn't set",
                       bk_cad_algs[ca->alg - 1]);
        return BK_EINVAL;
    }
    token.refused = refused;
    if (!cad->token &&
        (size_t)snprintf(refused, sizeof refused, "%s/pin-refused", cad->folder) >= sizeof refused)
        err = BK_ELIMIT;
    if (err == BK_OK && !cad->token)
        err = bk_p11_open(&token, &cad->token, cad->token_why, sizeof cad->token_why);
    if (err == BK_OK)
        err = bk_cad_token_key(cad->token, ca->alg, uri, make, &ca->elsewhere, cad->token_why,
                               sizeof cad->token_why);
    if (err == BK_OK) {
        cad->token_why[0] = 0;
        (void)snprintf(ca->uri, sizeof ca->uri, "%s", uri);
    }
    return err;
}

static enum bk_err write_key(const struct bk_cad *cad, const struct bk_cad_ca *ca, const char *what)
{
    char path[PATH_MAX + 64];
    struct bk_buf bytes = BK_BUF_INIT;
    enum bk_err err = path_of(cad, ca, what, path);
    if (err == BK_OK && *ca->elsewhere.name.object)
        err = bk_buf_printf(&bytes, "%s\n", ca->uri);
    else if (err == BK_OK && ca->alg == BK_ALG_RSA)
        err = bk_rsa_to_der(ca->rsa, &bytes);
    else if (err == BK_OK && (err = bk_buf_put_zero(&bytes, 32)) == BK_OK)
        err = bk_sm2_to_bytes(ca->sm2, bytes.data);
    if (err == BK_OK)
        err = bk_file_replace(path, bytes.data, bytes.len, 0600);
    bk_buf_free(&bytes);
    return err;
}

static enum bk_err read_key(struct bk_cad *cad, const struct bk_cad_options *options,
                            struct bk_cad_ca *ca, const char *what)
{
    char path[PATH_MAX + 64], uri[sizeof ca->uri];
    struct bk_buf bytes = BK_BUF_INIT;
    enum bk_err err = path_of(cad, ca, what, path);
    if (err == BK_OK)
        err = bk_file_read(path, 8192, &bytes);
    bool elsewhere = err == BK_OK && bytes.len > strlen(ELSEWHERE) &&
                     memcmp(bytes.data, ELSEWHERE, strlen(ELSEWHERE)) == 0;
    if (elsewhere) {
        (void)snprintf(uri, sizeof uri, "%.*s", (int)bytes.len, (const char *)bytes.data);
        uri[strcspn(uri, "\n")] = 0;
        err = token_key(cad, options, ca, uri, false);
    } else if (err == BK_OK && ca->alg == BK_ALG_RSA)
        err = bk_rsa_from_der(bytes.data, bytes.len, &ca->rsa);
    else if (err == BK_OK)
        err = bytes.len == 32 ? bk_sm2_from_bytes(bytes.data, &ca->sm2) : BK_ECORRUPT;
    bk_buf_free(&bytes);
    return err;
}

static void drop_key(struct bk_cad_ca *ca)
{
    bk_rsa_free(&ca->rsa);
    bk_sm2_free(&ca->sm2);
}

static enum bk_err make_key(struct bk_cad_ca *ca)
{
    drop_key(ca);
    return ca->alg == BK_ALG_RSA ? bk_rsa_generate(2048, &ca->rsa) : bk_sm2_generate(&ca->sm2);
}

static enum bk_err make_issuing_key(struct bk_cad *cad, const struct bk_cad_options *options,
                                    struct bk_cad_ca *ca)
{
    const char *uri = options->key_uris[ca->alg - 1];
    return uri ? token_key(cad, options, ca, uri, true) : make_key(ca);
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

static enum bk_err make_name(const struct bk_cad *cad, const struct bk_cad_ca *ca, const char *role,
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

static enum bk_err make_ca(struct bk_cad *cad, const struct bk_cad_options *options,
                           struct bk_cad_ca *ca)
{
    char path[PATH_MAX + 64];
    struct bk_cad_ca root = {.alg = ca->alg};
    struct bk_buf root_name = BK_BUF_INIT, name = BK_BUF_INIT;
    struct bk_buf root_cert = BK_BUF_INIT, cert = BK_BUF_INIT;
    enum bk_err err = make_name(cad, ca, "Root", &root_name);
    if (err == BK_OK)
        err = make_name(cad, ca, "Issuing", &name);
    if (err == BK_OK)
        err = make_key(&root);
    if (err == BK_OK)
        err = make_issuing_key(cad, options, ca);
    if (err != BK_OK)
        goto out;
    const struct bk_signer self = bk_cad_signer(cad, &root), below = bk_cad_signer(cad, ca);
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

static enum bk_err read_certs(const struct bk_cad *cad, struct bk_cad_ca *ca)
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
    c->lock = -1;
    c->cas[0].alg = BK_ALG_RSA;
    c->cas[1].alg = BK_ALG_SM2;
    memcpy(c->profiles, options->profiles, sizeof c->profiles);
    c->ca_name = strdup(options->name);
    c->org = strdup(options->org);
    c->sm2_id = options->sm2_id ? strdup(options->sm2_id) : NULL;
    int n = snprintf(c->folder, sizeof c->folder, "%s", options->folder);
    return !c->ca_name || !c->org || (options->sm2_id && !c->sm2_id) ? BK_ENOMEM
           : n <= 0 || (size_t)n >= sizeof c->folder                 ? BK_ELIMIT
                                                                     : BK_OK;
}

static enum bk_err make_all(struct bk_cad *c, const struct bk_cad_options *options)
{
    char making[PATH_MAX + 64], path[PATH_MAX + 64];
    (void)snprintf(making, sizeof making, "%s/" MAKING, c->folder);
    (void)snprintf(path, sizeof path, "%s/" JOURNAL, c->folder);
    enum bk_err err = bk_file_replace(making, "", 0, 0600);
    for (unsigned i = 0; err == BK_OK && i < 2; i++)
        err = make_ca(c, options, &c->cas[i]);
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
    err = make_all(c, options);
    if (err != BK_OK)
        (void)tell(why, size, err, "the CA in %s can't be made (%s)", c->folder,
                   *c->token_why ? c->token_why : bk_err_name(err));
out:
    bk_cad_close(&c);
    return err;
}

static enum bk_err open_ca(struct bk_cad *cad, const struct bk_cad_options *options,
                           struct bk_cad_ca *ca, char *why, size_t size)
{
    struct bk_pubkey key;
    enum bk_err err = read_certs(cad, ca);
    if (err == BK_OK)
        err = bk_pubkey_from_cert(ca->issuing.data, ca->issuing.len, &key);
    if (err != BK_OK)
        return tell(why, size, err, "%s/%s-issuing.der or -root.der can't be taken (%s)",
                    cad->folder, bk_cad_algs[ca->alg - 1], bk_err_name(err));
    err = read_key(cad, options, ca, "issuing.key");
    if (*cad->token_why)
        return tell(why, size, err, "%s", cad->token_why);
    const struct bk_signer signer = bk_cad_signer(cad, ca);
    if (err == BK_OK && !bk_pubkey_equal(bk_signer_pubkey(&signer), &key))
        err = BK_EVERIFY;
    return err == BK_OK ? err
                        : tell(why, size, err, "%s/%s-issuing.key isn't its certificate's key (%s)",
                               cad->folder, bk_cad_algs[ca->alg - 1], bk_err_name(err));
}

static enum bk_err open_journal(struct bk_cad *cad, char *why, size_t size)
{
    char path[PATH_MAX + 64];
    (void)snprintf(path, sizeof path, "%s/" JOURNAL, cad->folder);
    enum bk_err err = bk_cad_journal_open(path, &cad->journal);
    return err == BK_EIO ? tell(why, size, err, "%s can't be read or written", path) : err;
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
        err = open_ca(*cad, options, &(*cad)->cas[i], why, size);
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
    bk_p11_close(&c->token);
    bk_cad_journal_close(&c->journal);
    bk_file_unlock(&c->lock);
    free(c->ca_name);
    free(c->org);
    free(c->sm2_id);
    free(c);
    *cad = NULL;
}
