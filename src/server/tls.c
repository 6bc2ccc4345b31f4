/* SPDX-License-Identifier: Apache-2.0 */
#include "server/tls.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/log.h"
#include "crypto/issue.h"
#include "crypto/x509.h"
#include "server/pem.h"

#define NAMES_MAX 16u
#define DAY INT64_C(86400)

static enum bk_err path_of(char path[PATH_MAX], const char *folder, const char *name)
{
    int n = snprintf(path, PATH_MAX, "%s/%s", folder, name);
    return n > 0 && n < PATH_MAX ? BK_OK : BK_ELIMIT;
}

/* The key in a file (RSAPrivateKey, DER), made when it isn't there. */
static enum bk_err open_key(const char *path, struct bk_rsa_key **key)
{
    struct bk_buf der = BK_BUF_INIT;
    enum bk_err err = bk_file_read(path, 8192, &der);
    if (err == BK_OK) {
        err = bk_rsa_from_der(der.data, der.len, key);
    } else if (err == BK_ENOTFOUND) {
        err = bk_rsa_generate(2048, key);
        if (err == BK_OK)
            err = bk_rsa_to_der(*key, &der);
        if (err == BK_OK)
            err = bk_file_replace(path, der.data, der.len, 0600);
    }
    bk_buf_free(&der);
    return err;
}

static enum bk_err make(struct bk_rsa_key *signer_key, struct bk_issue *issue, int64_t days,
                        struct bk_buf *out)
{
    const struct bk_signer signer = {.alg = BK_ALG_RSA, .rsa = signer_key};
    issue->not_before = (int64_t)time(NULL) - DAY;
    issue->not_after = issue->not_before + days * DAY;
    enum bk_err err = bk_issue_serial(issue->serial);
    return err == BK_OK ? bk_issue_cert(&signer, issue, out) : err;
}

/* The CA certificate in FOLDER/tls-ca.pem, made for the key when it isn't there. */
static enum bk_err open_ca(const char *folder, struct bk_rsa_key *key, const struct bk_buf *name)
{
    char path[PATH_MAX];
    struct bk_buf pem = BK_BUF_INIT, der = BK_BUF_INIT;
    enum bk_err err = path_of(path, folder, "tls-ca.pem");
    if (err == BK_OK)
        err = bk_file_read(path, (size_t)64 * 1024, &pem);
    if (err == BK_ENOTFOUND) {
        struct bk_issue issue = {.profile = BK_PROFILE_ROOT,
                                 .issuer = name->data,
                                 .issuer_len = name->len,
                                 .subject = name->data,
                                 .subject_len = name->len,
                                 .key = bk_rsa_pubkey(key)};
        err = make(key, &issue, 3650, &der);
        if (err == BK_OK)
            err = bk_pem_put("CERTIFICATE", der.data, der.len, &pem);
        if (err == BK_OK)
            err = bk_file_replace(path, pem.data, pem.len, 0644);
    }
    bk_buf_free(&pem);
    bk_buf_free(&der);
    return err;
}

/* localhost, the loopback addresses, the host and the comma-separated names, ended by NULL. */
static void collect_names(char *names, const char *host, const char *list[NAMES_MAX + 1])
{
    size_t n = 0;
    list[n++] = "localhost";
    list[n++] = "127.0.0.1";
    list[n++] = "::1";
    if (host && *host && strcmp(host, "127.0.0.1") != 0 && strcmp(host, "::1") != 0 &&
        strcmp(host, "0.0.0.0") != 0 && strcmp(host, "::") != 0)
        list[n++] = host;
    while (names && *names && n < NAMES_MAX) {
        names += strspn(names, ", ");
        size_t len = strcspn(names, ", ");
        bool more = names[len] != 0;
        names[len] = 0;
        if (len)
            list[n++] = names;
        names += len + more;
    }
    list[n] = NULL;
}

