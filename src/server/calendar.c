/* SPDX-License-Identifier: Apache-2.0 */
#include "server/calendar.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define CHINA_MS (INT64_C(8) * 3600 * 1000)
#define FIRST_YEAR 2000
#define YEARS 200
#define FILE_MAX ((size_t)64 * 1024)
#define ROWS_MAX 2000u /* nobody's list of holidays is longer */

struct row {
    int64_t from, to; /* days since 1970 */
    bool works;
};

struct bk_calendar {
    bool known[YEARS];
    struct row rows[ROWS_MAX];
    size_t count;
};

/* Days are counted in China. */
static int64_t day_of(int64_t ms)
{
    int64_t local = ms + CHINA_MS;
    return local >= 0 ? local / DAY_MS : (local + 1) / DAY_MS - 1;
}

static int year_of(int64_t day)
{
    time_t seconds = (time_t)(day * 86400);
    struct tm tm;
    return gmtime_r(&seconds, &tm) ? tm.tm_year + 1900 : 0;
}

static bool read_number(const char *text, size_t len, int *value)
{
    *value = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *value = *value * 10 + (text[i] - '0');
    }
    return true;
}

static bool read_day(const char *text, int64_t *day)
{
    int year = 0, month = 0, date = 0;
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' || !read_number(text, 4, &year) ||
        !read_number(text + 5, 2, &month) || !read_number(text + 8, 2, &date))
        return false;
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = date}, again;
    time_t seconds = timegm(&tm);
    /* 30 February would become 1 or 2 March */
    if (!gmtime_r(&seconds, &again) || again.tm_mon != month - 1 || again.tm_mday != date)
        return false;
    *day = (int64_t)seconds / 86400;
    return true;
}

static bool knows_year(const struct bk_calendar *c, int year)
{
    return c && year >= FIRST_YEAR && year < FIRST_YEAR + YEARS && c->known[year - FIRST_YEAR];
}

static bool is_known(const struct bk_calendar *c, int64_t day)
{
    return knows_year(c, year_of(day));
}

/* The days of a row are of years that were named before. */
static bool add_row(struct bk_calendar *c, const char *from, const char *to, bool works)
{
    struct row row = {.works = works};
    if (c->count == ROWS_MAX || !read_day(from, &row.from) || !read_day(to, &row.to) ||
        row.to < row.from || row.to - row.from > 31 || !is_known(c, row.from) ||
        !is_known(c, row.to))
        return false;
    c->rows[c->count++] = row;
    return true;
}

/* A line without its end; the words are cut out of it. */
static bool read_line(struct bk_calendar *c, char *line)
{
    char *words[4] = {NULL}, *at = NULL;
    size_t n = 0;
    int year = 0;
    for (char *word = strtok_r(line, " \t\r", &at); word; word = strtok_r(NULL, " \t\r", &at)) {
        if (n == 0 && *word == '#')
            break;
        if (n == 3)
            return false;
        words[n++] = word;
    }
    if (!n)
        return true;
    if (n == 2 && strcmp(words[0], "year") == 0) {
        if (strlen(words[1]) != 4 || !read_number(words[1], 4, &year) || year < FIRST_YEAR ||
            year >= FIRST_YEAR + YEARS)
            return false;
        c->known[year - FIRST_YEAR] = true;
        return true;
    }
    if (n == 3 && strcmp(words[0], "holiday") == 0)
        return add_row(c, words[1], words[2], false);
    return n == 2 && strcmp(words[0], "workday") == 0 && add_row(c, words[1], words[1], true);
}

enum bk_err bk_calendar_parse(const char *text, size_t len, struct bk_calendar **calendar,
                              unsigned *line)
{
    struct bk_calendar *c = calloc(1, sizeof *c);
    char copy[256];
    enum bk_err err = c ? BK_OK : BK_ENOMEM;
    *calendar = NULL;
    *line = 0;
    for (size_t at = 0; err == BK_OK && at < len;) {
        const char *end = memchr(text + at, '\n', len - at);
        size_t n = end ? (size_t)(end - text) - at : len - at;
        (*line)++;
        if (n >= sizeof copy || memchr(text + at, 0, n)) {
            err = BK_EFORMAT;
            break;
        }
        memcpy(copy, text + at, n);
        copy[n] = 0;
        err = read_line(c, copy) ? BK_OK : BK_EFORMAT;
        at += n + 1;
    }
    if (err == BK_OK)
        *calendar = c;
    else
        free(c);
    return err;
}

/* Beside the running program, else where it was installed. */
static void default_path(char path[PATH_MAX])
{
    char self[PATH_MAX - 16];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = 0;
    char *slash = strrchr(self, '/');
    if (slash)
        *slash = 0;
    (void)snprintf(path, PATH_MAX, "%s/workdays", self);
    if (access(path, R_OK) != 0)
        (void)snprintf(path, PATH_MAX, "%s", PKGDATADIR "/workdays");
}

enum bk_err bk_calendar_open(const char *path, struct bk_calendar **calendar, unsigned *line)
{
    char otherwise[PATH_MAX];
    struct bk_buf text = BK_BUF_INIT;
    *calendar = NULL;
    *line = 0;
    if (!path) {
        default_path(otherwise);
        path = otherwise;
    }
    enum bk_err err = bk_file_read(path, FILE_MAX, &text);
    if (err == BK_OK)
        err = bk_calendar_parse((const char *)text.data, text.len, calendar, line);
    bk_buf_free(&text);
    return err;
}

void bk_calendar_free(struct bk_calendar **calendar)
{
    free(*calendar);
    *calendar = NULL;
}

int64_t bk_calendar_until(const struct bk_calendar *calendar, int64_t at_ms)
{
    int this_year = year_of(day_of(at_ms)), year = this_year;
    while (knows_year(calendar, year))
        year++;
    struct tm tm = {.tm_year = year - 1900, .tm_mday = 1};
    return year == this_year ? 0 : (int64_t)timegm(&tm) * 1000 - CHINA_MS;
}

static bool works(const struct bk_calendar *c, int64_t day, bool *guessed)
{
    int64_t weekday = ((day + 3) % 7 + 7) % 7; /* Monday is 0; 1 January 1970 was a Thursday */
    *guessed = *guessed || !is_known(c, day);
    for (size_t i = 0; c && i < c->count; i++)
        if (day >= c->rows[i].from && day <= c->rows[i].to)
            return c->rows[i].works;
    return weekday < 5;
}

bool bk_calendar_works(const struct bk_calendar *calendar, int64_t at_ms, bool *guessed)
{
    *guessed = false;
    return works(calendar, day_of(at_ms), guessed);
}

int64_t bk_calendar_due(const struct bk_calendar *calendar, int64_t from_ms, int64_t days,
                        bool *guessed)
{
    int64_t day = day_of(from_ms), clock = from_ms + CHINA_MS - day * DAY_MS;
    *guessed = false;
    if (!works(calendar, day, guessed)) {
        clock = 0;
        while (!works(calendar, ++day, guessed))
            continue;
    }
    for (int64_t i = 0; i < days; i++)
        while (!works(calendar, ++day, guessed))
            continue;
    return day * DAY_MS + clock - CHINA_MS;
}
