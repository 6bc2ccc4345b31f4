/* SPDX-License-Identifier: Apache-2.0 */
#include "net/smtp.h"

#include <pthread.h>
#include <string.h>

#include <curl/curl.h>

#include "base/clock.h"

#define CONNECT_MS 10000L
#define TOTAL_MS 50000L /* somebody else has the message after a minute */
#define FAREWELL_MS 2000

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

struct talk {
    struct bk_rd rd;
    bool addressed; /* the server was told who the message is for */
    bool asked_for; /* it has asked for the message, and said nothing since */
    int64_t end;    /* when we leave, by bk_clock_ms */
};

static size_t give(char *to, size_t size, size_t count, void *context)
{
    struct bk_rd *rd = &((struct talk *)context)->rd;
    size_t n = size * count < rd->left ? size * count : rd->left;
    memcpy(to, rd->at, n);
    rd->at += n;
    rd->left -= n;
    return n;
}

static int watch(CURL *curl, curl_infotype type, char *data, size_t size, void *context)
{
    struct talk *talk = context;
    (void)curl;
    if (size < 4)
        return 0;
    if (type == CURLINFO_HEADER_IN && data[3] == ' ')
        talk->asked_for = memcmp(data, "354", 3) == 0;
    if (type != CURLINFO_HEADER_OUT)
        return 0;
    talk->addressed |= memcmp(data, "RCPT", 4) == 0;
    if (memcmp(data, "QUIT", 4) == 0 && talk->end > bk_clock_ms() + FAREWELL_MS)
        talk->end = bk_clock_ms() + FAREWELL_MS;
    return 0;
}

/* libcurl's own time-out is none for an answer that has no end, once the message was given or at
 * the farewell. */
static int is_over(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct talk *talk = context;
    (void)a, (void)b, (void)c, (void)d;
    return bk_clock_ms() >= talk->end;
}

/* Who says no before it knows who the message is for won't have us, whatever the message. */
static enum bk_err map(CURL *curl, CURLcode rc, const struct talk *talk)
{
    long code = 0;
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
    if (rc != CURLE_OK && rc != CURLE_SEND_ERROR && talk->asked_for && !talk->rd.left)
        return BK_ERESET;
    switch (rc) {
    case CURLE_OK:
        return BK_OK;
    case CURLE_OUT_OF_MEMORY:
        return BK_ENOMEM;
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_ABORTED_BY_CALLBACK: /* is_over */
        return BK_ETIMEOUT;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_USE_SSL_FAILED:
        return BK_ETLS;
    case CURLE_URL_MALFORMAT:
        return BK_EINVAL;
    default:
        return code < 500 || code >= 600 ? BK_ENET : talk->addressed ? BK_EREFUSED : BK_EDENIED;
    }
}

static enum bk_err set_up(CURL *c, const struct bk_smtp_options *o, const char *from,
                          struct curl_slist *to, struct talk *talk)
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
    SET(CURLOPT_READDATA, talk);
    SET(CURLOPT_VERBOSE, 1L); /* to `watch` alone */
    SET(CURLOPT_DEBUGFUNCTION, watch);
    SET(CURLOPT_DEBUGDATA, talk);
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_XFERINFOFUNCTION, is_over);
    SET(CURLOPT_XFERINFODATA, talk);
    SET(CURLOPT_FORBID_REUSE, 1L); /* so that the farewell is within all of this */
#undef SET
    return bad == CURLE_OK ? BK_OK : bad == CURLE_OUT_OF_MEMORY ? BK_ENOMEM : BK_EINVAL;
}

enum bk_err bk_smtp_send(const struct bk_smtp_options *o, const char *from, const char *to,
                         const void *message, size_t len)
{
    struct talk talk = {.rd = bk_rd(message, len), .end = bk_clock_ms() + TOTAL_MS};
    bool smtps = strncmp(o->url, "smtps://", 8) == 0;
    if ((!smtps && strncmp(o->url, "smtp://", 7) != 0) || (o->plain && !is_loopback(o->url)))
        return BK_EINVAL;
    (void)pthread_once(&curl_once, curl_start);
    CURL *curl = curl_ready == CURLE_OK ? curl_easy_init() : NULL;
    struct curl_slist *rcpt = curl_slist_append(NULL, to);
    enum bk_err err = curl && rcpt ? set_up(curl, o, from, rcpt, &talk) : BK_ENOMEM;
    if (err == BK_OK)
        err = map(curl, curl_easy_perform(curl), &talk);
    curl_slist_free_all(rcpt);
    curl_easy_cleanup(curl);
    return err;
}