static enum bk_err make_server(struct bk_rsa_key *ca, const struct bk_buf *ca_name,
                               const struct bk_rsa_key *key, const char *host, const char *names,
                               struct bk_tls *tls)
{
    const char *list[NAMES_MAX + 1];
    struct bk_buf subject = BK_BUF_INIT, der = BK_BUF_INIT, key_der = BK_BUF_INIT;
    const char *text = NULL;
    char *copy = names ? strdup(names) : NULL;
    enum bk_err err = names && !copy ? BK_ENOMEM : BK_OK;
    if (err == BK_OK) {
        collect_names(copy, host, list);
        err = bk_issue_name(NULL, host && *host ? host : "localhost", &subject);
    }
    if (err == BK_OK) {
        struct bk_issue issue = {.profile = BK_PROFILE_TLS_SERVER,
                                 .issuer = ca_name->data,
                                 .issuer_len = ca_name->len,
                                 .subject = subject.data,
                                 .subject_len = subject.len,
                                 .key = bk_rsa_pubkey(key),
                                 .alt_names = list};
        err = make(ca, &issue, 397, &der);
    }
    if (err == BK_OK)
        err = bk_pem_put("CERTIFICATE", der.data, der.len, &tls->cert_pem);
    if (err == BK_OK)
        err = bk_rsa_to_der(key, &key_der);
    if (err == BK_OK)
        err = bk_pem_put("RSA PRIVATE KEY", key_der.data, key_der.len, &tls->key_pem);
    if (err == BK_OK)
        err = bk_buf_cstr(&tls->cert_pem, &text);
    if (err == BK_OK)
        err = bk_buf_cstr(&tls->key_pem, &text);
    free(copy);
    bk_buf_free(&subject);
    bk_buf_free(&der);
    bk_buf_free(&key_der);
    return err;
}

/* A new key would make a CA that no client knows, under the name of the one they do. */
static enum bk_err check_ca(const char *folder)
{
    char key[PATH_MAX], cert[PATH_MAX];
    enum bk_err err = path_of(key, folder, "tls/ca.key");
    if (err == BK_OK)
        err = path_of(cert, folder, "tls-ca.pem");
    if (err == BK_OK && access(cert, F_OK) == 0 && access(key, F_OK) != 0 && errno == ENOENT) {
        bk_log(BK_LOG_ERROR,
               "%s is missing: bring it back from a copy, or take away %s and give clients the new"
               " one",
               key, cert);
        err = BK_ENOTFOUND;
    }
    return err;
}

enum bk_err bk_tls_open(const char *folder, const char *host, const char *names, struct bk_tls *tls)
{
    char path[PATH_MAX];
    struct bk_rsa_key *ca = NULL, *key = NULL;
    struct bk_buf name = BK_BUF_INIT;
    enum bk_err err = path_of(path, folder, "tls");
    if (err == BK_OK)
        err = bk_dir_make(path);
    if (err == BK_OK)
        err = check_ca(folder);
    if (err == BK_OK)
        err = path_of(path, folder, "tls/ca.key");
    if (err == BK_OK)
        err = open_key(path, &ca);
    if (err == BK_OK)
        err = bk_issue_name(NULL, "bjca-platformd TLS CA", &name);
    if (err == BK_OK)
        err = open_ca(folder, ca, &name);
    if (err == BK_OK)
        err = path_of(path, folder, "tls/server.key");
    if (err == BK_OK)
        err = open_key(path, &key);
    if (err == BK_OK)
        err = make_server(ca, &name, key, host, names, tls);
    bk_rsa_free(&ca);
    bk_rsa_free(&key);
    bk_buf_free(&name);
    return err;
}

enum bk_err bk_tls_read(const char *cert_file, const char *key_file, struct bk_tls *tls)
{
    const char *text = NULL;
    enum bk_err err = bk_file_read(cert_file, (size_t)64 * 1024, &tls->cert_pem);
    if (err == BK_OK)
        err = bk_file_read(key_file, (size_t)64 * 1024, &tls->key_pem);
    if (err == BK_OK)
        err = bk_buf_cstr(&tls->cert_pem, &text);
    if (err == BK_OK)
        err = bk_buf_cstr(&tls->key_pem, &text);
    return err;
}

void bk_tls_free(struct bk_tls *tls)
{
    bk_buf_free(&tls->cert_pem);
    bk_buf_free(&tls->key_pem);
}
