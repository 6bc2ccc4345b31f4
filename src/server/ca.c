/* SPDX-License-Identifier: Apache-2.0 */
#include "server/ca.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/tlv.h"
#include "server/cad_wire.h"
#include "server/child.h"

#define START_MS 30000

struct bk_ca {
    char *socket, *folder, *program, *config;
    bool own; /* we may start it */
    pthread_mutex_t lock;
    struct bk_child child;
    pthread_mutex_t chain_lock;
    struct bk_buf chain[2][2]; /* SM2 second; issuing, root: they never change while it serves */
};

static enum bk_err copy(char **to, const char *text)
{
    *to = text ? strdup(text) : NULL;
    return text && !*to ? BK_ENOMEM : BK_OK;
}

enum bk_err bk_ca_open(const struct bk_ca_options *options, struct bk_ca **ca)
{
    char path[PATH_MAX + 16];
    struct bk_ca *c = calloc(1, sizeof *c);
    *ca = NULL;
    if (!c)
        return BK_ENOMEM;
    (void)pthread_mutex_init(&c->lock, NULL);
    (void)pthread_mutex_init(&c->chain_lock, NULL);
    c->child = (struct bk_child)BK_CHILD_INIT;
    c->own = !options->socket;
    (void)snprintf(path, sizeof path, "%s/cad.sock", options->folder);
    enum bk_err err = copy(&c->socket, options->socket ? options->socket : path);
    if (err == BK_OK)
        err = copy(&c->folder, options->folder);
    if (err == BK_OK)
        err = copy(&c->program, options->program);
    if (err == BK_OK)
        err = copy(&c->config, options->config);
    if (err != BK_OK)
        bk_ca_close(&c);
    *ca = c;
    return err;
}

void bk_ca_close(struct bk_ca **ca)
{
    struct bk_ca *c = *ca;
    if (!c)
        return;
    bk_child_stop(&c->child);
    (void)pthread_mutex_destroy(&c->lock);
    (void)pthread_mutex_destroy(&c->chain_lock);
    for (int i = 0; i < 4; i++)
        bk_buf_free(&c->chain[i / 2][i % 2]);
    free(c->socket);
    free(c->folder);
    free(c->program);
    free(c->config);
    free(c);
    *ca = NULL;
}

/* --- starting it --- */

static enum bk_err start(struct bk_ca *ca)
{
    char *argv[10] = {ca->program, (char *)(uintptr_t) "--data", ca->folder};
    int n = 3;
    if (ca->config) {
        argv[n++] = (char *)(uintptr_t) "--config";
        argv[n++] = ca->config;
    }
    argv[n++] = (char *)(uintptr_t) "serve";
    argv[n++] = (char *)(uintptr_t) "--until-eof";
    bk_child_stop(&ca->child);
    return bk_child_start(&ca->child, argv);
}

static enum bk_err wait_for(struct bk_ca *ca, int *fd)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    for (int ms = 0; ms < START_MS; ms += 20) {
        enum bk_err err = bk_cad_connect(ca->socket, fd);
        if (err != BK_ENOTFOUND)
            return err;
        /* it ends at once when another process serves the folder already: then that one answers */
        if (bk_child_ended(&ca->child)) {
            err = bk_cad_connect(ca->socket, fd);
            if (err != BK_ENOTFOUND || ms > 2000)
                return err;
        }
        (void)nanosleep(&pause, NULL);
    }
    return BK_ETIMEOUT;
}

static enum bk_err open_socket(struct bk_ca *ca, int *fd)
{
    enum bk_err err = bk_cad_connect(ca->socket, fd);
    if (err != BK_ENOTFOUND || !ca->own)
        return err;
    (void)pthread_mutex_lock(&ca->lock);
    err = bk_cad_connect(ca->socket, fd);
    if (err == BK_ENOTFOUND) {
        err = start(ca);
        if (err == BK_OK)
            err = wait_for(ca, fd);
    }
    (void)pthread_mutex_unlock(&ca->lock);
    if (err != BK_OK)
        bk_log(BK_LOG_ERROR, "the CA process can't be reached: %s", bk_err_name(err));
    return err;
}

