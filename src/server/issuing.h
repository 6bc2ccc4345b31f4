/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the endpoints that give out certificates share. A pair that was issued for an order stands
 * in the table `issues` by its signing key: whoever asks again for the same key gets the same pair.
 */
#ifndef BK_SERVER_ISSUING_H
#define BK_SERVER_ISSUING_H

#include "crypto/x509.h"
#include "server/certs.h"
#include "server/order.h"
#include "server/router.h"

struct bk_issuing {
    struct bk_order order;
    struct bk_buf request; /* PKCS#10 */
    struct bk_pkcs10 read;
    char key_hash[65];   /* of its key */
    struct bk_pair pair; /* made now */
    struct bk_rows rows; /* of bk_issuing_find */
    int64_t round;       /* likewise */
    char sign_id[BK_CERT_ID];
    struct bk_buf issuing, root;
    char sm2_id[BK_SM2_ID_MAX + 1]; /* "" of an RSA CA */
};

void bk_issuing_free(struct bk_issuing *issuing);
/* The member csr; refuses what is no request. Its signature is the CA's to check. */
enum bk_err bk_issuing_read(struct bk_req *req, struct bk_issuing *issuing,
                            bool *refused) BK_MUST_CHECK;
/* All else that is needed for the answer, before anything is issued; the transaction may be another
 * one then. */
enum bk_err bk_issuing_fetch_chain(struct bk_req *req, struct bk_issuing *issuing) BK_MUST_CHECK;
/* What was issued for this order and key before, and whether it is good still; BK_ENOTFOUND. */
enum bk_err bk_issuing_find(struct bk_tx *tx, struct bk_issuing *issuing, bool *good) BK_MUST_CHECK;
/* The pair that was made becomes the one of the order's next round. */
enum bk_err bk_issuing_insert(struct bk_tx *tx, const struct bk_issuing *issuing) BK_MUST_CHECK;
enum bk_err bk_issuing_reply_found(struct bk_req *req,
                                   const struct bk_issuing *issuing) BK_MUST_CHECK;
enum bk_err bk_issuing_reply_made(struct bk_req *req,
                                  const struct bk_issuing *issuing) BK_MUST_CHECK;

#endif
