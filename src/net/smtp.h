/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One message to a mail server over libcurl: STARTTLS (smtp://) or TLS from the first byte
 * (smtps://), with the server's identity checked; without TLS only to loopback, and only when that
 * is asked for.
 */
#ifndef BK_NET_SMTP_H
#define BK_NET_SMTP_H

#include <stdbool.h>

#include "base/buf.h"

struct bk_smtp_options {
    const char *url;             /* smtp://host[:port], smtps://host[:port] */
    const char *ca_file;         /* PEM; NULL: the system's */
    const char *user, *password; /* NULL: no log-in */
    bool plain;                  /* no TLS: loopback addresses only */
};

/* message: whole, with its headers, lines ended by CR LF. BK_EINVAL: the URL isn't as said;
 * BK_EREFUSED: the server says no for good to the message or whom it is for, BK_EDENIED: to us;
 * BK_ERESET: it was given all of it and said nothing, so it may have it; BK_ETLS, BK_ENET,
 * BK_ETIMEOUT: as bk_http_do. */
enum bk_err bk_smtp_send(const struct bk_smtp_options *options, const char *from, const char *to,
                         const void *message, size_t len) BK_MUST_CHECK;

#endif
