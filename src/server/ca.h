/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The platform's way to the CA process. With a socket configured it is somebody else's to run;
 * without one it is started when nobody answers at the usual place, and ends with this process.
 */
#ifndef BK_SERVER_CA_H
#define BK_SERVER_CA_H

#include "crypto/issue.h"
#include "crypto/ocsp.h"
#include "crypto/sm2.h"

struct bk_ca;

struct bk_ca_options {
    const char *socket;  /* NULL: our own, in the folder */
    const char *folder;  /* the CA's own folder */
    const char *program; /* bjca-cad */
    const char *config;  /* configuration file to hand on; NULL: none */
};

enum bk_err bk_ca_open(const struct bk_ca_options *options, struct bk_ca **ca) BK_MUST_CHECK;
void bk_ca_close(struct bk_ca **ca);

struct bk_ca_pair {
    enum bk_alg alg;
    const void *subject; /* Name, DER */
    size_t subject_len;
    const void *request; /* PKCS#10, of the signing certificate */
    size_t request_len;
    const struct bk_pubkey *enc_key;
    int64_t not_before, not_after;             /* seconds since 1970 */
    const char *crl_url, *ocsp_url, *identity; /* NULL: none */
    /* BK_SERIAL_BYTES each, by bk_issue_serial: never used twice */
    const uint8_t *sign_serial, *enc_serial;
};

/* Several threads may ask at once. Both certificates in DER, appended. BK_EVERIFY: the PKCS#10
 * isn't signed by its key; BK_EFORMAT: it isn't one; BK_EREFUSED: the CA doesn't issue that,
 * however often it is asked. *none: surely nothing was issued; else, whatever failed, it may have
 * been. */
enum bk_err bk_ca_issue(struct bk_ca *ca, const struct bk_ca_pair *pair, bool *none,
                        struct bk_buf *sign, struct bk_buf *enc) BK_MUST_CHECK;
enum bk_err bk_ca_crl(struct bk_ca *ca, enum bk_alg alg, uint64_t number, int64_t next_update,
                      const struct bk_revoked *revoked, size_t count,
                      struct bk_buf *out) BK_MUST_CHECK;
/* An OCSPResponse, appended; this_update is the CA's. */
enum bk_err bk_ca_ocsp(struct bk_ca *ca, enum bk_alg alg, const struct bk_ocsp_answer *answer,
                       struct bk_buf *out) BK_MUST_CHECK;
/* Issuing certificate, then root. Each appended. bjca-cad is asked once, later answers come from
 * memory. */
enum bk_err bk_ca_chain(struct bk_ca *ca, enum bk_alg alg, struct bk_buf *issuing,
                        struct bk_buf *root) BK_MUST_CHECK;
/* Whether they come from memory. */
bool bk_ca_chain_known(struct bk_ca *ca, enum bk_alg alg);
/* The ID in the CA's SM2 signatures; known as the chain is. */
enum bk_err bk_ca_sm2_id(struct bk_ca *ca, char id[BK_SM2_ID_MAX + 1]) BK_MUST_CHECK;

#endif
