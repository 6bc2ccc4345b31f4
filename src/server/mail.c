/* SPDX-License-Identifier: Apache-2.0 */
#include "server/mail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/codec.h"
#include "base/secret.h"
#include "server/numbers.h"

#define WORD 36u /* bytes in one encoded word: 48 characters of base64 */
#define LINE 57u /* bytes in a line of base64: 76 characters */

struct bk_mail {
    struct bk_smtp_options smtp;
    char *texts[6]; /* url, ca_file, user, password, from, name */
};
enum { URL, CA, USER, PASSWORD, FROM, NAME };

enum bk_err bk_mail_new(const struct bk_mail_options *o, struct bk_mail **mail)
{
    const char *const given[] = {o->smtp.url,      o->smtp.ca_file, o->smtp.user,
                                 o->smtp.password, o->from,         o->name};
    struct bk_mail *m = calloc(1, sizeof *m);
    enum bk_err err = m ? BK_OK : BK_ENOMEM;
    *mail = NULL;
    for (size_t i = 0; err == BK_OK && i < sizeof given / sizeof *given; i++) {
        m->texts[i] = given[i] ? strdup(given[i]) : NULL;
        err = given[i] && !m->texts[i] ? BK_ENOMEM : BK_OK;
    }
    if (err == BK_OK && !bk_email_valid(o->from))
        err = BK_EINVAL;
    if (err != BK_OK) {
        bk_mail_free(&m);
        return err;
    }
    m->smtp = (struct bk_smtp_options){.url = m->texts[URL],
                                       .ca_file = m->texts[CA],
                                       .user = m->texts[USER],
                                       .password = m->texts[PASSWORD],
                                       .plain = o->smtp.plain};
    *mail = m;
    return BK_OK;
}

void bk_mail_free(struct bk_mail **mail)
{
    struct bk_mail *m = *mail;
    if (!m)
        return;
    if (m->texts[PASSWORD])
        bk_wipe(m->texts[PASSWORD], strlen(m->texts[PASSWORD]));
    for (size_t i = 0; i < sizeof m->texts / sizeof *m->texts; i++)
        free(m->texts[i]);
    free(m);
    *mail = NULL;
}

/* As encoded words (RFC 2047), which a line end and a space stand between; none cuts a character.
 */
static enum bk_err put_words(const char *text, struct bk_buf *out)
{
    size_t left = strlen(text);
    enum bk_err err = BK_OK;
    for (bool first = true; err == BK_OK && (left || first); first = false) {
        size_t n = bk_utf8_cut(text, left, WORD);
        err = bk_buf_put_str(out, first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
        if (err == BK_OK)
            err = bk_base64_encode(text, n, out);
        if (err == BK_OK)
            err = bk_buf_put_str(out, "?=");
        text += n;
        left -= n;
    }
    return err;
}

static enum bk_err put_base64(const void *data, size_t len, struct bk_buf *out)
{
    enum bk_err err = BK_OK;
    for (size_t at = 0; err == BK_OK && at < len; at += LINE) {
        err = bk_base64_encode((const uint8_t *)data + at, len - at < LINE ? len - at : LINE, out);
        if (err == BK_OK)
            err = bk_buf_put_str(out, "\r\n");
    }
    return err;
}

static enum bk_err put_headers(const struct bk_mail *mail, const struct bk_mail_message *m,
                               struct bk_buf *out)
{
    char date[64];
    time_t t = (time_t)(m->at / 1000) + 8 * 3600; /* China's clock */
    struct tm tm;
    if (!gmtime_r(&t, &tm))
        return BK_EINVAL;
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    (void)snprintf(date, sizeof date, "%s, %d %s %d %02d:%02d:%02d +0800", days[tm.tm_wday],
                   tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
                   tm.tm_sec);
    enum bk_err err = bk_buf_put_str(out, "From: ");
    if (err == BK_OK)
        err = put_words(mail->texts[NAME] ? mail->texts[NAME] : "", out);
    if (err == BK_OK)
        err = bk_buf_printf(out,
                            " <%s>\r\nTo: <%s>\r\nDate: %s\r\nMessage-ID: <%s%s>\r\n"
                            "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nSubject: ",
                            mail->texts[FROM], m->to, date, m->id, strchr(mail->texts[FROM], '@'));
    if (err == BK_OK)
        err = put_words(m->subject, out);
    return err == BK_OK ? bk_buf_put_str(out, "\r\n") : err;
}

static enum bk_err put_text(const struct bk_mail_message *m, struct bk_buf *out)
{
    enum bk_err err = bk_buf_put_str(out, "Content-Type: text/plain; charset=utf-8\r\n"
                                          "Content-Transfer-Encoding: base64\r\n\r\n");
    return err == BK_OK ? put_base64(m->text, strlen(m->text), out) : err;
}

static enum bk_err put_file(const struct bk_mail_message *m, const struct bk_mail_file *f,
                            struct bk_buf *out)
{
    enum bk_err err =
        bk_buf_printf(out,
                      "--=_%s\r\nContent-Type: %s\r\nContent-Transfer-Encoding: base64\r\n"
                      "Content-Disposition: attachment; filename=\"%s\"\r\n\r\n",
                      m->id, f->type, f->name);
    return err == BK_OK ? put_base64(f->data, f->len, out) : err;
}

enum bk_err bk_mail_write(const struct bk_mail *mail, const struct bk_mail_message *m,
                          struct bk_buf *out)
{
    enum bk_err err = bk_email_valid(m->to) ? put_headers(mail, m, out) : BK_EINVAL;
    if (err != BK_OK || !m->file_count)
        return err == BK_OK ? put_text(m, out) : err;
    /* "=_" stands in no base64 */
    err = bk_buf_printf(out, "Content-Type: multipart/mixed; boundary=\"=_%s\"\r\n\r\n--=_%s\r\n",
                        m->id, m->id);
    if (err == BK_OK)
        err = put_text(m, out);
    for (size_t i = 0; err == BK_OK && i < m->file_count; i++)
        err = put_file(m, &m->files[i], out);
    return err == BK_OK ? bk_buf_printf(out, "--=_%s--\r\n", m->id) : err;
}

enum bk_err bk_mail_send(struct bk_mail *mail, const struct bk_mail_message *m)
{
    struct bk_buf text = BK_BUF_INIT;
    enum bk_err err = bk_mail_write(mail, m, &text);
    if (err == BK_OK)
        err = bk_smtp_send(&mail->smtp, mail->texts[FROM], m->to, text.data, text.len);
    bk_buf_free(&text);
    return err;
}
