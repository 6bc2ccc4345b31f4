/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How an answer gets to libmicrohttpd. What it can't read on (a length that isn't one, broken
 * chunks, another version of HTTP, ...) it refuses by itself, with a page of its own, and has no
 * option for another. But it queues that page by MHD_queue_response, as a program does; and where a
 * program defines a function that a shared library has, too, the library calls the program's. Ours
 * sends the server's own refusal and ends the connection before the page is queued, which then
 * comes to nothing. (In the refusal's place the page can't go: of a head that it has read to its
 * end the library writes the answer's head twice.)
 */
#ifndef BK_SERVER_QUEUE_H
#define BK_SERVER_QUEUE_H

#include <microhttpd.h>

#include "base/buf.h"

/* What the library's MHD_queue_response does. */
enum MHD_Result bk_queue(struct MHD_Connection *connection, unsigned status,
                         struct MHD_Response *response);
/* An answer as it is sent. */
enum bk_err bk_answer_text(struct MHD_Response *response, unsigned status,
                           const struct bk_buf *body, struct bk_buf *text) BK_MUST_CHECK;

/* The text of the refusal that is sent in place of the library's with this status; none where the
 * connection isn't of a bk_httpd. */
enum bk_err bk_httpd_refuse(struct MHD_Connection *connection, unsigned status,
                            struct bk_buf *text) BK_MUST_CHECK;

#endif
