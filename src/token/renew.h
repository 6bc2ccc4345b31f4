/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Renewal in place, and the first issue of a name: the new generation is made in a container of
 * its own beside the current one, and one write of a generation record makes it current. What has
 * been done is read from the key each time; every step can be cut and run again.
 *
 * A renewal that keeps the key pair writes new certificates over old ones. All four are first saved
 * in the file BJCAP11S (docs/formats.md clause 8), so that a whole pair is there at any moment; a
 * key without room for it is refused this kind of renewal.
 *
 * All but bk_renew_state and bk_renew_room need a log-in.
 */
#ifndef BK_TOKEN_RENEW_H
#define BK_TOKEN_RENEW_H

#include "token/token.h"

enum bk_renew_stage {
    BK_RENEW_NONE,
    BK_RENEW_STARTED, /* container made, no key yet */
    BK_RENEW_KEY,     /* signing key made */
    BK_RENEW_PARTIAL, /* some of certificates and encryption key there */
    BK_RENEW_LOADED   /* all there */
};

struct bk_renew_params {
    bool keep_key;
    enum bk_alg alg;
    const void *subject; /* NULL: that of the current certificate, else the name as CN */
    size_t subject_len;
};

struct bk_renew_state {
    enum bk_renew_stage stage;
    bool keep_key;
    bool is_new;      /* no current generation */
    unsigned current; /* valid unless is_new */
    unsigned staged;  /* valid when stage isn't NONE */
    enum bk_alg alg;  /* 0: not known yet */
};

struct bk_renew_room {
    bool fits, fits_keeping_key;
    int oldest_history; /* -1: none */
    unsigned containers_left, files_left, bytes_left;
};

struct bk_renew_load {
    const void *sign_cert, *enc_cert, *envelope, *chain; /* NULL: none */
    size_t sign_cert_len, enc_cert_len, envelope_len, chain_len;
    const char *sm2_id; /* taken in the chain's SM2 signatures beside the default one; NULL: the token's option */
};

/* Called between steps; anything but BK_OK stops there, where nothing is lost. */
struct bk_progress {
    enum bk_err (*step)(void *context, unsigned done, unsigned total);
    void *context;
};

enum bk_err bk_renew_room(struct bk_token *t, const char *name, const struct bk_renew_params *p,
                          struct bk_renew_room *room) BK_MUST_CHECK;
enum bk_err bk_renew_state(struct bk_token *t, const char *name,
                           struct bk_renew_state *state) BK_MUST_CHECK;
/* BK_ESTATE when a generation with another algorithm is staged, or a renewal of the other kind
 * begun; BK_EFULL. */
enum bk_err bk_renew_begin(struct bk_token *t, const char *name, const struct bk_renew_params *p,
                           const struct bk_progress *progress) BK_MUST_CHECK;
/* Appends the PKCS#10 of the staged (or kept) signing key. */
enum bk_err bk_renew_request(struct bk_token *t, const char *name, const struct bk_renew_params *p,
                             struct bk_buf *csr) BK_MUST_CHECK;
/* BK_EVERIFY when certificates and keys don't belong together or a check fails. */
enum bk_err bk_renew_load(struct bk_token *t, const char *name, const struct bk_renew_load *load,
                          const struct bk_progress *progress) BK_MUST_CHECK;
enum bk_err bk_renew_prove(struct bk_token *t, const char *name) BK_MUST_CHECK;
enum bk_err bk_renew_commit(struct bk_token *t, const char *name) BK_MUST_CHECK;
/* BK_EDENIED for a key pair without certificates that bk_renew_begin hasn't made on this token:
 * nothing on the key tells it from one that was made by itself. bk_container_delete takes it. */
enum bk_err bk_renew_abort(struct bk_token *t, const char *name) BK_MUST_CHECK;
/* BK_EDENIED for the current generation. */
enum bk_err bk_history_delete(struct bk_token *t, const char *name,
                              unsigned generation) BK_MUST_CHECK;

/* --- for the files of this layer
 * ----------------------------------------------------------------*/

/* The staged container of the highest generation, or that of a name's first issue which has no
 * signing certificate yet; NULL when there is none. */
struct bk_container *bk_renew_staged(struct bk_token *t, const char *name);
/* It has a certificate that couldn't be read: none is replaced that couldn't be put back. */
bool bk_renew_hides_old(const struct bk_container *c);
/* Puts back what a renewal that keeps the key has half replaced, unless its commit has happened,
 * and forgets it; with nothing saved does nothing. The containers are to be read again after it. */
enum bk_err bk_renew_put_back(struct bk_token *t) BK_MUST_CHECK;
/* The rest of bk_renew_load and bk_renew_prove: is this certificate right for this key and use? */
enum bk_err bk_renew_check_cert(const struct bk_x509 *cert, const struct bk_pubkey *key,
                                enum bk_key_use use) BK_MUST_CHECK;

#endif
