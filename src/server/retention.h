/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long what customers told of persons is kept: documents and the details of an application. Of
 * an order that ended without a certificate for policy.abandoned_ms from its end; of one with a
 * certificate for policy.issued_ms from the certificate's end, the files of its invoice as well.
 * What the outbox has done goes after policy.finished_ms, and whence unlocks were asked for.
 * What stays is the order, its organisation and what was done for it.
 */
#ifndef BK_SERVER_RETENTION_H
#define BK_SERVER_RETENTION_H

#include "server/app.h"

/* What is over now goes, order by order; the outbox drops the files. */
enum bk_err bk_retention_clean(struct bk_app *app, int64_t now) BK_MUST_CHECK;

#endif
