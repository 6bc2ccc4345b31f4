/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets at rest: AES-256-GCM, bound to the row they stand in, so that a value copied to another
 * row or column doesn't open (docs/formats.md clause 6). The keys are in a file with rights for its
 * owner only, in plain or under a key of a PKCS#11 token (server/kek.h); the newest seals, older
 * ones still open. The file also holds the key for keyed hashes (authorisation codes, tokens).
 */
#ifndef BK_SERVER_ESCROW_H
#define BK_SERVER_ESCROW_H

#include "base/buf.h"
#include "server/kek.h"

struct bk_escrow;

/* Where a secret stands. */
struct bk_place {
    const char *table, *column, *row;
};

/* Reads the file, or makes it. BK_EDENIED when others may read it; the rest as bk_kek_open. `why`
 * gets a sentence, or "". */
enum bk_err bk_escrow_open(const char *path, const struct bk_kek_options *kek,
                           struct bk_escrow **escrow, char *why, size_t size) BK_MUST_CHECK;
/* Whether the file is under the key that the options name, or in plain if they name none; it is
 * after a rotation. */
bool bk_escrow_settled(const struct bk_escrow *escrow);
void bk_escrow_free(struct bk_escrow **escrow);
/* Adds a new key that seals from now on, for every process that has the file open, and writes the
 * file. BK_EFULL: it holds 64. */
enum bk_err bk_escrow_rotate(struct bk_escrow *escrow) BK_MUST_CHECK;
/* Drops all keys but the newest and the one before it, when everything has been sealed anew. */
enum bk_err bk_escrow_forget(struct bk_escrow *escrow) BK_MUST_CHECK;

/* Appended to out. */
enum bk_err bk_escrow_seal(const struct bk_escrow *escrow, const struct bk_place *place,
                           const void *data, size_t len, struct bk_buf *out) BK_MUST_CHECK;
/* Appended to out. BK_EVERIFY: damaged, or from another place; BK_ENOTFOUND: no such key. */
enum bk_err bk_escrow_open_sealed(const struct bk_escrow *escrow, const struct bk_place *place,
                                  struct bk_rd sealed, struct bk_buf *out) BK_MUST_CHECK;
/* Whether it is sealed with the newest key. */
int bk_escrow_current(const struct bk_escrow *escrow, struct bk_rd sealed);

/* HMAC-SM3 over purpose ‖ 00 ‖ data with the hash key. */
enum bk_err bk_escrow_hash(const struct bk_escrow *escrow, const char *purpose, const void *data,
                           size_t len, uint8_t hash[32]) BK_MUST_CHECK;

#endif
