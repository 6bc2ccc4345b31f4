/* SPDX-License-Identifier: Apache-2.0 */
#include "server/ca.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/tlv.h"
#include "server/cad_wire.h"
#include "server/child.h"

#define START_MS 30000
#define KEPT 32u     /* connections that wait for the next question */
#define KEPT_MS 3000 /* so long: less than the CA would keep it */
_Static_assert(KEPT_MS < BK_CAD_IDLE_S * 1000, "the CA closes none that is still used");

enum { ISSUING, ROOT, ID, PARTS }; /* what the CA tells of itself */

struct kept {
    int fd;
    int64_t since;
};

struct bk_ca {
    char *socket, *folder, *program, *config;
    bool own; /* we may start it */
    pthread_mutex_t lock;
    struct bk_child child;
    pthread_mutex_t kept_lock;
    struct kept kept[KEPT]; /* the last used last */
    size_t kept_count;
    pthread_mutex_t chain_lock;
    struct bk_buf chain[2][PARTS]; /* SM2 second: they never change while it serves */
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
    (void)pthread_mutex_init(&c->kept_lock, NULL);
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
    while (c->kept_count)
        (void)close(c->kept[--c->kept_count].fd);
    bk_child_stop(&c->child);
    (void)pthread_mutex_destroy(&c->lock);
    (void)pthread_mutex_destroy(&c->kept_lock);
    (void)pthread_mutex_destroy(&c->chain_lock);
    for (int i = 0; i < 2 * PARTS; i++)
        bk_buf_free(&c->chain[i / PARTS][i % PARTS]);
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

/* --- connections that are kept --- */

/* One that is too old is closed when its turn comes: by then the CA has let go of it. */
static bool take_kept(struct bk_ca *ca, int *fd)
{
    bool found = false;
    (void)pthread_mutex_lock(&ca->kept_lock);
    while (!found && ca->kept_count) {
        const struct kept *last = &ca->kept[--ca->kept_count];
        found = bk_clock_ms() - last->since <= KEPT_MS;
        if (found)
            *fd = last->fd;
        else
            (void)close(last->fd);
    }
    (void)pthread_mutex_unlock(&ca->kept_lock);
    return found;
}

static void keep(struct bk_ca *ca, int fd)
{
    (void)pthread_mutex_lock(&ca->kept_lock);
    bool room = ca->kept_count < KEPT;
    if (room)
        ca->kept[ca->kept_count++] = (struct kept){fd, bk_clock_ms()};
    (void)pthread_mutex_unlock(&ca->kept_lock);
    if (!room)
        (void)close(fd);
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

struct revoked_list {
    const struct bk_revoked *entries;
    size_t count;
};

/* In frames of so many, and an empty one. */
static enum bk_err send_list(int fd, const struct revoked_list *list)
{
    struct bk_buf frame = BK_BUF_INIT;
    enum bk_err err = BK_OK;
    for (size_t i = 0; err == BK_OK && i < list->count; i++) {
        err = put_revoked(&frame, &list->entries[i]);
        if (err == BK_OK && ((i + 1) % BK_CAD_ENTRIES == 0 || i + 1 == list->count)) {
            err = bk_cad_send(fd, &frame);
            bk_buf_clear(&frame);
        }
    }
    if (err == BK_OK)
        err = bk_cad_send(fd, &frame);
    bk_buf_free(&frame);
    return err;
}

static enum bk_err exchange(int fd, const struct bk_buf *request, const struct revoked_list *list,
                            struct bk_buf *answer)
{
    struct bk_buf ahead = BK_BUF_INIT;
    enum bk_err err = bk_cad_send(fd, request);
    if (err == BK_OK && list)
        err = send_list(fd, list);
    if (err == BK_OK)
        err = bk_cad_receive(fd, &ahead, answer);
    if (err == BK_OK && ahead.len)
        err = BK_EFORMAT;
    bk_buf_free(&ahead);
    return err;
}

/*
 * Sends a request, with a list behind it if there is one, and gets the answer. A request that the
 * CA hasn't read to its end, because it closed the connection or ended, comes to nothing, and is
 * sent again; one of which it may have done something isn't. *none: it wasn't read, or not sent.
 */
static enum bk_err get_answer(struct bk_ca *ca, const struct bk_buf *request,
                              const struct revoked_list *list, int *fd, bool *none,
                              struct bk_buf *answer)
{
    enum bk_err err;
    int fresh = 0;
    do {
        err = BK_OK;
        if (!take_kept(ca, fd)) {
            fresh++;
            err = open_socket(ca, fd);
        }
        *none = err != BK_OK;
        if (err == BK_OK)
            err = exchange(*fd, request, list, answer);
        *none |= err == BK_ERESET;
        if (err != BK_OK && *fd >= 0) {
            (void)close(*fd);
            *fd = -1;
        }
    } while (err == BK_ERESET && fresh < 2);
    return err == BK_ERESET ? BK_ENET : err;
}

/* *none (may be NULL): it wasn't sent, or not read, or the answer was no. */
static enum bk_err ask(struct bk_ca *ca, const struct bk_buf *request,
                       const struct revoked_list *list, bool *none, struct bk_buf *results,
                       size_t count)
{
    struct bk_buf answer = BK_BUF_INIT;
    struct bk_tlv tlv;
    int fd = -1;
    uint32_t failed = BK_EFORMAT;
    bool no = true;
    enum bk_err err = get_answer(ca, request, list, &fd, &no, &answer);
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
        err = tlv.tag == 0x82 && got < count ? bk_buf_put(&results[got], tlv.value, tlv.len)
                                             : BK_EFORMAT;
        got++;
    }
    if (err == BK_ENOTFOUND)
        err = got == count ? BK_OK : BK_EFORMAT;
    if (err == BK_OK)
        keep(ca, fd);
    else if (fd >= 0)
        (void)close(fd);
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

static enum bk_err put_optional(struct bk_buf *request, uint16_t tag, const char *text)
{
    return text ? bk_tlv_put(request, tag, text, strlen(text)) : BK_OK;
}

static enum bk_err put_pair(struct bk_buf *request, const struct bk_ca_pair *pair)
{
    struct bk_buf spki = BK_BUF_INIT;
    enum bk_err err = bk_tlv_put(request, 0x85, pair->request, pair->request_len);
    if (err == BK_OK)
        err = bk_pubkey_to_spki(pair->enc_key, &spki);
    if (err == BK_OK)
        err = bk_tlv_put(request, 0x86, spki.data, spki.len);
    if (err == BK_OK)
        err = bk_tlv_put(request, 0x84, pair->subject, pair->subject_len);
    if (err == BK_OK)
        err = put_u64(request, 0x87, (uint64_t)pair->not_before);
    if (err == BK_OK)
        err = put_u64(request, 0x88, (uint64_t)pair->not_after);
    if (err == BK_OK)
        err = put_optional(request, 0x89, pair->crl_url);
    if (err == BK_OK)
        err = put_optional(request, 0x90, pair->ocsp_url);
    if (err == BK_OK)
        err = put_optional(request, 0x91, pair->identity);
    if (err == BK_OK)
        err = bk_tlv_put(request, 0x8d, pair->sign_serial, BK_SERIAL_BYTES);
    if (err == BK_OK)
        err = bk_tlv_put(request, 0x8d, pair->enc_serial, BK_SERIAL_BYTES);
    bk_buf_free(&spki);
    return err;
}

enum bk_err bk_ca_issue(struct bk_ca *ca, const struct bk_ca_pair *pair, bool *none,
                        struct bk_buf *sign, struct bk_buf *enc)
{
    struct bk_buf request = BK_BUF_INIT, both[2] = {BK_BUF_INIT, BK_BUF_INIT};
    enum bk_err err = put_head(&request, BK_CAD_ISSUE, pair->alg);
    if (err == BK_OK)
        err = put_pair(&request, pair);
    *none = err != BK_OK;
    if (err == BK_OK)
        err = ask(ca, &request, NULL, none, both, 2);
    if (err == BK_OK)
        err = bk_buf_put(sign, both[0].data, both[0].len);
    if (err == BK_OK)
        err = bk_buf_put(enc, both[1].data, both[1].len);
    bk_buf_free(&both[0]);
    bk_buf_free(&both[1]);
    bk_buf_free(&request);
    return err;
}

/* The entries as the CA writes them, too. */
static enum bk_err write_list(const struct revoked_list *list, struct bk_buf *out)
{
    enum bk_err err = BK_OK;
    for (size_t i = 0; err == BK_OK && i < list->count; i++)
        err = bk_issue_crl_entry(&list->entries[i], out);
    return err;
}

enum bk_err bk_ca_crl(struct bk_ca *ca, enum bk_alg alg, uint64_t number, int64_t next_update,
                      const struct bk_revoked *revoked, size_t count, struct bk_buf *out)
{
    const struct revoked_list list = {revoked, count};
    struct bk_buf request = BK_BUF_INIT, ends[2] = {BK_BUF_INIT, BK_BUF_INIT}, der = BK_BUF_INIT;
    enum bk_err err = write_list(&list, &der);
    if (err == BK_OK)
        err = put_head(&request, BK_CAD_CRL, alg);
    if (err == BK_OK)
        err = put_u64(&request, 0x8a, number);
    if (err == BK_OK)
        err = put_u64(&request, 0x8b, (uint64_t)next_update);
    if (err == BK_OK)
        err = put_u64(&request, 0x92, der.len);
    if (err == BK_OK)
        err = ask(ca, &request, &list, NULL, ends, 2);
    if (err == BK_OK)
        err = bk_buf_reserve(out, ends[0].len + der.len + ends[1].len);
    if (err == BK_OK)
        err = bk_buf_put(out, ends[0].data, ends[0].len);
    if (err == BK_OK)
        err = bk_buf_put(out, der.data, der.len);
    if (err == BK_OK)
        err = bk_buf_put(out, ends[1].data, ends[1].len);
    bk_buf_free(&ends[0]);
    bk_buf_free(&ends[1]);
    bk_buf_free(&der);
    bk_buf_free(&request);
    return err;
}

static enum bk_err put_single(struct bk_buf *request, const struct bk_ocsp_single *s)
{
    struct bk_buf entry = BK_BUF_INIT;
    enum bk_err err = bk_buf_put_u8(&entry, (uint8_t)s->state);
    if (err == BK_OK)
        err = bk_buf_put_u64be(&entry, (uint64_t)s->revoked_at);
    if (err == BK_OK)
        err = bk_buf_put_u8(&entry, (uint8_t)s->reason);
    if (err == BK_OK)
        err = bk_buf_put(&entry, s->id, s->id_len);
    if (err == BK_OK)
        err = bk_tlv_put(request, 0x8e, entry.data, entry.len);
    bk_buf_free(&entry);
    return err;
}

enum bk_err bk_ca_ocsp(struct bk_ca *ca, enum bk_alg alg, const struct bk_ocsp_answer *answer,
                       struct bk_buf *out)
{
    struct bk_buf request = BK_BUF_INIT;
    enum bk_err err = put_head(&request, BK_CAD_OCSP, alg);
    if (err == BK_OK)
        err = put_u64(&request, 0x8b, (uint64_t)answer->next_update);
    for (size_t i = 0; err == BK_OK && i < answer->count; i++)
        err = put_single(&request, &answer->singles[i]);
    if (err == BK_OK && answer->nonce)
        err = bk_tlv_put(&request, 0x8f, answer->nonce, answer->nonce_len);
    if (err == BK_OK)
        err = ask(ca, &request, NULL, NULL, out, 1);
    bk_buf_free(&request);
    return err;
}

/* What was told before is told again without asking; BK_ENOTFOUND when it wasn't. */
static enum bk_err known_part(struct bk_ca *ca, enum bk_alg alg, int part, struct bk_buf *out)
{
    (void)pthread_mutex_lock(&ca->chain_lock);
    const struct bk_buf *known = &ca->chain[alg == BK_ALG_SM2][part];
    enum bk_err err = known->len ? bk_buf_put(out, known->data, known->len) : BK_ENOTFOUND;
    (void)pthread_mutex_unlock(&ca->chain_lock);
    return err;
}

static void keep_parts(struct bk_ca *ca, enum bk_alg alg, struct bk_buf parts[PARTS])
{
    (void)pthread_mutex_lock(&ca->chain_lock);
    for (int i = 0; i < PARTS; i++) {
        struct bk_buf before = ca->chain[alg == BK_ALG_SM2][i];
        ca->chain[alg == BK_ALG_SM2][i] = parts[i];
        parts[i] = before;
    }
    (void)pthread_mutex_unlock(&ca->chain_lock);
}

static bool parts_are_good(const struct bk_buf parts[PARTS])
{
    return parts[ISSUING].len && parts[ROOT].len &&
           bk_sm2_id_fits((const char *)parts[ID].data, parts[ID].len);
}

bool bk_ca_chain_known(struct bk_ca *ca, enum bk_alg alg)
{
    (void)pthread_mutex_lock(&ca->chain_lock);
    bool known = ca->chain[alg == BK_ALG_SM2][ID].len != 0;
    (void)pthread_mutex_unlock(&ca->chain_lock);
    return known;
}

/* All parts are known after it. */
static enum bk_err learn(struct bk_ca *ca, enum bk_alg alg)
{
    struct bk_buf request = BK_BUF_INIT, parts[PARTS] = {BK_BUF_INIT}, probe = BK_BUF_INIT;
    enum bk_err err = known_part(ca, alg, ID, &probe);
    if (err != BK_ENOTFOUND)
        goto out;
    err = put_head(&request, BK_CAD_CHAIN, alg);
    if (err == BK_OK)
        err = ask(ca, &request, NULL, NULL, parts, PARTS);
    if (err == BK_OK && !parts_are_good(parts))
        err = BK_EFORMAT;
    if (err == BK_OK)
        keep_parts(ca, alg, parts);
out:
    for (int i = 0; i < PARTS; i++)
        bk_buf_free(&parts[i]);
    bk_buf_free(&request);
    bk_buf_free(&probe);
    return err;
}

enum bk_err bk_ca_chain(struct bk_ca *ca, enum bk_alg alg, struct bk_buf *issuing,
                        struct bk_buf *root)
{
    enum bk_err err = learn(ca, alg);
    if (err == BK_OK)
        err = known_part(ca, alg, ISSUING, issuing);
    return err == BK_OK ? known_part(ca, alg, ROOT, root) : err;
}

enum bk_err bk_ca_sm2_id(struct bk_ca *ca, char id[BK_SM2_ID_MAX + 1])
{
    struct bk_buf text = BK_BUF_INIT;
    enum bk_err err = learn(ca, BK_ALG_SM2);
    if (err == BK_OK)
        err = known_part(ca, BK_ALG_SM2, ID, &text);
    if (err == BK_OK)
        (void)snprintf(id, BK_SM2_ID_MAX + 1, "%.*s", (int)text.len, (const char *)text.data);
    bk_buf_free(&text);
    return err;
}
