/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The CA process: it alone holds the CA keys, in a folder of its own, and signs what its profiles
 * allow. It trusts the platform for whom a certificate is, not for what one may look like: it
 * checks the proof of possession itself, sets usage by profile, and limits validity. What it
 * issued is written to its own journal before the certificate leaves it.
 */
#ifndef BK_SERVER_CAD_H
#define BK_SERVER_CAD_H

#include "base/buf.h"
#include "crypto/issue.h"
#include "server/cad_profile.h"
#include "server/cad_token.h"

struct bk_cad;

struct bk_cad_options {
    const char *folder; /* of mode 0700; another mode is refused */
    const char *name;   /* in the CA certificates: "NAME RSA Root CA"; used when they are made */
    const char *org;
    const char *sm2_id; /* NULL: the default one */
    /* For issuing keys behind a PKCS#11 module; the URIs, RSA's and SM2's, count when the CA is
     * made (NULL: in a file) and stand in the folder from then on. */
    struct bk_p11_options token;
    const char *key_uris[2];
    struct bk_cad_profile profiles[2]; /* signing, encryption; max_days 0: the default one */
};

/*
 * Whether the folder holds a whole CA; nothing is changed. BK_ENOTFOUND: there is none; BK_ESTATE:
 * its making was cut short (bk_cad_make makes it anew); BK_ECORRUPT: it has lost a file;
 * BK_EDENIED: others may read the folder. `why` gets a sentence on failure, here and below.
 */
enum bk_err bk_cad_check(const char *folder, char *why, size_t size) BK_MUST_CHECK;
/* A new CA in the folder, which is made when missing. BK_EEXISTS: it holds one already;
 * BK_ECORRUPT: it has lost a file of one, which a new one would hide; BK_EBUSY. */
enum bk_err bk_cad_make(const struct bk_cad_options *options, char *why, size_t size) BK_MUST_CHECK;
/* Opens a folder with a whole CA; another one is refused and left as it is. BK_EBUSY: another
 * process serves this folder; the rest as bk_cad_check. */
enum bk_err bk_cad_open(const struct bk_cad_options *options, struct bk_cad **cad, char *why,
                        size_t size) BK_MUST_CHECK;
void bk_cad_close(struct bk_cad **cad);
/* Where further frames of a request come from, into an empty buffer. */
struct bk_cad_frames {
    enum bk_err (*next)(void *context, struct bk_buf *frame);
    void *context;
};
/* Answers one request (docs in cad_wire.h); frames are without their length. Several threads may at
 * once. */
enum bk_err bk_cad_answer(struct bk_cad *cad, const struct bk_buf *request,
                          const struct bk_cad_frames *more, struct bk_buf *answer) BK_MUST_CHECK;
struct bk_cad_serving {
    const char *socket;
    int watch_fd;    /* -1: none */
    bool for_client; /* the platform has a user of its own: */
    unsigned client; /* its number; the socket is its group's, too */
    const volatile int *stop;
};
/* Serves at the socket until *stop is set or watch_fd is at its end. Only processes of the same
 * user, of the client's, and of root are answered. */
enum bk_err bk_cad_serve(struct bk_cad *cad, const struct bk_cad_serving *serving) BK_MUST_CHECK;

#endif
