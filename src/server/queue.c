/* SPDX-License-Identifier: Apache-2.0 */
#include "server/queue.h"

#include <dlfcn.h>
#include <pthread.h>
#include <sys/socket.h>

#include <gnutls/gnutls.h>

typedef enum MHD_Result queue_fn(struct MHD_Connection *connection, unsigned status,
                                 struct MHD_Response *response);

static queue_fn *queue;

static void find(void)
{
    *(void **)(void *)&queue = dlsym(RTLD_NEXT, "MHD_queue_response");
}

enum MHD_Result bk_queue(struct MHD_Connection *connection, unsigned status,
                         struct MHD_Response *response)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, find);
    return queue ? queue(connection, status, response) : MHD_NO;
}

static enum MHD_Result put_header(void *context, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    (void)kind;
    return bk_buf_printf(context, "%s: %s\r\n", name, value) == BK_OK ? MHD_YES : MHD_NO;
}

enum bk_err bk_answer_text(struct MHD_Response *response, unsigned status,
                           const struct bk_buf *body, struct bk_buf *text)
{
    enum bk_err err =
        bk_buf_printf(text, "HTTP/1.1 %u %s\r\n", status, MHD_get_reason_phrase_for(status));
    if (err == BK_OK)
        (void)MHD_get_response_headers(response, put_header, text);
    if (err == BK_OK)
        err = bk_buf_printf(text, "Content-Length: %zu\r\n\r\n", body->len);
    return err == BK_OK ? bk_buf_put(text, body->data, body->len) : err;
}

/* At once or not at all: it fits where the answers before it have gone from. */
static void send_last(struct MHD_Connection *connection, const struct bk_buf *text)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (info && info->tls_session) {
        (void)gnutls_record_send(info->tls_session, text->data, text->len);
        (void)gnutls_bye(info->tls_session, GNUTLS_SHUT_WR);
        return;
    }
    info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info) {
        (void)send(info->connect_fd, text->data, text->len, MSG_NOSIGNAL | MSG_DONTWAIT);
        (void)shutdown(info->connect_fd, SHUT_WR);
    }
}

__attribute__((visibility("default"))) enum MHD_Result
MHD_queue_response(struct MHD_Connection *connection, unsigned status,
                   struct MHD_Response *response)
{
    struct bk_buf text = BK_BUF_INIT;
    if (bk_httpd_refuse(connection, status, &text) == BK_OK && text.len)
        send_last(connection, &text);
    bk_buf_free(&text);
    return bk_queue(connection, status, response);
}
