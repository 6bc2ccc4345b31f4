/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The invoice service (电子发票): asked to issue one, it says so later by a signed notice that
 * names where the files are. Vendors differ; what is spoken here is in docs/formats.md clause 11.
 */
#ifndef BK_SERVER_INVOICE_H
#define BK_SERVER_INVOICE_H

#include <stdbool.h>

#include "net/json.h"

struct bk_invoice;

struct bk_invoice_options {
    const char *url;
    const char *ca_file; /* NULL: the system's */
    const char *key_id, *secret;
    const char *tax_code, *tax_rate; /* of what is sold: 税收分类编码, "0.06" */
    const char *notify_url;
};

enum bk_err bk_invoice_new(const struct bk_invoice_options *options,
                           struct bk_invoice **invoice) BK_MUST_CHECK;
void bk_invoice_free(struct bk_invoice **invoice);

struct bk_invoice_ask {
    const char *id; /* the same for a request that is sent again */
    bool special;
    const char *company, *org_code, *address, *phone, *bank, *account; /* of the buyer */
    const char *what;                                                  /* the line's text */
    int64_t amount_fen;
};
/* BK_OK: it will be issued, or not, and a notice says which. A NULL invoice is BK_EUNSUPPORTED. */
enum bk_err bk_invoice_issue(struct bk_invoice *invoice,
                             const struct bk_invoice_ask *ask) BK_MUST_CHECK;

#define BK_INVOICE_FILES 3u
#define BK_INVOICE_PATH 256u
/* "pdf", "ofd", "xml", in this order */
extern const char *const bk_invoice_kinds[BK_INVOICE_FILES];

struct bk_invoice_notice {
    char id[65];
    bool issued;
    char number[21];                               /* 20 digits */
    char reason[256];                              /* when it wasn't */
    char paths[BK_INVOICE_FILES][BK_INVOICE_PATH]; /* at the service's own address */
};
/* The notice itself, whoever wrote it; BK_EFORMAT. */
enum bk_err bk_invoice_parse(const void *body, size_t len,
                             struct bk_invoice_notice *notice) BK_MUST_CHECK;
/* signature: hex of HMAC-SHA256 over timestamp (ms since 1970), a line end and the body.
 * BK_EVERIFY: not the service's, or not of these minutes. BK_EFORMAT. */
enum bk_err bk_invoice_read(const struct bk_invoice *invoice, const char *timestamp,
                            const char *signature, const void *body, size_t len, int64_t now,
                            struct bk_invoice_notice *notice) BK_MUST_CHECK;
/* What the notice says or would say, for one that is lost. BK_EBUSY: it is being issued.
 * BK_ENOTFOUND: the service wasn't asked for it. */
enum bk_err bk_invoice_query(struct bk_invoice *invoice, const char *id,
                             struct bk_invoice_notice *notice) BK_MUST_CHECK;
/* A file of an invoice, appended; BK_EFORMAT: it isn't of its kind. */
enum bk_err bk_invoice_fetch(struct bk_invoice *invoice, const char *path, unsigned kind,
                             struct bk_buf *out) BK_MUST_CHECK;

/* For both ends: 64 characters of hex with NUL. */
enum bk_err bk_invoice_sign(const char *secret, const char *timestamp, const void *body, size_t len,
                            char signature[65]) BK_MUST_CHECK;

#endif
