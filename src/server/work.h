/* SPDX-License-Identifier: Apache-2.0 */
/* What the outbox's worker does, and the outside services it needs. */
#ifndef BK_SERVER_WORK_H
#define BK_SERVER_WORK_H

#include "server/app.h"

struct bk_work_options {
    struct bk_app *app;
    const struct bk_config *config;
    const char *data;              /* the platform's folder */
    /* over the configuration; NULL */
    const char *sms_url, *pay_url, *identity_url, *invoice_url;
};

/* Makes the services of app as far as they are configured, and starts app->outbox. */
enum bk_err bk_work_start(const struct bk_work_options *options, char *why,
                          size_t size) BK_MUST_CHECK;
void bk_work_stop(struct bk_app *app);

#endif
