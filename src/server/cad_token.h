/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A CA's issuing key behind a PKCS#11 module, used by CKM_RSA_PKCS, or for SM2 by the number that
 * Chinese vendors share for a digest e (r‖s out). The module stays loaded and logged in; a token
 * that went away is looked for again, once a signature.
 */
#ifndef BK_SERVER_CAD_TOKEN_H
#define BK_SERVER_CAD_TOKEN_H

#include "crypto/signer.h"
#include "server/p11.h"

/* A key that one CA signs with. */
struct bk_cad_token_key {
    struct bk_p11 *p11;
    enum bk_alg alg;
    struct bk_p11_name name;       /* object "": not found yet */
    unsigned long session, object; /* of the module; a session for each key, for a slot each */
    bool open;
    struct bk_pubkey pub;
};

/* Takes the key that the URI names. With `make` an RSA key that isn't there is made, not
 * extractable. BK_EFORMAT: no such URI; BK_ENOTFOUND; BK_EEXISTS: several have this label. `why`
 * gets a sentence. */
enum bk_err bk_cad_token_key(struct bk_p11 *p11, enum bk_alg alg, const char *uri, bool make,
                             struct bk_cad_token_key *key, char *why, size_t size) BK_MUST_CHECK;
/* For struct bk_signer; context is a struct bk_cad_token_key. */
bk_sign_elsewhere bk_cad_token_sign;

#endif
