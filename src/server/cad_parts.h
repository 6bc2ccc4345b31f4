/* SPDX-License-Identifier: Apache-2.0 */
/* What the CA process is made of; for the files cad*.c alone. */
#ifndef BK_SERVER_CAD_PARTS_H
#define BK_SERVER_CAD_PARTS_H

#include <limits.h>

#include "server/cad.h"
#include "server/cad_journal.h"

/* One CA: RSA or SM2. The root's key is not kept in memory. */
struct bk_cad_ca {
    enum bk_alg alg;
    struct bk_rsa_key *rsa;
    struct bk_sm2_key *sm2;
    struct bk_cad_token_key elsewhere; /* no object: the key is one of the two above */
    char uri[200];
    struct bk_buf root, issuing; /* certificates, DER */
    struct bk_buf name;          /* of the issuing CA, DER */
    int64_t not_after;
};

struct bk_cad {
    char folder[PATH_MAX];
    char *ca_name, *org, *sm2_id;
    struct bk_p11 *token; /* NULL until a key is behind it */
    struct bk_cad_profile profiles[2];
    char token_why[400]; /* what went wrong with it */
    int lock;
    struct bk_cad_journal *journal;
    struct bk_cad_ca cas[2];
};

extern const char *const bk_cad_algs[]; /* by algorithm - 1 */

struct bk_signer bk_cad_signer(const struct bk_cad *cad, const struct bk_cad_ca *ca);

#endif