/* Sends a request and reads the results; those behind the last of `count` are joined to it. *none
 * (may be NULL): it wasn't sent, or the answer was no. */
static enum bk_err ask(struct bk_ca *ca, const struct bk_buf *request, bool *none,
                       struct bk_buf *results, size_t count)
{
    struct bk_buf answer = BK_BUF_INIT;
    struct bk_tlv tlv;
    int fd = -1;
    uint32_t failed = BK_EFORMAT;
    enum bk_err err = open_socket(ca, &fd);
    bool no = err != BK_OK;
    if (err == BK_OK)
        err = bk_cad_send(fd, request);
    if (err == BK_OK)
        err = bk_cad_receive(fd, &answer);
    if (fd >= 0)
        (void)close(fd);
    struct bk_rd rd = bk_rd(answer.data, answer.len);
    if (err == BK_OK)
        err = bk_tlv_next(&rd, &tlv);
    if (err == BK_OK)
        err = tlv.tag == 0x81 ? bk_tlv_uint(&tlv, &failed) : BK_EFORMAT;
    if (err == BK_OK && failed) {
        no = true;
        err = failed == BK_EDENIED    ? BK_EREFUSED
              : failed < BK_ERR_COUNT ? (enum bk_err)failed
                                      : BK_EFORMAT;
    }
    if (none)
        *none = no;
    size_t got = 0;
    while (err == BK_OK && (err = bk_tlv_next(&rd, &tlv)) == BK_OK) {
        if (tlv.tag != 0x82)
            err = BK_EFORMAT;
        else
            err = bk_buf_put(&results[got + 1 < count ? got : count - 1], tlv.value, tlv.len);
        got++;
    }
    if (err == BK_ENOTFOUND)
        err = got >= count ? BK_OK : BK_EFORMAT;
    bk_buf_free(&answer);
    return err;
}

static enum bk_err put_head(struct bk_buf *request, enum bk_cad_op op, enum bk_alg alg)
{
    enum bk_err err = bk_tlv_put_uint(request, 0x81, op);
    return err == BK_OK ? bk_tlv_put_uint(request, 0x82, alg) : err;
}

static enum bk_err put_u64(struct bk_buf *request, uint16_t tag, uint64_t v)
{
    struct bk_buf bytes = BK_BUF_INIT;
    enum bk_err err = bk_buf_put_u64be(&bytes, v);
    if (err == BK_OK)
        err = bk_tlv_put(request, tag, bytes.data, bytes.len);
    bk_buf_free(&bytes);
    return err;
}

static enum bk_err put_leaf_key(struct bk_buf *request, const struct bk_ca_leaf *leaf)
{
    struct bk_buf spki = BK_BUF_INIT;
    enum bk_err err =
        bk_tlv_put_uint(request, 0x83, leaf->request ? BK_CAD_SIGNING : BK_CAD_ENCRYPTION);
    if (err == BK_OK && leaf->request)
        return bk_tlv_put(request, 0x85, leaf->request, leaf->request_len);
    if (err == BK_OK)
        err = bk_pubkey_to_spki(leaf->key, &spki);
    if (err == BK_OK)
        err = bk_tlv_put(request, 0x86, spki.data, spki.len);
    bk_buf_free(&spki);
    return err;
}

enum bk_err bk_ca_issue(struct bk_ca *ca, const struct bk_ca_leaf *leaf, bool *none,
                        struct bk_buf *out)
{
    struct bk_buf request = BK_BUF_INIT;
    enum bk_err err = put_head(&request, BK_CAD_ISSUE, leaf->alg);
    if (err == BK_OK)
        err = put_leaf_key(&request, leaf);
    if (err == BK_OK)
        err = bk_tlv_put(&request, 0x84, leaf->subject, leaf->subject_len);
    if (err == BK_OK)
        err = put_u64(&request, 0x87, (uint64_t)leaf->not_before);
    if (err == BK_OK)
        err = put_u64(&request, 0x88, (uint64_t)leaf->not_after);
    if (err == BK_OK && leaf->crl_url)
        err = bk_tlv_put(&request, 0x89, leaf->crl_url, strlen(leaf->crl_url));
    if (err == BK_OK)
        err = bk_tlv_put(&request, 0x8d, leaf->serial, BK_SERIAL_BYTES);
    *none = err != BK_OK;
    if (err == BK_OK)
        err = ask(ca, &request, none, out, 1);
    bk_buf_free(&request);
    return err;
}

