/* SPDX-License-Identifier: Apache-2.0 */
#include "net/smtp.h"

#include <pthread.h>
#include <string.h>

#include <curl/curl.h>

#define CONNECT_MS 10000L
#define TOTAL_MS 60000L

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;
static CURLcode curl_ready = CURLE_FAILED_INIT;

static void curl_start(void)
{
    curl_ready = curl_global_init(CURL_GLOBAL_DEFAULT);
}

static bool is_loopback(const char *url)
{
    static const char *const hosts[] = {"smtp://127.0.0.1", "smtp://[::1]", "smtp://localhost"};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        size_t len = strlen(hosts[i]);
        if (strncmp(url, hosts[i], len) == 0 && (!url[len] || url[len] == ':' || url[len] == '/'))
            return true;
    }
    return false;
}

static size_t give(char *to, size_t size, size_t count, void *context)
{
    struct bk_rd *rd = context;
    size_t n = size * count < rd->left ? size * count : rd->left;
    memcpy(to, rd->at, n);
    rd->at += n;
    rd->left -= n;
    return n;
}

static enum bk_err map(CURL *curl, CURLcode rc)
{
    long code = 0;
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
    switch (rc) {
    case CURLE_OK:
        return BK_OK;
    case CURLE_OUT_OF_MEMORY:
        return BK_ENOMEM;
    case CURLE_OPERATION_TIMEDOUT:
        return BK_ETIMEOUT;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_USE_SSL_FAILED:
        return BK_ETLS;
    case CURLE_URL_MALFORMAT:
        return BK_EINVAL;
    default:
        return code >= 500 && code < 600 ? BK_EREFUSED : BK_ENET;
    }
}

static enum bk_err set_up(CURL *c, const struct bk_smtp_options *o, const char *from,
                          struct curl_slist *to, struct bk_rd *rd)
{
    CURLcode bad = CURLE_OK;
#define SET(option, value)                                                                         \
    do {                                                                                           \
        CURLcode rc_ = curl_easy_setopt(c, option, value);                                         \
        if (bad == CURLE_OK)                                                                       \
            bad = rc_;                                                                             \
    } while (0)
    SET(CURLOPT_URL, o->url);
    SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    SET(CURLOPT_USE_SSL, o->plain ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    if (o->ca_file)
        SET(CURLOPT_CAINFO, o->ca_file);
    if (o->user && o->password) {
        SET(CURLOPT_USERNAME, o->user);
        SET(CURLOPT_PASSWORD, o->password);
    }
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    SET(CURLOPT_TIMEOUT_MS, TOTAL_MS);
    SET(CURLOPT_MAIL_FROM, from);
    SET(CURLOPT_MAIL_RCPT, to);
    SET(CURLOPT_UPLOAD, 1L);
    SET(CURLOPT_READFUNCTION, give);
    SET(CURLOPT_READDATA, rd);
#undef SET
    return bad == CURLE_OK ? BK_OK : bad == CURLE_OUT_OF_MEMORY ? BK_ENOMEM : BK_EINVAL;
}

enum bk_err bk_smtp_send(const struct bk_smtp_options *o, const char *from, const char *to,
                         const void *message, size_t len)
{
    struct bk_rd rd = bk_rd(message, len);
    bool smtps = strncmp(o->url, "smtps://", 8) == 0;
    if ((!smtps && strncmp(o->url, "smtp://", 7) != 0) || (o->plain && !is_loopback(o->url)))
        return BK_EINVAL;
    (void)pthread_once(&curl_once, curl_start);
    CURL *curl = curl_ready == CURLE_OK ? curl_easy_init() : NULL;
    struct curl_slist *rcpt = curl_slist_append(NULL, to);
    enum bk_err err = curl && rcpt ? set_up(curl, o, from, rcpt, &rd) : BK_ENOMEM;
    if (err == BK_OK)
        err = map(curl, curl_easy_perform(curl));
    curl_slist_free_all(rcpt);
    curl_easy_cleanup(curl);
    return err;
}
