/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A CA's issuing key behind a PKCS#11 module: named by an RFC 7512 URI of the token's and its own
 * label ("pkcs11:token=CA;object=issuing%20key"; no other attributes), used by
 * CKM_RSA_PKCS, or for SM2 by the number that Chinese vendors share for a digest e (r‖s out). The
 * module stays loaded and logged in; a token that went away is looked for again, once a signature.
 */
#ifndef BK_SERVER_CAD_TOKEN_H
#define BK_SERVER_CAD_TOKEN_H

#include "crypto/signer.h"

struct bk_cad_token;

struct bk_cad_token_options {
    const char *module;   /* path of the PKCS#11 module */
    const char *pin_file; /* one line; nobody else may read it */
};

/* `why` gets a sentence on failure, here and below. */
enum bk_err bk_cad_token_open(const struct bk_cad_token_options *options,
                              struct bk_cad_token **token, char *why, size_t size) BK_MUST_CHECK;
void bk_cad_token_close(struct bk_cad_token **token);

/* A key that one CA signs with. */
struct bk_cad_token_key {
    struct bk_cad_token *token;
    enum bk_alg alg;
    char token_label[33], label[65]; /* label "": not found yet */
    unsigned long session, object;   /* of the module; a session for each key, for a slot each */
    bool open;
    struct bk_pubkey pub;
};

/* Takes the key that the URI names. With `make` an RSA key that isn't there is made, not
 * extractable. BK_EFORMAT: no such URI; BK_ENOTFOUND; BK_EEXISTS: several have this label. */
enum bk_err bk_cad_token_key(struct bk_cad_token *token, enum bk_alg alg, const char *uri,
                             bool make, struct bk_cad_token_key *key, char *why,
                             size_t size) BK_MUST_CHECK;
/* For struct bk_signer; context is a struct bk_cad_token_key. */
bk_sign_elsewhere bk_cad_token_sign;

#endif