static enum bk_err put_revoked(struct bk_buf *request, const struct bk_revoked *r)
{
    struct bk_buf entry = BK_BUF_INIT;
    enum bk_err err = bk_buf_put(&entry, r->serial, sizeof r->serial);
    if (err == BK_OK)
        err = bk_buf_put_u64be(&entry, (uint64_t)r->at);
    if (err == BK_OK)
        err = bk_buf_put_u8(&entry, (uint8_t)r->reason);
    if (err == BK_OK)
        err = bk_tlv_put(request, 0x8c, entry.data, entry.len);
    bk_buf_free(&entry);
    return err;
}

enum bk_err bk_ca_crl(struct bk_ca *ca, enum bk_alg alg, uint64_t number, int64_t next_update,
                      const struct bk_revoked *revoked, size_t count, struct bk_buf *out)
{
    struct bk_buf request = BK_BUF_INIT;
    enum bk_err err = put_head(&request, BK_CAD_CRL, alg);
    if (err == BK_OK)
        err = put_u64(&request, 0x8a, number);
    if (err == BK_OK)
        err = put_u64(&request, 0x8b, (uint64_t)next_update);
    for (size_t i = 0; err == BK_OK && i < count; i++)
        err = put_revoked(&request, &revoked[i]);
    if (err == BK_OK)
        err = ask(ca, &request, NULL, out, 1);
    bk_buf_free(&request);
    return err;
}

/* What was told before is told again without asking; true when it was. */
static bool known_chain(struct bk_ca *ca, enum bk_alg alg, struct bk_buf *issuing,
                        struct bk_buf *root, enum bk_err *err)
{
    (void)pthread_mutex_lock(&ca->chain_lock);
    const struct bk_buf *known = ca->chain[alg == BK_ALG_SM2];
    bool is = known[1].len != 0;
    if (is)
        *err = bk_buf_put(issuing, known[0].data, known[0].len);
    if (is && *err == BK_OK)
        *err = bk_buf_put(root, known[1].data, known[1].len);
    (void)pthread_mutex_unlock(&ca->chain_lock);
    return is;
}

static void keep_chain(struct bk_ca *ca, enum bk_alg alg, struct bk_buf both[2])
{
    (void)pthread_mutex_lock(&ca->chain_lock);
    for (int i = 0; i < 2; i++) {
        struct bk_buf before = ca->chain[alg == BK_ALG_SM2][i];
        ca->chain[alg == BK_ALG_SM2][i] = both[i];
        both[i] = before;
    }
    (void)pthread_mutex_unlock(&ca->chain_lock);
}

enum bk_err bk_ca_chain(struct bk_ca *ca, enum bk_alg alg, struct bk_buf *issuing,
                        struct bk_buf *root)
{
    struct bk_buf request = BK_BUF_INIT, both[2] = {BK_BUF_INIT, BK_BUF_INIT};
    enum bk_err err = BK_OK;
    if (known_chain(ca, alg, issuing, root, &err))
        return err;
    err = put_head(&request, BK_CAD_CHAIN, alg);
    if (err == BK_OK)
        err = ask(ca, &request, NULL, both, 2);
    if (err == BK_OK)
        keep_chain(ca, alg, both);
    if (err == BK_OK && !known_chain(ca, alg, issuing, root, &err))
        err = BK_EFORMAT; /* an empty certificate */
    bk_buf_free(&both[0]);
    bk_buf_free(&both[1]);
    bk_buf_free(&request);
    return err;
}
