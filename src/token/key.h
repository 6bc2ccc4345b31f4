/* SPDX-License-Identifier: Apache-2.0 */
/* What a container's private keys do. One exchange each, two when the container isn't open yet. */
#ifndef BK_TOKEN_KEY_H
#define BK_TOKEN_KEY_H

#include "token/identity.h"
#include "token/token.h"

/* PKCS#1 v1.5 over `data`, with the signing key; the key pads. */
enum bk_err bk_token_rsa_sign(struct bk_token *token, struct bk_container *c, const void *data,
                              size_t len, struct bk_buf *signature) BK_MUST_CHECK;
/* block^d mod n. BK_EUNSUPPORTED on a key without it. */
enum bk_err bk_token_rsa_private(struct bk_token *token, struct bk_container *c,
                                 enum bk_key_use use, const void *block, size_t len,
                                 struct bk_buf *out) BK_MUST_CHECK;
/* SM2 over a digest (Z included): r ‖ s. */
enum bk_err bk_token_sm2_sign(struct bk_token *token, struct bk_container *c,
                              const uint8_t digest[32], uint8_t signature[64]) BK_MUST_CHECK;
enum bk_err bk_token_sm2_decrypt(struct bk_token *token, struct bk_container *c,
                                 const struct bk_sm2_cipher *in,
                                 struct bk_buf *plain) BK_MUST_CHECK;
/*
 * Signs a message with the container's signing key as docs/formats.md clause 5 has it: RSA
 * PKCS#1 v1.5 with SHA-256, SM2 with SM3 and the default ID in DER. Appends.
 */
enum bk_err bk_token_sign_message(struct bk_token *token, struct bk_container *c,
                                  const struct bk_pubkey *key, const void *message, size_t len,
                                  struct bk_buf *signature) BK_MUST_CHECK;
/* The CKA_ID of an identity or what will be one: of a current signing pair what it was given when
 * it had no certificate yet, else bk_identity_id. */
enum bk_err bk_token_id(const struct bk_token *token, const char *name, enum bk_key_use use,
                        bool history, unsigned generation, uint8_t id[BK_ID_LEN],
                        size_t *len) BK_MUST_CHECK;
/* Whether a first pair of this NAME and kind would have, in its slot, only CKA_IDs that nothing
 * else there has. BK_EEXISTS: a program that looks for another's key by its id could find this one.
 */
enum bk_err bk_token_id_free(const struct bk_token *token, const char *name,
                             enum bk_alg alg) BK_MUST_CHECK;
/* Whether the signing pair of this NAME may have this id. */
enum bk_err bk_token_id_fits(const struct bk_token *token, const char *name, enum bk_alg alg,
                             const void *id, size_t len) BK_MUST_CHECK;
/* Makes a key pair in a container that has none, or in place of the one that is there. */
enum bk_err bk_token_generate(struct bk_token *token, struct bk_container *c, enum bk_alg alg,
                              unsigned bits) BK_MUST_CHECK;

#endif
