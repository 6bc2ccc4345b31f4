/* SPDX-License-Identifier: Apache-2.0 */
/* The platform put together from its folder and its configuration. */
#ifndef BK_SERVER_PLATFORM_H
#define BK_SERVER_PLATFORM_H

#include "server/app.h"

struct bk_platform_options {
    const char *data;    /* folder */
    bool create;         /* a new platform: it must hold none yet, and is made when missing */
    const char *config;  /* file; NULL: none */
    const char *listen;  /* over the configuration; NULL */
    /* over the configuration; NULL */
    const char *sms_url, *pay_url, *identity_url, *invoice_url;
    bool embedded_sim;
};

struct bk_platform;

/*
 * Everything but the network: store, stored secrets, policy, the way to the CA. `create` has bjca-cad
 * make the CA, unless the configuration names the socket of another one. `why` gets a sentence on
 * failure. BK_ENOTFOUND: the folder holds no platform, or has lost secrets/keys or its CA;
 * BK_EEXISTS: `create`, and it holds one; of the CA as bk_cad_check.
 */
enum bk_err bk_platform_open(const struct bk_platform_options *options,
                             struct bk_platform **platform, char *why, size_t size) BK_MUST_CHECK;
void bk_platform_close(struct bk_platform **platform);
struct bk_app *bk_platform_app(struct bk_platform *platform);

/* Starts serving; writes DATA/address. Then stop. */
enum bk_err bk_platform_start(struct bk_platform *platform, char *why, size_t size) BK_MUST_CHECK;
void bk_platform_stop(struct bk_platform *platform);

#endif
